package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a run took place.
 */
final class Machine {

	private Machine() {
	}

	/**
	 * Returns a line for each thing a reader has to know.
	 */
	static List<String> facts() {
		return List.of("CPU: " + cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores",
				"Kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
				"Memory: " + memoryGigabytes() + " GB",
				"Java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
				"Redis: " + redis() + "; settings `" + String.join(" ", RedisServer.TUNED).replace("  ", " '' ") + "`",
				"PostgreSQL: embedded binaries, settings " + PostgresServer.SETTINGS);
	}

	private static String cpu() {
		return field("/proc/cpuinfo", "model name");
	}

	private static long memoryGigabytes() {
		return Math.round(Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1e6);
	}

	private static String field(String file, String name) {
		try (var lines = Files.lines(Path.of(file))) {
			return lines.filter((line) -> line.startsWith(name))
				.findFirst()
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.orElse("0");
		}
		catch (IOException ex) {
			return "0";
		}
	}

	private static String redis() {
		try {
			return Shell.output(List.of("redis-server", "--version"))
				.replaceAll(".*v=(\\S+).*malloc=(\\S+).*", "$1, $2");
		}
		catch (IOException ex) {
			return "?";
		}
	}

}
