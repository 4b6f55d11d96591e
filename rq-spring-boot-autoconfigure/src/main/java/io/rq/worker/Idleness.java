package io.rq.worker;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobOptions;
import io.rq.lifecycle.TimeSource;

/**
 * Since when a worker has had nothing to do, and how long that may last.
 */
final class Idleness {

	private final Duration most;

	private final TimeSource time;

	private @Nullable Long since;

	/**
	 * Creates it of a worker that is not idle.
	 * @param most how long a worker may be idle, zero for ever
	 */
	Idleness(Duration most, TimeSource time) {
		this.most = most;
		this.time = time;
	}

	/** The worker has nothing to do, from now on or still. */
	void goesOn() {
		if (this.since == null) {
			this.since = this.time.nanoTime();
		}
	}

	/** The worker has something to do, or may not have. */
	void ends() {
		this.since = null;
	}

	boolean isTooLong() {
		return left().isZero();
	}

	/** Returns how long it may go on. */
	Duration left() {
		if (this.most.isZero() || this.since == null) {
			return JobOptions.LONGEST;
		}
		return Duration.ofNanos(Math.max(0, this.most.toNanos() - (this.time.nanoTime() - this.since)));
	}

}
