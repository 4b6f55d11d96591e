package io.rq.job;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Thrown when a job cannot run however often it is tried: its record cannot be read, its
 * function is not known here, or its arguments do not bind. The job is recorded as failed
 * at once, whatever retries it has left, and its bytes are kept.
 */
public class InvalidJobException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what is wrong with the job and how to mend it
	 */
	public InvalidJobException(String message) {
		super(message);
	}

	/**
	 * Creates the exception with a cause.
	 * @param message what is wrong with the job and how to mend it
	 * @param cause the underlying failure, or {@code null}
	 */
	public InvalidJobException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
