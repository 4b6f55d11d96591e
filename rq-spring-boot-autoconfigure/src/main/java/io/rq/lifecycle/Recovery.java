package io.rq.lifecycle;

import java.time.Duration;

import org.springframework.util.Assert;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * How long a loop pauses after rounds that failed, mostly because Redis is away: twice as
 * long after each.
 *
 * @param minPause the first pause, at least a millisecond
 * @param maxPause the longest pause, no shorter than the first
 */
public record Recovery(Duration minPause, Duration maxPause) {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	/** From a tenth of a second to a second. */
	public static final Recovery DEFAULT = new Recovery(Duration.ofMillis(100), Duration.ofSeconds(1));

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the first pause is too short, or longer than
	 * the longest
	 */
	public Recovery {
		Assert.isTrue(minPause.compareTo(SHORTEST) >= 0, () -> "'minPause' must be at least 1 ms but is " + minPause);
		Assert.isTrue(maxPause.compareTo(minPause) >= 0,
				() -> "'maxPause' must be at least 'minPause' (" + minPause + ") but is " + maxPause);
	}

	/**
	 * Returns pauses that are short enough for what must not be late.
	 * @param limit the longest pause there may be; a millisecond if it is shorter
	 * @return the changed copy
	 */
	public Recovery atMost(Duration limit) {
		Duration longest = shorter(this.maxPause, longer(SHORTEST, limit));
		return new Recovery(shorter(this.minPause, longest), longest);
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? other : one;
	}

	BackOffExecution begin() {
		ExponentialBackOff pauses = new ExponentialBackOff(this.minPause.toMillis(), 2);
		pauses.setMaxInterval(this.maxPause.toMillis());
		return pauses.start();
	}

}
