package io.rq.cron;

/**
 * What becomes of an occurrence of a {@link CronJob} whose last job has not ended: one
 * that waits, runs or is to be tried again.
 */
public enum OverlapPolicy {

	/** Another job is enqueued. */
	ALLOW,

	/** The occurrence is left out. */
	SKIP,

	/**
	 * The last job is cancelled, as by {@code JobOperations.cancel}, and another one
	 * enqueued. If it runs it is not interrupted: {@code JobContext.isCancelled()} is
	 * true from the next sign of life of its worker on, so both may run for a while.
	 */
	CANCEL

}
