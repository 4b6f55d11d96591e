package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.connection.ConnectionUtils;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;

import io.rq.log.SafeLog;

/**
 * One subscription to channels, and to one more on which it hears itself, on a thread of
 * its own: Jedis reads on it, with Lettuce it only waits for the end.
 *
 * <p>
 * Jedis gives the connection of a subscription that has ended back to its pool by itself,
 * subscribed or not. So there must be exactly one UNSUBSCRIBE, while it is still being
 * read, and nothing else may end the reading: whoever borrows the connection next would
 * take what is meant for the subscription.
 */
final class ChannelSubscription implements Subscription, MessageListener, SubscriptionListener {

	private static final SafeLog log = SafeLog.of(ChannelSubscription.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final RedisConnectionFactory connections;

	private final String owner;

	private final Listener listener;

	/** The channel on which only this subscription listens. */
	private final String probe;

	private final byte[][] channels;

	/** Since when a message is expected, or 0 if none is. */
	private final AtomicLong expectedSince = new AtomicLong();

	private final Thread thread;

	private final AtomicInteger unconfirmed;

	private final CompletableFuture<@Nullable Void> subscribed = new CompletableFuture<>();

	private final CountDownLatch closing = new CountDownLatch(1);

	private @Nullable RedisConnection connection;

	/**
	 * Creates a subscription that is not open.
	 * @param calls the connections to Redis
	 * @param owner whose it is, for the log
	 * @param channels what is listened to
	 * @param probe the channel on which only this subscription listens
	 * @param listener who hears
	 */
	ChannelSubscription(RedisScripts calls, String owner, List<String> channels, String probe, Listener listener) {
		// who sends there is told how many listen on that node only
		this.connections = calls.server(channels.get(0)).connections();
		this.owner = owner;
		this.probe = probe;
		this.channels = Stream.concat(channels.stream(), Stream.of(probe))
			.map(ScriptArguments::bytes)
			.toArray(byte[][]::new);
		this.unconfirmed = new AtomicInteger(this.channels.length);
		this.listener = listener;
		this.thread = new Reader();
	}

	/**
	 * Returns when the subscription is confirmed.
	 * @throws ChannelForbiddenException if the user may not listen to the channels
	 */
	void open() {
		this.thread.start();
		try {
			this.subscribed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException failure)
					? ChannelForbiddenException.orElse(Replies.text(this.channels[0]), failure)
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
				try {
					log.debug("The subscription of {} was lost", this.owner, ex);
				}
				finally {
					this.listener.lost();
				}
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

	private void hear(RedisConnection current) {
		boolean async = ConnectionUtils.isAsync(this.connections);
		boolean usable = async;
		try {
			subscribe(current, async);
			usable = true;
			if (async) {
				awaitClosing();
			}
		}
		finally {
			release(current, usable, async);
		}
		if (!isClosing()) {
			throw new IllegalStateException("The subscription has ended");
		}
	}

	/** Lettuce confirms on another thread, perhaps before this one is interrupted. */
	private void subscribe(RedisConnection current, boolean async) {
		try {
			current.subscribe(this, this.channels);
		}
		catch (RuntimeException ex) {
			boolean confirmed = async && this.subscribed.isDone();
			if (!confirmed || !Thread.interrupted()) {
				throw ex;
			}
			log.debug("The subscription of {} goes on though it was interrupted", this.owner);
		}
	}

	/** Nobody but {@link #close()} ends a subscription that is well. */
	private void awaitClosing() {
		while (!isClosing()) {
			try {
				this.closing.await();
			}
			catch (InterruptedException ex) {
				log.debug("The subscription of {} goes on though it was interrupted", this.owner);
			}
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
			confirmed();
		}
	}

	/** Who opened it may have lost patience meanwhile. */
	private synchronized void confirmed() {
		this.subscribed.complete(null);
		if (isClosing()) {
			leave();
		}
	}

	/**
	 * Waits for {@link #unsubscribe()}, so that the connection is not in other hands
	 * before all of the command has left this one's.
	 */
	@Override
	public synchronized void onChannelUnsubscribed(byte[] channel, long count) {
		log.debug("{} has unsubscribed from one of {} channels", this.owner, this.channels.length);
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		String channel = new String(message.getChannel(), StandardCharsets.UTF_8);
		try {
			if (channel.equals(this.probe)) {
				this.expectedSince.set(0);
			}
			else {
				this.listener.heard(channel, new String(message.getBody(), StandardCharsets.UTF_8));
			}
		}
		catch (Throwable ex) {
			// would end the reading and leave the connection in disorder
			log.warn("A message to {} was not heeded", this.owner, ex);
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
		if (this.connection == null) {
			this.thread.interrupt();
		}
		else if (this.subscribed.isDone()) {
			leave();
		}
	}

	private void leave() {
		RedisConnection current = this.connection;
		if (current == null || ConnectionUtils.isAsync(this.connections)) {
			return;
		}
		org.springframework.data.redis.connection.Subscription subscription = current.getSubscription();
		if (subscription != null) {
			try {
				subscription.unsubscribe();
			}
			catch (RuntimeException ex) {
				log.debug("The subscription of {} was lost before it ended", this.owner, ex);
			}
		}
	}

	/**
	 * Does not tell Jedis of an interruption, for which it would stop reading.
	 */
	private final class Reader extends Thread {

		Reader() {
			super("rq-subscription-" + ChannelSubscription.this.owner);
			setDaemon(true);
		}

		@Override
		public boolean isInterrupted() {
			return false;
		}

		@Override
		public void run() {
			hear();
		}

	}

	/**
	 * Hears, on a thread of the connection: it must not block.
	 */
	interface Listener {

		/** Called with each message. */
		void heard(String channel, String message);

		/** Called when nothing more will be heard. */
		void lost();

	}

}
