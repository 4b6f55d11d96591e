package io.rq.worker;

import java.time.Duration;

import io.rq.handler.RunInfo;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;

/**
 * Interrupts runs whose time is up, and gives up those that do not heed an interrupt.
 */
final class Timekeeper implements Round {

	private static final Duration TICK = Duration.ofMillis(200);

	private final ActiveRuns runs;

	private final Duration grace;

	private final RunEnds ends;

	private final TimeSource time;

	Timekeeper(ActiveRuns runs, Duration grace, RunEnds ends, TimeSource time) {
		this.runs = runs;
		this.grace = grace;
		this.ends = ends;
		this.time = time;
	}

	@Override
	public Duration run() {
		long now = this.time.nanoTime();
		for (ActiveRun run : this.runs.all()) {
			run.interruptIfLate(now);
			RunInfo info = run.info();
			if (info != null && run.abandonIfStuck(now, this.grace)) {
				this.ends.abandoned(run, info);
			}
		}
		return TICK;
	}

}
