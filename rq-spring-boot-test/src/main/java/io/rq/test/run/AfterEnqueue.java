package io.rq.test.run;

import java.util.List;
import java.util.function.Supplier;

import io.rq.job.Job;
import io.rq.redis.JobStore;
import io.rq.worker.InlineRuns;

/**
 * What is done with jobs as soon as they are enqueued.
 */
@FunctionalInterface
public interface AfterEnqueue {

	/** They wait. */
	AfterEnqueue WAIT = (store, jobs) -> jobs;

	/**
	 * Does it.
	 * @param store the store that has the jobs
	 * @param jobs the jobs as stored
	 * @return the jobs as they are then, in the same order
	 */
	List<Job> apply(JobStore store, List<Job> jobs);

	/**
	 * They run before who enqueues them goes on.
	 * @param runs gives what runs them
	 * @return what does it
	 */
	static AfterEnqueue run(Supplier<InlineRuns> runs) {
		return (store, jobs) -> runs.get().runQueued(store, jobs);
	}

}
