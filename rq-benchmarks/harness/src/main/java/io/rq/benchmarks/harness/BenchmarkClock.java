package io.rq.benchmarks.harness;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * The clock that all measured processes share: the machine's wall clock in microseconds.
 * A monotonic clock has no common origin across processes.
 */
public final class BenchmarkClock {

	private BenchmarkClock() {
	}

	/**
	 * Tells the time.
	 * @return microseconds since the epoch
	 */
	public static long micros() {
		Instant now = Instant.now();
		return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
	}

	/**
	 * Waits for a point in time; returns at once when it has passed.
	 * @param micros microseconds since the epoch
	 */
	public static void sleepUntil(long micros) {
		long left = micros - micros();
		while (left > 0) {
			LockSupport.parkNanos(left * 1_000);
			left = micros - micros();
		}
	}

}
