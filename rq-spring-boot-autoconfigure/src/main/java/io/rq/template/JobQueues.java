package io.rq.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.NewJob;
import io.rq.redis.JobStore;

/**
 * Puts jobs on queues and finds them again.
 */
public class JobQueues {

	private final JobStore store;

	private final SchedulingWatch watch;

	/**
	 * Creates the view, which warns of jobs that need a scheduler where there is none.
	 * @param store the store of the jobs
	 * @param watch warns of them
	 */
	public JobQueues(JobStore store, SchedulingWatch watch) {
		this.store = store;
		this.watch = watch;
	}

	/**
	 * Stores jobs, each on its queue or, if it is due later, in the registry of scheduled
	 * jobs. Up to 1,000 jobs take one round trip and are stored all or none.
	 * @param jobs the jobs
	 * @return the jobs as stored, in the same order
	 * @throws io.rq.job.DuplicateJobException if a unique job's id exists or a given id
	 * is running
	 */
	public List<Job> enqueue(List<NewJob> jobs) {
		List<Job> stored = store(jobs);
		this.watch.enqueued(stored);
		return stored;
	}

	private List<Job> store(List<NewJob> jobs) {
		if (jobs.size() <= JobStore.BATCH_SIZE) {
			return jobs.isEmpty() ? List.of() : this.store.enqueue(jobs);
		}
		List<Job> stored = new ArrayList<>(jobs.size());
		for (int from = 0; from < jobs.size(); from += JobStore.BATCH_SIZE) {
			stored.addAll(this.store.enqueue(jobs.subList(from, Math.min(from + JobStore.BATCH_SIZE, jobs.size()))));
		}
		return stored;
	}

	/**
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none or it has expired
	 * @throws io.rq.job.InvalidJobException if its record cannot be read
	 */
	public Optional<Job> find(String id) {
		return this.store.find(id);
	}

	/**
	 * Reads the recorded outcomes of a job.
	 * @param id the job's id
	 * @return the outcomes, newest first
	 */
	public List<JobResult> results(String id) {
		return this.store.results(id);
	}

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	public long count(String queue) {
		return this.store.count(queue);
	}

}
