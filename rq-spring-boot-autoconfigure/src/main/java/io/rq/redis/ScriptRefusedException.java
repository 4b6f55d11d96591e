package io.rq.redis;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.rq.RqException;

/**
 * Thrown when a key holds another type of value than the protocol says, so that a script
 * could not do its work. Trying again will not help; someone must mend the key.
 */
public class ScriptRefusedException extends RqException {

	private static final long serialVersionUID = 1L;

	private static final Pattern KEY = Pattern.compile("(?s)key '(.*)' holds a \\w+ instead of a \\w+");

	/**
	 * Creates the exception.
	 * @param script the name of the script
	 * @param cause what Redis said
	 */
	public ScriptRefusedException(String script, Throwable cause) {
		super(message(script, key(cause)), cause);
	}

	/**
	 * Creates the exception.
	 * @param script the name of the script
	 * @param keys the keys that are to be mended
	 */
	public ScriptRefusedException(String script, List<String> keys) {
		super(message(script, String.join(", ", keys)));
	}

	private static String message(String script, String key) {
		return "Redis could not complete " + script + ": a key it uses holds a value of another type"
				+ (key.isEmpty() ? "" : " (" + key + ")") + ", or is not the user's to use. Delete or rename the key "
				+ "that does not belong to RQ, or allow it (ACL SETUSER <user> ~<key>)";
	}

	private static String key(Throwable cause) {
		for (Throwable current = cause; current != null; current = current.getCause()) {
			Matcher matcher = KEY.matcher(String.valueOf(current.getMessage()));
			if (matcher.find()) {
				return matcher.group();
			}
		}
		return "";
	}

}
