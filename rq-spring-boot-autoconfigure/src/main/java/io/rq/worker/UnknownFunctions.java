package io.rq.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.rq.handler.RunInfo;
import io.rq.log.SafeLog;
import io.rq.redis.WorkerStore;

/**
 * Decides whether a job whose function nobody knows here waits for a worker that does:
 * while an application is replaced node by node, old and new ones share its queues. Safe
 * for use by many threads.
 */
final class UnknownFunctions {

	private static final SafeLog log = SafeLog.of(UnknownFunctions.class);

	/** For so long what was read of other workers holds. */
	private static final Duration FRESH = Duration.ofSeconds(1);

	private static final int MOST_JOBS = 10_000;

	/**
	 * Jobs name their queues themselves, so of more than so many only what holds is kept.
	 */
	private static final int MOST_QUEUES = 1_000;

	private final WorkerStore workers;

	private final Duration grace;

	private final LongSupplier nanoTime;

	private final Map<String, Known> others = new ConcurrentHashMap<>();

	private final Map<String, Long> firstSeen = new LinkedHashMap<>();

	private final ToldFunctions told = new ToldFunctions();

	/**
	 * Creates it.
	 * @param workers tells which functions other workers know
	 * @param grace for how long a job waits that no worker knows, since it was first seen
	 * here
	 * @param nanoTime the nanoseconds since some moment
	 */
	UnknownFunctions(WorkerStore workers, Duration grace, LongSupplier nanoTime) {
		this.workers = workers;
		this.grace = grace;
		this.nanoTime = nanoTime;
	}

	/** Returns whether the job is to be put back. */
	boolean waits(RunInfo run) {
		boolean known = isKnownElsewhere(run.job().queue(), run.function());
		boolean waits = known || isInGrace(run.job().id());
		if (waits && this.told.isNews(run.function())) {
			log.info("Jobs of {} on queue {} are put back: no handler here has that name, {}", run.function(),
					run.job().queue(), known ? "but another worker does" : "and its grace lasts");
		}
		return waits;
	}

	private boolean isKnownElsewhere(String queue, String function) {
		try {
			if (this.others.size() >= MOST_QUEUES) {
				this.others.values().removeIf((known) -> !isFresh(known));
			}
			return this.others.compute(queue, (name, known) -> (known != null && isFresh(known)) ? known : look(name))
				.functions()
				.contains(function);
		}
		catch (RuntimeException ex) {
			log.debug("It is not known whether another worker knows {}, so its job is put back", function, ex);
			return true;
		}
	}

	private boolean isFresh(Known known) {
		return this.nanoTime.getAsLong() - known.at() < FRESH.toNanos();
	}

	private Known look(String queue) {
		return new Known(this.nanoTime.getAsLong(), this.workers.toldFunctions(queue));
	}

	private synchronized boolean isInGrace(String jobId) {
		if (this.grace.isZero()) {
			return false;
		}
		long now = this.nanoTime.getAsLong();
		boolean waits = now - this.firstSeen.computeIfAbsent(jobId, (id) -> now) < this.grace.toNanos();
		if (!waits || this.firstSeen.size() > MOST_JOBS) {
			this.firstSeen.remove(waits ? this.firstSeen.keySet().iterator().next() : jobId);
		}
		return waits;
	}

	/**
	 * What was read of other workers.
	 */
	private record Known(long at, Set<String> functions) {

	}

}
