package io.rq.redis;

import java.util.List;
import java.util.UUID;

/**
 * Tells schedulers when a job has been scheduled that is due before all others of its
 * queue, or when a scheduler gives a lock back. A message that is missed costs at most
 * one polling interval.
 */
public class SchedulerWakeUps {

	private final RedisScripts scripts;

	/**
	 * Creates the wake-ups. Nothing is subscribed yet.
	 * @param scripts the scripts on the connections to Redis
	 */
	public SchedulerWakeUps(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Subscribes. If the connection is lost and does not come back by itself, the
	 * listener is told so, and has to close the subscription and make another.
	 * @param listener who wants to be told
	 * @return the subscription, to be closed by the caller
	 * @throws ChannelForbiddenException if the user may not listen to the channels
	 * @throws org.springframework.dao.DataAccessException if Redis does not answer or
	 * refuses
	 */
	public Subscription subscribe(Listener listener) {
		KeyLayout layout = this.scripts.layout();
		ChannelSubscription subscription = new ChannelSubscription(this.scripts, "scheduler",
				List.of(layout.wake(), layout.handover()), layout.probe(UUID.randomUUID()),
				new ChannelSubscription.Listener() {

					@Override
					public void heard(String channel, String queue) {
						if (channel.equals(layout.handover())) {
							listener.lockGivenBack(queue);
						}
						else {
							listener.jobScheduled(queue);
						}
					}

					@Override
					public void lost() {
						listener.subscriptionLost();
					}

				});
		subscription.open();
		return subscription;
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

}
