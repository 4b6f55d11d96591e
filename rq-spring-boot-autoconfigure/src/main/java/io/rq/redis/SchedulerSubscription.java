package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.ConnectionUtils;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;

import io.rq.lifecycle.SafeLog;

/**
 * One subscription to the wake-ups, on a thread of its own: Jedis reads on it, with
 * Lettuce it only waits for the end.
 *
 * <p>
 * Jedis gives the connection of a subscription that has ended back to its pool by itself.
 * So there must be exactly one UNSUBSCRIBE, while it is still being read: the reply to
 * another would be taken by whoever borrows the connection next.
 */
final class SchedulerSubscription implements SchedulerWakeUps.Subscription, MessageListener, SubscriptionListener {

	private static final SafeLog log = SafeLog.of(SchedulerSubscription.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final RedisConnectionFactory connections;

	private final SchedulerWakeUps.Listener listener;

	/** The channel on which only this subscription listens. */
	private final String probe;

	private final byte[] own;

	private final byte[] handover;

	private final byte[][] channels;

	/** Since when a message is expected, or 0 if none is. */
	private final AtomicLong expectedSince = new AtomicLong();

	private final Thread thread = new Thread(this::hear, "rq-scheduler-subscription");

	private final AtomicInteger unconfirmed;

	private final CompletableFuture<@Nullable Void> subscribed = new CompletableFuture<>();

	private final CountDownLatch closing = new CountDownLatch(1);

	private @Nullable RedisConnection connection;

	SchedulerSubscription(RedisScripts calls, SchedulerWakeUps.Listener listener) {
		this.connections = calls.connections();
		KeyLayout layout = calls.layout();
		this.probe = layout.probe(UUID.randomUUID());
		this.own = ScriptArguments.bytes(this.probe);
		this.handover = ScriptArguments.bytes(layout.handover());
		this.channels = new byte[][] { ScriptArguments.bytes(layout.wake()), this.handover, this.own };
		this.unconfirmed = new AtomicInteger(this.channels.length);
		this.listener = listener;
		this.thread.setDaemon(true);
	}

	/** Returns when the subscription is confirmed. */
	void open() {
		this.thread.start();
		try {
			this.subscribed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException failure) ? failure
					: new RedisSystemException("The subscription failed", ex.getCause());
		}
		catch (TimeoutException ex) {
			close();
			throw new QueryTimeoutException("Redis has not confirmed the subscription within " + PATIENCE, ex);
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			throw new RedisSystemException("Interrupted while subscribing", ex);
		}
	}

	private void hear() {
		try {
			RedisConnection current = connect();
			if (current != null) {
				hear(current);
			}
			this.subscribed.completeExceptionally(new IllegalStateException("Closed before it was open"));
		}
		catch (Throwable ex) {
			if (!this.subscribed.completeExceptionally(ex) && !isClosing()) {
				log.debug("The subscription of the scheduler was lost", ex);
				this.listener.subscriptionLost();
			}
		}
	}

	private @Nullable RedisConnection connect() {
		RedisConnection current = this.connections.getConnection();
		synchronized (this) {
			Thread.interrupted();
			if (!isClosing()) {
				this.connection = current;
				return current;
			}
		}
		current.close();
		return null;
	}

	private void hear(RedisConnection current) throws InterruptedException {
		boolean async = ConnectionUtils.isAsync(this.connections);
		boolean usable = async;
		try {
			current.subscribe(this, this.channels);
			usable = true;
			if (async) {
				this.closing.await();
			}
		}
		finally {
			release(current, usable, async);
		}
		if (!isClosing()) {
			throw new IllegalStateException("The subscription has ended");
		}
	}

	/** Lettuce may call back on another thread while it closes. */
	private void release(RedisConnection current, boolean usable, boolean async) {
		synchronized (this) {
			this.connection = null;
			if (usable && !async) {
				current.close();
			}
		}
		if (async) {
			current.close();
		}
	}

	@Override
	public String probe() {
		this.expectedSince.compareAndSet(0, System.nanoTime());
		return this.probe;
	}

	@Override
	public boolean isDeaf(Duration patience) {
		long since = this.expectedSince.get();
		return since != 0 && System.nanoTime() - since > patience.toNanos();
	}

	private boolean isClosing() {
		return this.closing.getCount() == 0;
	}

	@Override
	public void onChannelSubscribed(byte[] channel, long count) {
		if (this.unconfirmed.decrementAndGet() == 0) {
			this.subscribed.complete(null);
		}
	}

	/**
	 * Waits for {@link #unsubscribe()}, so that the connection is not in other hands
	 * before all of the command has left this one's.
	 */
	@Override
	public synchronized void onChannelUnsubscribed(byte[] channel, long count) {
		log.debug("The scheduler has unsubscribed from one of {} channels", this.channels.length);
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		try {
			if (Arrays.equals(message.getChannel(), this.own)) {
				this.expectedSince.set(0);
				return;
			}
			String queue = new String(message.getBody(), StandardCharsets.UTF_8);
			if (Arrays.equals(message.getChannel(), this.handover)) {
				this.listener.lockGivenBack(queue);
			}
			else {
				this.listener.jobScheduled(queue);
			}
		}
		catch (RuntimeException ex) {
			// would end the subscription and leave its connection in disorder
			log.warn("A wake-up of the scheduler was not heeded", ex);
		}
	}

	@Override
	public void close() {
		unsubscribe();
		try {
			this.thread.join(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized void unsubscribe() {
		if (isClosing()) {
			return;
		}
		this.closing.countDown();
		RedisConnection current = this.connection;
		if (current == null) {
			this.thread.interrupt();
		}
		else if (!ConnectionUtils.isAsync(this.connections) && this.subscribed.isDone()) {
			Subscription subscription = current.getSubscription();
			if (subscription != null) {
				try {
					subscription.unsubscribe();
				}
				catch (RuntimeException ex) {
					log.debug("The subscription of the scheduler was lost before it ended", ex);
				}
			}
		}
	}

}
