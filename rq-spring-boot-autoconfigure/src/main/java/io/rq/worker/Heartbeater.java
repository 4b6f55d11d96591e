package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.SafeLog;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.ExecutionStore.Beat;
import io.rq.redis.ExecutionStore.Run;

/**
 * Gives signs of life: one call renews the worker and all its leases. A run is shown to
 * observers once it has lasted a second, all others would be gone before anyone looked.
 */
final class Heartbeater implements Round {

	private static final SafeLog log = SafeLog.of(Heartbeater.class);

	private static final int BATCH_SIZE = 1_000;

	private static final Duration TICK = Duration.ofSeconds(1);

	private final ExecutionStore store;

	private final Registration registration;

	private final ActiveRuns runs;

	private final List<String> queues;

	private final Duration interval;

	private final Supplier<String> state;

	private final Listeners<JobListener> listeners;

	private final TimeSource time;

	private String lastState = "";

	private long lastBeat;

	private volatile @Nullable Instant lastBeatAt;

	Heartbeater(ExecutionStore store, Registration registration, ActiveRuns runs, WorkerOptions options,
			Supplier<String> state, Listeners<JobListener> listeners, TimeSource time) {
		this.store = store;
		this.registration = registration;
		this.runs = runs;
		this.queues = options.queues();
		this.interval = options.timing().heartbeatInterval();
		this.state = state;
		this.listeners = listeners;
		this.time = time;
		this.lastBeat = time.nanoTime();
	}

	@Override
	public Duration run() {
		RuntimeException refused = register();
		long now = this.time.nanoTime();
		Duration due = this.interval.minus(TICK.dividedBy(2));
		List<ActiveRun> beating = this.runs.all().stream().filter((run) -> run.needsBeat(now, due, TICK)).toList();
		String current = this.state.get();
		if (!beating.isEmpty() || !current.equals(this.lastState) || now - this.lastBeat >= due.toNanos()) {
			for (int from = 0; from == 0 || from < beating.size(); from += BATCH_SIZE) {
				beat(current, beating.subList(from, Math.min(from + BATCH_SIZE, beating.size())), now);
			}
		}
		if (refused != null) {
			throw refused;
		}
		return (this.interval.compareTo(TICK) < 0) ? this.interval : TICK;
	}

	/**
	 * After an outage others judge those that have not beaten for one interval, so the
	 * first beat must come well before.
	 */
	@Override
	public Duration longestBackOff() {
		Duration half = this.interval.dividedBy(2);
		return (half.compareTo(TICK) < 0) ? half : TICK;
	}

	/** Leases are renewed whether the worker is on record or not. */
	private @Nullable RuntimeException register() {
		try {
			this.registration.ensure();
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	private void beat(String current, List<ActiveRun> beating, long now) {
		Beat beat = this.store.beat(current, this.queues,
				beating.stream().map((run) -> new Run(run.execution(), run.startedAt())).toList());
		this.lastState = current;
		this.lastBeat = now;
		this.lastBeatAt = this.time.instant();
		beating.forEach((run) -> run.beaten(now));
		beat.lost().forEach(this::lost);
		beat.canceled().forEach(this::cancel);
		if (beat.registered()) {
			this.registration.seen(now);
		}
		else {
			this.registration.forget();
			this.registration.ensure();
		}
	}

	private void lost(Execution execution) {
		ActiveRun run = this.runs.find(execution);
		if (run != null && run.loseLease()) {
			log.warn("Lease of job {} was lost while it ran; the run is interrupted and does not count",
					execution.jobId());
			this.listeners.tell((listener) -> listener.leaseLost(execution.queue(), execution.jobId()));
			run.interrupt();
		}
	}

	private void cancel(Execution execution) {
		ActiveRun run = this.runs.find(execution);
		if (run != null && !run.isCancelled()) {
			log.info("Job {} was cancelled while it ran", execution.jobId());
			run.cancel();
		}
	}

	/** Returns when the last sign of life reached Redis. */
	@Nullable Instant lastBeatAt() {
		return this.lastBeatAt;
	}

}
