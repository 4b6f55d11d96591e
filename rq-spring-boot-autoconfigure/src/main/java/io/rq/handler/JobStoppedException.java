package io.rq.handler;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Told to listeners of a job that was stopped by a command. In its results is RQ's text
 * alone.
 */
public class JobStoppedException extends RqException {

	/** What RQ records of a job that was stopped. */
	public static final String TEXT = "Job stopped by user, work-horse terminated.";

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param cause what the job threw when it was interrupted, or {@code null}
	 */
	public JobStoppedException(@Nullable Throwable cause) {
		super(TEXT, cause);
	}

}
