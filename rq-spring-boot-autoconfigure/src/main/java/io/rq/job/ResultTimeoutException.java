package io.rq.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Thrown to whoever has waited for the result of a job for as long as asked. The job is
 * not affected.
 */
public class ResultTimeoutException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	/**
	 * Creates the exception.
	 * @param jobId the job's id
	 * @param timeout how long it has been waited for
	 * @param status the status of the job, or {@code null} if that is not known
	 */
	public ResultTimeoutException(String jobId, Duration timeout, @Nullable JobStatus status) {
		super("Job '" + jobId + "' has had no result within " + timeout
				+ ((status != null) ? "; it is " + status.value() : "")
				+ ". Wait for longer, or see whether a worker serves its queue");
		this.jobId = jobId;
	}

	/**
	 * Returns the id of the job.
	 * @return the id
	 */
	public String getJobId() {
		return this.jobId;
	}

}
