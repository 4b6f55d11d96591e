package io.rq.test.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
		return (store, jobs) -> {
			runs.get().runQueued(store, jobs);
			Map<String, Job> now = store.findAll(jobs.stream().map(Job::id).toList())
				.stream()
				.collect(Collectors.toMap(Job::id, Function.identity(), (one, same) -> one));
			return jobs.stream().map((job) -> now.getOrDefault(job.id(), job)).toList();
		};
	}

}
