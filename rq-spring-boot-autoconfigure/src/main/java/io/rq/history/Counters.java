package io.rq.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of what happens to the jobs of one function. Any thread counts, one takes off
 * what has been counted.
 */
final class Counters {

	private final LongAdder[] adders = new LongAdder[Numbers.COUNT];

	private final long[] taken = new long[Numbers.COUNT];

	Counters() {
		Arrays.setAll(this.adders, (at) -> new LongAdder());
	}

	void count(int number) {
		this.adders[number].increment();
	}

	void count(int first, Duration duration, long times) {
		this.adders[first + Buckets.of(duration)].add(times);
	}

	/** Returns what was counted since the last call. */
	long[] take() {
		long[] counted = new long[Numbers.COUNT];
		for (int at = 0; at < Numbers.COUNT; at++) {
			long sum = this.adders[at].sum();
			counted[at] = sum - this.taken[at];
			this.taken[at] = sum;
		}
		return counted;
	}

}
