package io.rq.redis;

import java.time.Duration;
import java.time.Instant;

/**
 * What it takes to know that a missing beat of another worker is that worker's fault and
 * not Redis': an unbroken series of own beats that lasts as long as the others need for
 * one of theirs.
 *
 * @param lease how long a lease lasts without a beat
 * @param beatInterval how often workers beat
 */
record Steadiness(Duration lease, Duration beatInterval) {

	/** Allows for a beat that comes a little late. */
	private static final Duration TOLERANCE = Duration.ofSeconds(1);

	/**
	 * The seconds after which a series of beats is broken: less than an absence of Redis
	 * that makes other leases run out.
	 */
	String longestGap() {
		return seconds(this.lease.minus(this.beatInterval).plus(TOLERANCE));
	}

	/** The seconds that a series has to last. */
	String shortestSeries() {
		return seconds(this.beatInterval);
	}

	private static String seconds(Duration duration) {
		return Timestamps.seconds(Instant.EPOCH.plus(duration));
	}

}
