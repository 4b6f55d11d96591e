package io.rq.job;

import io.rq.RqException;

/**
 * Thrown to whoever waits for the result of a job that has none and will get none.
 */
public class NoJobResultException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	private final Reason reason;

	/**
	 * Creates the exception.
	 * @param jobId the job's id
	 * @param reason why there is no result
	 */
	public NoJobResultException(String jobId, Reason reason) {
		super("Job '" + jobId + "' has no result: " + reason.text);
		this.jobId = jobId;
		this.reason = reason;
	}

	/**
	 * Returns the id of the job.
	 * @return the id
	 */
	public String getJobId() {
		return this.jobId;
	}

	/**
	 * Returns why there is no result.
	 * @return the reason
	 */
	public Reason getReason() {
		return this.reason;
	}

	/**
	 * Why there is no result.
	 */
	public enum Reason {

		/** The job was cancelled. */
		CANCELED("it was cancelled"),

		/** There is no such job (any more). */
		MISSING("there is no such job (any more). It was deleted, its time to live is over, or its result is not kept, "
				+ "because 'result-ttl' is 0"),

		/** The job has ended, and nothing of its outcome is there. */
		NOT_KEPT("it has ended, and its result is not kept (any more)"),

		/** Another program keeps something else where the results should be. */
		ILLEGAL("the key of its results holds a value of another type. Find out who writes it, and delete it");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

	}

}
