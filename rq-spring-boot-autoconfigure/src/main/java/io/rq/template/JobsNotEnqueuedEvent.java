package io.rq.template;

import java.util.List;

import io.rq.job.Job;

/**
 * Published when jobs could not be enqueued although the transaction that asked for them
 * has committed, or may have. They are on record in the log too, and nowhere else.
 *
 * @param jobs the jobs
 * @param cause what was in the way
 */
public record JobsNotEnqueuedEvent(List<Job> jobs, RuntimeException cause) {

	/**
	 * Makes the jobs unmodifiable.
	 */
	public JobsNotEnqueuedEvent {
		jobs = List.copyOf(jobs);
	}

}
