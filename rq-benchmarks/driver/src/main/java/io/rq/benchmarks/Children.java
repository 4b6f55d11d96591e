package io.rq.benchmarks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes that must not outlive the driver.
 */
final class Children {

	private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Children::destroy)));
	}

	private Children() {
	}

	static void add(Process process) {
		RUNNING.add(process);
	}

	static void destroy(Process process) {
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly();
		RUNNING.remove(process);
	}

}
