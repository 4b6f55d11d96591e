package io.rq.scheduler;

/**
 * Something that a scheduler does for the queues it leads when the time for it has come.
 * Used by the scheduler's thread, except where a method says otherwise. What is wrong
 * with one queue is the duty's own concern: what it throws ends the round, for all
 * queues.
 */
public interface Duty {

	/**
	 * Does a bounded part of what there is to do now.
	 */
	void perform();

	/**
	 * Returns the time until {@link #perform()} has something to do.
	 * @return nanoseconds; endless if no queue is led
	 */
	long untilNext();

	/**
	 * Takes note that messages may have been missed: all queues are to be looked at. For
	 * any thread.
	 */
	void wakeAll();

	/**
	 * Takes leave, before the locks are given back.
	 */
	default void end() {
	}

}
