package io.rq.redis;

import io.rq.RqException;

/**
 * Thrown when a key holds another type of value than the protocol says, so that a script
 * could not do its work. Trying again will not help; someone must mend the key.
 */
public class ScriptRefusedException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param script the name of the script
	 * @param cause what Redis said
	 */
	public ScriptRefusedException(String script, Throwable cause) {
		super("Redis could not complete " + script + ": a key it uses holds a value of another type. "
				+ "Delete or rename the key that does not belong to RQ", cause);
	}

}
