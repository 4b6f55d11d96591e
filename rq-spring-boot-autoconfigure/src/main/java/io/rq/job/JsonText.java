package io.rq.job;

/**
 * Writes texts as JSON, for the few places that write some of their own whatever the
 * serializer of an application is.
 */
public final class JsonText {

	private JsonText() {
	}

	/**
	 * Writes a text as RQ does: in ASCII.
	 * @param text the text
	 * @return a JSON string with its quotes
	 */
	public static String quoted(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		for (char character : text.toCharArray()) {
			if (character == '"' || character == '\\') {
				quoted.append('\\').append(character);
			}
			else if (character < ' ' || character > '~') {
				quoted.append(String.format("\\u%04x", (int) character));
			}
			else {
				quoted.append(character);
			}
		}
		return quoted.append('"').toString();
	}

}
