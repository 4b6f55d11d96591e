package io.rq;

import org.jspecify.annotations.Nullable;

/**
 * Root of the exceptions that this library throws on its own account. Failures of the
 * connection to Redis are not wrapped: they arrive as Spring's
 * {@code DataAccessException}.
 */
public class RqException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception with a message for people.
	 * @param message what was wrong and how to mend it
	 */
	public RqException(String message) {
		super(message);
	}

	/**
	 * Creates an exception with a message for people and a cause.
	 * @param message what was wrong and how to mend it
	 * @param cause the underlying failure, or {@code null}
	 */
	public RqException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
