package io.rq.test.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import io.rq.lifecycle.TimeSource;

/**
 * A clock that goes on like another one, and can be moved forward.
 */
public final class MovableClock extends Clock {

	private final Clock base;

	private volatile Duration moved = Duration.ZERO;

	/**
	 * Creates a clock that is not moved.
	 * @param base the clock it goes on like
	 */
	public MovableClock(Clock base) {
		this.base = base;
	}

	/**
	 * Moves the clock.
	 * @param by how far forward
	 */
	public synchronized void advance(Duration by) {
		this.moved = this.moved.plus(by);
	}

	/** Puts the clock back to where the other one is. */
	public synchronized void reset() {
		this.moved = Duration.ZERO;
	}

	/**
	 * Returns this clock with a ticker that is moved with it.
	 * @return the source
	 */
	public TimeSource time() {
		return new TimeSource(this, () -> System.nanoTime() + this.moved.toNanos());
	}

	@Override
	public Instant instant() {
		return this.base.instant().plus(this.moved);
	}

	@Override
	public ZoneId getZone() {
		return this.base.getZone();
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return Clock.offset(this.base.withZone(zone), this.moved);
	}

}
