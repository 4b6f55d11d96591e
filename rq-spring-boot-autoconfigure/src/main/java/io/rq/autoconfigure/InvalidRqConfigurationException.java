package io.rq.autoconfigure;

import io.rq.RqException;

/**
 * The application is configured in a way that cannot work. Ends its start.
 */
final class InvalidRqConfigurationException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Creates the exception.
	 * @param description what is wrong, as a sentence
	 * @param action what to do about it, as a sentence
	 */
	InvalidRqConfigurationException(String description, String action) {
		super(description);
		this.action = action;
	}

	static InvalidRqConfigurationException property(String name, Object value, String rule) {
		return new InvalidRqConfigurationException("Property '" + name + "' is " + value + " but " + rule + ".",
				"Correct the value of '" + name + "', or remove it to use the default.");
	}

	String getAction() {
		return this.action;
	}

}
