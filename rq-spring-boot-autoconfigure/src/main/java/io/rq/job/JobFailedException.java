package io.rq.job;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Thrown to whoever waits for the return value of a job that has failed for good or was
 * stopped. The exception of the job itself is there as text only, because it happened in
 * another process and perhaps another language.
 */
public class JobFailedException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String jobId;

	private final JobResult.Type type;

	private final @Nullable String jobStackTrace;

	/**
	 * Creates the exception.
	 * @param jobId the job's id
	 * @param type how it ended
	 * @param jobStackTrace the stack trace that was recorded, or {@code null}
	 */
	public JobFailedException(String jobId, JobResult.Type type, @Nullable String jobStackTrace) {
		super("Job '" + jobId + "' "
				+ ((type == JobResult.Type.STOPPED) ? "was stopped" : "has failed" + reason(type, jobStackTrace)));
		this.jobId = jobId;
		this.type = type;
		this.jobStackTrace = jobStackTrace;
	}

	private static String reason(JobResult.Type type, @Nullable String stackTrace) {
		String line = (type == JobResult.Type.MAX_RETRIES_EXCEEDED) ? FailureWords.NO_RETRY_LEFT
				: TraceLine.of(stackTrace);
		return (line != null) ? ": " + line : "";
	}

	/**
	 * Returns the id of the job.
	 * @return the id
	 */
	public String getJobId() {
		return this.jobId;
	}

	/**
	 * Returns how the job ended.
	 * @return the type of its result: failed, stopped or out of retries
	 */
	public JobResult.Type getType() {
		return this.type;
	}

	/**
	 * Returns the stack trace of the job as its worker has recorded it (RQ's
	 * {@code exc_string}).
	 * @return the stack trace, or {@code null} if there is none
	 */
	public @Nullable String getJobStackTrace() {
		return this.jobStackTrace;
	}

}
