package io.rq.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs small programs to their end.
 */
final class Shell {

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
				throw new IOException("'" + command.get(0) + "' failed: " + output.lines().findFirst().orElse(""));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted", ex);
		}
		return output;
	}

}
