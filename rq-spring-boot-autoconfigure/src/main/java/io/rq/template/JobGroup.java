package io.rq.template;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;

/**
 * Jobs that are looked at together, under a name that both languages know. A group is
 * there while it has a job. Its jobs may lie on any queues and come at different times.
 *
 * @see JobOperations#group(String)
 */
public interface JobGroup {

	/**
	 * Returns the name.
	 * @return the name
	 */
	String name();

	/**
	 * Enqueues a job as a member of this group.
	 * @param request the request
	 * @return the job as stored
	 * @see JobOperations#enqueue(JobRequest)
	 */
	Job enqueue(JobRequest request);

	/**
	 * Enqueues many jobs as members of this group.
	 * @param requests the requests
	 * @return the jobs as stored
	 * @see JobOperations#enqueueAll(Collection)
	 */
	JobBatch enqueueAll(Collection<JobRequest> requests);

	/**
	 * Reads which jobs belong to the group.
	 * @return their ids; some jobs may be gone until maintenance notices
	 */
	Set<String> jobIds();

	/**
	 * Reads the jobs of the group.
	 * @return the jobs, without those that are gone
	 * @see JobOperations#findAll(Collection)
	 */
	List<Job> jobs();

	/**
	 * Counts the jobs by their status. Those that are gone, because their time to live is
	 * over, do not count.
	 * @return the numbers of jobs; a status that none has is left out
	 */
	Map<JobStatus, Long> counts();

	/**
	 * Returns whether every job has ended: well or badly, stopped, cancelled or gone. It
	 * says so of a group without jobs, too.
	 * @return {@code false} if one still waits or runs
	 */
	boolean isDone();

	/**
	 * Deletes all jobs of the group with their results, whatever they wait for or do, and
	 * with them the group. One that joins it meanwhile may stay.
	 * @return the number of jobs that were deleted
	 * @see JobOperations#delete(String)
	 */
	long delete();

}
