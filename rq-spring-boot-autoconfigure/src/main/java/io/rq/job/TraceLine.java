package io.rq.job;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The line of a stack trace that names the exception, of either language.
 */
public final class TraceLine {

	private TraceLine() {
	}

	/**
	 * Returns the line. Java names the exception first, Python last; of a message with
	 * several lines it is the first.
	 * @param trace the stack trace, or {@code null} if there is none
	 * @return the line, or {@code null} if the stack trace is empty
	 */
	public static @Nullable String of(@Nullable String trace) {
		if (trace == null || trace.isBlank()) {
			return null;
		}
		List<String> lines = trace.strip().lines().toList();
		return lines.get(lines.get(0).startsWith("Traceback ") ? afterFrames(lines) : 0);
	}

	/** The first line after the last frame that is not part of it. */
	private static int afterFrames(List<String> lines) {
		int at = lines.size() - 1;
		for (int i = lines.size() - 1; i >= 0 && !lines.get(i).startsWith("  File "); i--) {
			at = lines.get(i).startsWith(" ") ? at : i;
		}
		return at;
	}

}
