package io.rq.scheduler;

/**
 * Hears what a scheduler does. Implemented by metrics and by applications; called on the
 * scheduler's thread, between its looks at the queues: it should be quick. What it throws
 * is logged and changes nothing.
 */
public interface SchedulerListener {

	/**
	 * Called when due jobs have been moved to their queue.
	 * @param queue the queue's name
	 * @param jobs what was moved
	 */
	default void promoted(String queue, PromotedJobs jobs) {
	}

	/**
	 * Called when this scheduler begins or ceases to be the one that moves a queue's
	 * jobs.
	 * @param queue the queue's name
	 * @param leader whether it is the one now
	 */
	default void leadershipChanged(String queue, boolean leader) {
	}

}
