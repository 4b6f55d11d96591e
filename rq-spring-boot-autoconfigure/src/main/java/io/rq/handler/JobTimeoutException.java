package io.rq.handler;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Recorded for a job that ran longer than it may.
 */
public class JobTimeoutException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param timeout the time the job had
	 * @param cause what the job threw when it was interrupted, or {@code null}
	 */
	public JobTimeoutException(Duration timeout, @Nullable Throwable cause) {
		super("Task exceeded maximum timeout value (" + timeout.toSeconds() + " seconds)", cause);
	}

}
