package io.rq.job;

import java.time.Duration;

import io.rq.RqException;

/**
 * Thrown when a worker has not confirmed in time that it has stopped a job. If it has
 * heard the command it may stop it yet.
 */
public class StopTimeoutException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	/**
	 * Creates the exception.
	 * @param jobId the job's id
	 * @param worker who runs it
	 * @param heard whether anyone has heard the command
	 * @param timeout how long it has been waited for
	 */
	public StopTimeoutException(String jobId, String worker, boolean heard, Duration timeout) {
		super("Worker '" + worker + "' has not confirmed within " + timeout + " that it has stopped job '" + jobId
				+ "': "
				+ (heard ? "it has been told and may stop it yet; give it more time if its jobs are slow to end"
						: "nobody listens to its commands. If it lives, it may lack the right to its channel; if it "
								+ "is gone, maintenance takes the job from it"));
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
