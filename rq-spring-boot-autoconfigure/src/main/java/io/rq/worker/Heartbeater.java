package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Recovery;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;

/**
 * Gives signs of life: one call renews the worker and all its leases. A run is shown to
 * observers once it has lasted a second, all others would be gone before anyone looked.
 */
final class Heartbeater implements Round {

	private static final Duration TICK = Duration.ofSeconds(1);

	private final Leases leases;

	private final Registration registration;

	private final ActiveRuns runs;

	private final List<String> queues;

	private final Duration interval;

	private final Supplier<String> state;

	private final TimeSource time;

	private String lastState = "";

	private long lastBeat;

	private volatile @Nullable Instant lastBeatAt;

	Heartbeater(ExecutionStore store, Registration registration, ActiveRuns runs, WorkerOptions options,
			Supplier<String> state, Listeners<JobListener> listeners, TimeSource time) {
		this.leases = new Leases(store, runs, listeners);
		this.registration = registration;
		this.runs = runs;
		this.queues = options.queues();
		this.interval = options.timing().heartbeatInterval();
		this.state = state;
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
			beat(current, beating, now);
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
	public Recovery recovery(Recovery usual) {
		return usual.atMost(TICK).atMost(this.interval.dividedBy(2));
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
		boolean registered = this.leases.renew(current, this.queues, beating, now);
		this.lastState = current;
		this.lastBeat = now;
		this.lastBeatAt = this.time.instant();
		if (registered) {
			this.registration.seen(now);
		}
		else {
			this.registration.forget();
			this.registration.ensure();
		}
	}

	/** Returns when the last sign of life reached Redis. */
	@Nullable Instant lastBeatAt() {
		return this.lastBeatAt;
	}

}
