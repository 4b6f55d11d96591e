package io.rq.lifecycle;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What time it is: a clock for times that people read, which may be set, and a ticker
 * that measures how long something takes and never goes back.
 *
 * @param clock the clock
 * @param ticker the nanoseconds since some moment, as {@link System#nanoTime()}
 */
public record TimeSource(Clock clock, LongSupplier ticker) {

	/**
	 * Returns the time of a clock, with the ticker of this machine.
	 * @param clock the clock
	 * @return the source
	 */
	public static TimeSource of(Clock clock) {
		return new TimeSource(clock, System::nanoTime);
	}

	/**
	 * Returns the time for people.
	 * @return the instant
	 */
	public Instant instant() {
		return this.clock.instant();
	}

	/**
	 * Returns the time for measuring: only differences mean something.
	 * @return the nanoseconds
	 */
	public long nanoTime() {
		return this.ticker.getAsLong();
	}

}
