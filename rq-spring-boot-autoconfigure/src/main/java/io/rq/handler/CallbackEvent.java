package io.rq.handler;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;

/**
 * The end of a run as callbacks are told of it.
 *
 * @param run the run; of a run whose worker is gone the id is an empty text
 * @param outcome how it ended: finished, failed for good, to be tried again, or stopped
 * @param result what the method returned, or {@code null}
 * @param failure why the attempt failed or was stopped, or {@code null} after a success
 */
public record CallbackEvent(RunInfo run, RunOutcome outcome, @Nullable Object result, @Nullable Throwable failure) {

	/**
	 * Returns the job.
	 * @return the job as it was when the run started
	 */
	public Job job() {
		return this.run.job();
	}

}
