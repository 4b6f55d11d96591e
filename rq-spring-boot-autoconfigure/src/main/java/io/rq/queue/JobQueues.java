package io.rq.queue;

import java.util.List;
import java.util.Optional;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.NewJob;

/**
 * Puts jobs on queues and finds them again.
 */
public class JobQueues {

	/**
	 * Stores jobs, each on its queue or, if it is due later, in the registry of scheduled
	 * jobs. Up to 1,000 jobs take one round trip and are stored all or none.
	 * @param jobs the jobs
	 * @return the jobs as stored, in the same order
	 * @throws io.rq.job.DuplicateJobException if a unique job's id exists or a given id
	 * is running
	 */
	public List<Job> enqueue(List<NewJob> jobs) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none or it has expired
	 */
	public Optional<Job> find(String id) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Reads the recorded outcomes of a job.
	 * @param id the job's id
	 * @return the outcomes, newest first
	 */
	public List<JobResult> results(String id) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	public long count(String queue) {
		throw new UnsupportedOperationException();
	}

}
