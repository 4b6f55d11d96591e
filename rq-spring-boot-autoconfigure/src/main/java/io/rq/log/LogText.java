package io.rq.log;

/**
 * Foreign text as it may stand in a log: no control character can begin a line, colour a
 * terminal or erase what stands there, and none is longer than a line or two.
 */
public final class LogText {

	private static final int LONGEST = 200;

	private LogText() {
	}

	static boolean isSafe(CharSequence text) {
		return isSafe(text, LONGEST);
	}

	private static boolean isSafe(CharSequence text, int longest) {
		// no stream: each job asks this of several texts
		for (int i = 0; i < text.length() && i < longest; i++) {
			if (isControl(text.charAt(i))) {
				return false;
			}
		}
		return text.length() <= longest;
	}

	private static boolean isControl(int c) {
		return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || Character.getType(c) == Character.FORMAT;
	}

	/**
	 * Returns a text as it may stand in a log.
	 * @param text the text, from wherever
	 * @return the text itself if it is short and without control characters, else escaped
	 * and cut
	 */
	public static String of(CharSequence text) {
		return of(text, LONGEST);
	}

	static String of(CharSequence text, int longest) {
		if (isSafe(text, longest)) {
			return text.toString();
		}
		StringBuilder safe = new StringBuilder();
		for (int i = 0; i < text.length() && i < longest; i++) {
			char c = text.charAt(i);
			switch (c) {
				case '\n' -> safe.append("\\n");
				case '\r' -> safe.append("\\r");
				case '\t' -> safe.append("\\t");
				default -> safe.append(isControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
			}
		}
		return safe.append((text.length() > longest) ? "…" : "").toString();
	}

}
