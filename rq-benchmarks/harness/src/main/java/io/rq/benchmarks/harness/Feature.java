package io.rq.benchmarks.harness;

/**
 * What a system offers beside enqueueing one job and running it.
 */
public enum Feature {

	/**
	 * Many jobs in one call.
	 */
	BULK,

	/**
	 * A job that runs after a delay.
	 */
	SCHEDULE,

	/**
	 * A failed job that is run again after a delay.
	 */
	RETRY

}
