package io.rq.job;

import io.rq.RqException;

/**
 * Thrown when a job is enqueued as unique and one of its id exists, or when the job of a
 * given id is running. Nothing has been written.
 */
public class DuplicateJobException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	/**
	 * Creates the exception.
	 * @param jobId the id that exists
	 * @param reason what is in the way
	 */
	public DuplicateJobException(String jobId, String reason) {
		super("Job '" + jobId + "' was not enqueued: " + reason);
		this.jobId = jobId;
	}

	/**
	 * Returns the id that exists.
	 * @return the id
	 */
	public String getJobId() {
		return this.jobId;
	}

}
