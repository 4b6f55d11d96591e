package io.rq.cron;

/**
 * What becomes of an occurrence of a {@link CronJob} whose last job has not ended: one
 * that waits, runs or is to be tried again.
 */
public enum OverlapPolicy {

	/** Another job is enqueued. */
	ALLOW,

	/** The occurrence is left out. */
	SKIP

}
