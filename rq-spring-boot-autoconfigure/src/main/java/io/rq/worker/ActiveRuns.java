package io.rq.worker;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.rq.redis.Execution;

/**
 * The runs a worker holds leases for.
 */
final class ActiveRuns {

	private final Map<String, ActiveRun> runs = new ConcurrentHashMap<>();

	void add(ActiveRun run) {
		this.runs.put(run.execution().id(), run);
	}

	void remove(Execution execution) {
		this.runs.remove(execution.id());
	}

	@Nullable ActiveRun find(Execution execution) {
		return this.runs.get(execution.id());
	}

	Collection<ActiveRun> all() {
		return this.runs.values();
	}

	/**
	 * Looks at the thread of a job's run, unless none has begun or its end is decided.
	 */
	@Nullable RunStack stack(String worker, String jobId) {
		for (ActiveRun run : this.runs.values()) {
			Thread owner = run.job().id().equals(jobId) ? run.owner() : null;
			if (owner != null) {
				RunStack stack = RunStack.of(worker, owner);
				// else the thread may have been at another job by then
				return (run.owner() == owner) ? stack : null;
			}
		}
		return null;
	}

	/** Returns how many runs have a thread that fits. */
	int count(Predicate<Thread> threads) {
		int count = 0;
		for (ActiveRun run : this.runs.values()) {
			Thread owner = run.owner();
			if (owner != null && threads.test(owner)) {
				count++;
			}
		}
		return count;
	}

	boolean isEmpty() {
		return this.runs.isEmpty();
	}

}
