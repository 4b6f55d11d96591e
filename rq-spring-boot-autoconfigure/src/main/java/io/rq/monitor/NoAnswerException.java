package io.rq.monitor;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Redis does not answer those who must not wait for it.
 */
public class NoAnswerException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was waited for
	 * @param cause the underlying failure, or {@code null}
	 */
	public NoAnswerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
