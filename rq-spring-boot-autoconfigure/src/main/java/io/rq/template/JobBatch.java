package io.rq.template;

import java.util.List;

import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobRequest;

/**
 * Jobs that were enqueued together, and what follows their end.
 */
public final class JobBatch {

	private final JobOperations operations;

	private final List<Job> jobs;

	JobBatch(JobOperations operations, List<Job> jobs) {
		this.operations = operations;
		this.jobs = jobs;
	}

	/**
	 * Returns the jobs.
	 * @return the jobs as stored, in the order of the requests
	 */
	public List<Job> jobs() {
		return this.jobs;
	}

	/**
	 * Enqueues a job that waits until all of these have finished. It is no member of
	 * their group unless the request says so. If this process ends before it has called
	 * this method nobody waits for them; give them ids and enqueue all in one
	 * {@link JobOperations#enqueueAll} where that matters.
	 * @param request the request
	 * @return the job as stored
	 * @throws IllegalArgumentException if these are more than {@link Dependency#MAX_JOBS}
	 */
	public Job then(JobRequest request) {
		return then(request, Dependency.on(this.jobs));
	}

	/**
	 * Enqueues a job that waits until all of these have ended, well or badly: as
	 * {@link #then}, but one that has failed for good will do, too.
	 * @param request the request
	 * @return the job as stored
	 * @throws IllegalArgumentException if these are more than {@link Dependency#MAX_JOBS}
	 */
	public Job thenEvenAfterFailures(JobRequest request) {
		return then(request, Dependency.on(this.jobs).allowFailure());
	}

	private Job then(JobRequest request, Dependency dependency) {
		return this.operations.enqueue(request.dependsOn(dependency));
	}

}
