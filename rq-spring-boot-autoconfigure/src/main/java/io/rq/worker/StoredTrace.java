package io.rq.worker;

import java.nio.charset.StandardCharsets;

/**
 * Cuts a stack trace to what is stored of it. Beginning and end stay: the end names the
 * innermost cause.
 */
final class StoredTrace {

	/** The most bytes that are stored. */
	static final int LIMIT = 64 * 1024;

	private static final int END = LIMIT / 4;

	private StoredTrace() {
	}

	static String cut(String trace) {
		if (trace.length() <= LIMIT / 3 || bytes(trace) <= LIMIT) {
			return trace;
		}
		String note = "%n… %d characters are left out …%n";
		int reserve = note.length() + 20;
		String begin = head(trace, LIMIT - END - reserve);
		String end = tail(trace, END);
		return begin + String.format(note, trace.length() - begin.length() - end.length()) + end;
	}

	private static int bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	private static String head(String text, int limit) {
		int bytes = 0;
		int index = 0;
		while (index < text.length()) {
			int codePoint = text.codePointAt(index);
			bytes += size(codePoint);
			if (bytes > limit) {
				break;
			}
			index += Character.charCount(codePoint);
		}
		return text.substring(0, index);
	}

	private static String tail(String text, int limit) {
		int bytes = 0;
		int index = text.length();
		while (index > 0) {
			int codePoint = text.codePointBefore(index);
			bytes += size(codePoint);
			if (bytes > limit) {
				break;
			}
			index -= Character.charCount(codePoint);
		}
		return text.substring(index);
	}

	private static int size(int codePoint) {
		return (codePoint < 0x80) ? 1 : (codePoint < 0x800) ? 2 : (codePoint < 0x10000) ? 3 : 4;
	}

}
