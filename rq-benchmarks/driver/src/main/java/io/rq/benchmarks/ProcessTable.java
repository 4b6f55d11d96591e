package io.rq.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux tells of processes. Processes that are gone count as nothing.
 */
final class ProcessTable {

	/**
	 * The kernel's unit for CPU times shown to users is fixed: 100 ticks a second.
	 */
	private static final long MICROS_PER_TICK = 10_000;

	private static final long KIB = 1024;

	private ProcessTable() {
	}

	/**
	 * Returns the CPU time of a process with that of its children who have ended.
	 */
	static long cpuMicros(long pid) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			long ticks = 0;
			for (int i = 11; i <= 14; i++) {
				ticks += Long.parseLong(fields[i]);
			}
			return ticks * MICROS_PER_TICK;
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * Returns the resident memory of a process.
	 */
	static long residentBytes(long pid) {
		try {
			return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))
				.stream()
				.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
				.sum();
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
