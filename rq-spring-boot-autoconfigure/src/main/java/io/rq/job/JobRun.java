package io.rq.job;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a job's runs.
 *
 * @param workerName the worker of the last run, or {@code null} before the first
 * @param attempts how many attempts workers of this library have answered with another
 * @param numberOfRetries how often a returned {@link Retry} has been followed
 * @param reclaims how often the job was put back because its worker was gone
 */
public record JobRun(@Nullable String workerName, int attempts, int numberOfRetries, int reclaims) {

	/** No run yet. */
	public static final JobRun NONE = new JobRun(null, 0, 0, 0);

	/**
	 * Returns which attempt of the job a run is that begins now.
	 * @return its number, from 1
	 */
	public int attempt() {
		return 1 + this.attempts + this.reclaims;
	}

}
