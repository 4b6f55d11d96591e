package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import io.rq.lifecycle.TimeSource;

/**
 * A time that passes when a test says so. Its ticker overflows soon.
 */
final class MovedTime extends Clock {

	private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private volatile long ticks = Long.MAX_VALUE - 1_000_000_000L;

	TimeSource source() {
		return new TimeSource(this, () -> this.ticks);
	}

	/** Lets time pass on both. */
	void pass(Duration duration) {
		this.ticks += duration.toNanos();
		set(duration);
	}

	/** Sets the clock, forth or back; nothing is measured by it. */
	void set(Duration by) {
		this.now = this.now.plus(by);
	}

	long ticks() {
		return this.ticks;
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
