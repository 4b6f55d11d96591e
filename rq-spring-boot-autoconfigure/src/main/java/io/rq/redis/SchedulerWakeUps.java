package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Hears when a job has been scheduled that is due before all others of its queue, or when
 * a scheduler gives its locks back. A message that is missed costs at most one polling
 * interval.
 */
public class SchedulerWakeUps implements AutoCloseable {

	private final RedisMessageListenerContainer container;

	private SchedulerWakeUps(RedisMessageListenerContainer container) {
		this.container = container;
	}

	/**
	 * Subscribes.
	 * @param connections the connections to Redis
	 * @param listener called with the queue's name, on a thread of the subscription
	 * @return the subscription, to be closed by the caller
	 */
	public static SchedulerWakeUps subscribe(RedisConnectionFactory connections, Consumer<String> listener) {
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(connections);
		container.afterPropertiesSet();
		container.addMessageListener(
				(message, pattern) -> listener.accept(new String(message.getBody(), StandardCharsets.UTF_8)),
				new ChannelTopic(RqKeys.WAKE));
		container.start();
		return new SchedulerWakeUps(container);
	}

	@Override
	public void close() {
		try {
			this.container.destroy();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Subscription to scheduler wake-ups could not be closed", ex);
		}
	}

}
