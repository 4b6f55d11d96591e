package io.rq.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The embedded Redis could not be started.
 */
final class EmbeddedRedisException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	EmbeddedRedisException(String message, String action) {
		this(message, action, null);
	}

	EmbeddedRedisException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * What the reader can do about it.
	 * @return one or more sentences
	 */
	String getAction() {
		return this.action;
	}

}
