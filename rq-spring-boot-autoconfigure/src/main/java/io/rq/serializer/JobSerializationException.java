package io.rq.serializer;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Thrown when a value cannot be turned into bytes or back. At enqueue nothing has been
 * written.
 */
public class JobSerializationException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which value of what could not be converted, and why
	 * @param cause the underlying failure, or {@code null}
	 */
	public JobSerializationException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
