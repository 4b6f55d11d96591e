package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.ConnectionUtils;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Tells schedulers when a job has been scheduled that is due before all others of its
 * queue, or when a scheduler gives a lock back. A message that is missed costs at most
 * one polling interval.
 */
public class SchedulerWakeUps {

	private final RedisConnectionFactory connections;

	/**
	 * Creates the wake-ups. Nothing is subscribed yet.
	 * @param connections the connections to Redis
	 */
	public SchedulerWakeUps(RedisConnectionFactory connections) {
		this.connections = connections;
	}

	/**
	 * Subscribes. If the connection is lost and does not come back by itself, the
	 * listener is told so, and has to close the subscription and make another.
	 * @param listener who wants to be told
	 * @return the subscription, to be closed by the caller
	 */
	public Subscription subscribe(Listener listener) {
		LosingContainer container = new LosingContainer(this.connections, listener);
		container.setTaskExecutor(Runnable::run);
		container.setSubscriptionExecutor(new SimpleAsyncTaskExecutor("rq-scheduler-subscription-"));
		container.addMessageListener((message, pattern) -> tell(listener, message),
				List.of(new ChannelTopic(RqKeys.WAKE), new ChannelTopic(RqKeys.HANDOVER)));
		container.afterPropertiesSet();
		try {
			container.start();
		}
		catch (RuntimeException ex) {
			container.close();
			throw ex;
		}
		return container;
	}

	private static void tell(Listener listener, Message message) {
		String queue = new String(message.getBody(), StandardCharsets.UTF_8);
		if (RqKeys.HANDOVER.equals(new String(message.getChannel(), StandardCharsets.UTF_8))) {
			listener.lockGivenBack(queue);
		}
		else {
			listener.jobScheduled(queue);
		}
	}

	/**
	 * Ends with its subscription, and leaves it to its owner to subscribe again, who
	 * reports all trouble with Redis in the same way.
	 */
	private static final class LosingContainer extends RedisMessageListenerContainer implements Subscription {

		private final RedisConnectionFactory connections;

		private final Listener listener;

		private volatile boolean ended;

		LosingContainer(RedisConnectionFactory connections, Listener listener) {
			this.connections = connections;
			this.listener = listener;
			setConnectionFactory(connections);
		}

		@Override
		protected void handleSubscriptionException(CompletableFuture<@Nullable Void> subscribed,
				BackOffExecution backOff, Throwable failure) {
			boolean lost = subscribed.isDone() && isRunning();
			this.ended = true;
			// Jedis has given the connection back to its pool by now. Closing it would
			// write an UNSUBSCRIBE whose reply the next borrower takes for its own.
			if (ConnectionUtils.isAsync(this.connections)) {
				super.handleSubscriptionException(subscribed, backOff, failure);
			}
			subscribed.completeExceptionally(failure);
			if (lost) {
				this.listener.subscriptionLost();
			}
		}

		@Override
		public boolean isRunning() {
			return !this.ended && super.isRunning();
		}

		@Override
		public void close() {
			if (!this.ended) {
				stop();
			}
		}

	}

	/**
	 * Hears the wake-ups, on a thread of the connection: it must not block.
	 */
	public interface Listener {

		/**
		 * Called when a job has become the next one due of its queue.
		 * @param queue the queue's name
		 */
		void jobScheduled(String queue);

		/**
		 * Called when the scheduler of a queue has given its lock back.
		 * @param queue the queue's name
		 */
		default void lockGivenBack(String queue) {
		}

		/**
		 * Called when the connection was lost, so that nothing more will be heard.
		 */
		default void subscriptionLost() {
		}

	}

	/**
	 * What is heard until it is closed.
	 */
	public interface Subscription extends AutoCloseable {

		@Override
		void close();

	}

}
