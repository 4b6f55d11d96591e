package io.rq.outbox.autoconfigure;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * The outbox lacks something that it needs. Ends the start of the application.
 */
final class UnusableOutboxException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Creates the exception.
	 * @param description what is missing
	 * @param action what to do about it, as a sentence
	 * @param cause how it was noticed, or {@code null}
	 */
	UnusableOutboxException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	String getAction() {
		return this.action;
	}

}
