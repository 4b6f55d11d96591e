package io.rq.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs small programs to their end.
 */
final class Shell {

	private static final int REASON_LINES = 5;

	private Shell() {
	}

	static boolean succeeds(List<String> command) {
		try {
			output(command);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	static String output(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		try {
			if (process.waitFor() != 0) {
				throw new IOException("'" + command.get(0) + "' failed: " + reason(output));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted", ex);
		}
		return output;
	}

	private static String reason(String output) {
		return output.lines()
			.filter((line) -> !line.contains("warn"))
			.limit(REASON_LINES)
			.collect(Collectors.joining("; "));
	}

}
