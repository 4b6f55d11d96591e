package io.rq.job;

import io.rq.RqException;

/**
 * Thrown when a job cannot be changed as asked because of the state it is in. Nothing has
 * been changed.
 */
public class IllegalJobStateException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	private final String status;

	/**
	 * Creates the exception.
	 * @param jobId the job's id
	 * @param status its status as it stands in Redis
	 * @param undone what was not done, such as {@code cancelled}
	 * @param remedy what can be done instead
	 */
	public IllegalJobStateException(String jobId, String status, String undone, String remedy) {
		super("Job '" + jobId + "' was not " + undone + ": it is '" + status + "'. " + remedy);
		this.jobId = jobId;
		this.status = status;
	}

	/**
	 * Returns the job's id.
	 * @return the id
	 */
	public String getJobId() {
		return this.jobId;
	}

	/**
	 * Returns the job's status, that of a newer RQ perhaps.
	 * @return the status as it stands in Redis
	 * @see JobStatus#find
	 */
	public String getStatus() {
		return this.status;
	}

}
