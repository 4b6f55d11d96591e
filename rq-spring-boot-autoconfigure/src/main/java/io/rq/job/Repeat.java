package io.rq.job;

import java.util.Arrays;
import java.util.List;

import org.springframework.util.Assert;

/**
 * How often a job runs again after success, and after which waits (protocol §6.5). RQ
 * takes the waits from the end of the list: with {@code times(3).intervals(5, 10)} the
 * job runs again after 10, 10 and 5 seconds.
 *
 * @param times how often the job runs again; in a stored job, how often still
 * @param intervalSeconds the waits in whole seconds; 0 means at once. Never empty
 */
public record Repeat(int times, List<Integer> intervalSeconds) {

	private static final List<Integer> AT_ONCE = List.of(0);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if a value is negative or there is no interval
	 */
	public Repeat {
		Assert.isTrue(times >= 0, () -> "'times' must not be negative but is " + times);
		Assert.notEmpty(intervalSeconds, "'intervalSeconds' must not be empty");
		intervalSeconds = List.copyOf(intervalSeconds);
		for (Integer interval : intervalSeconds) {
			Assert.isTrue(interval >= 0, () -> "'intervals' must not be negative but contains " + interval);
		}
	}

	/**
	 * Creates a rule of that many repetitions, each at once.
	 * @param times the number of repetitions after the first run, at least 1
	 * @return the rule
	 * @throws IllegalArgumentException if {@code times} is less than 1
	 */
	public static Repeat times(int times) {
		Assert.isTrue(times >= 1, () -> "'times' must be at least 1 but is " + times);
		return new Repeat(times, AT_ONCE);
	}

	/**
	 * Returns this rule with the given waits. The repetition with {@code r} left waits
	 * the {@code r}th of them, or the last one if there are fewer.
	 * @param seconds the waits in seconds, 0 for at once
	 * @return a new rule
	 * @throws IllegalArgumentException if a wait is negative or none is given
	 */
	public Repeat intervals(int... seconds) {
		return new Repeat(this.times, Arrays.stream(seconds).boxed().toList());
	}

	/**
	 * Returns whether some repetition waits before it runs, which needs a scheduler.
	 * @return {@code true} unless each runs at once
	 */
	public boolean isDelayed() {
		return this.intervalSeconds.stream().limit(this.times).anyMatch((wait) -> wait > 0);
	}

}
