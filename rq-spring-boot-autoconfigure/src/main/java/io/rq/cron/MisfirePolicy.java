package io.rq.cron;

/**
 * What becomes of occurrences of a {@link CronJob} that nobody could fire when they were
 * due, because no scheduler ran or Redis was away.
 */
public enum MisfirePolicy {

	/**
	 * They are left out, except the last one if it is not overdue for more than a minute.
	 */
	SKIP,

	/** The last one is fired, as soon as that is possible, for all of them. */
	ONCE,

	/** Each is fired, the oldest first. */
	ALL

}
