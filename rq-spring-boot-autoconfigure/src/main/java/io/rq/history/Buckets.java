package io.rq.history;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Durations by their order of magnitude: each bucket is twice as long as the one before,
 * from an eighth of a millisecond to 25 days.
 */
final class Buckets {

	static final int COUNT = 36;

	private static final double SHORTEST_NANOS = 125_000;

	/** In seconds, longer than where the last bucket begins. */
	private static final long LONGEST = 10_000_000;

	private static final double MEDIAN = 0.5;

	private static final double MOST = 0.99;

	private Buckets() {
	}

	static int of(Duration duration) {
		if (duration.isNegative()) {
			return 0;
		}
		long parts = Math.min(duration.getSeconds(), LONGEST) * 8_000 + duration.getNano() / (long) SHORTEST_NANOS;
		return Math.min(Long.SIZE - Long.numberOfLeadingZeros(parts), COUNT - 1);
	}

	/** Returns the quantiles of what is in buckets, or {@code null} if nothing is. */
	static @Nullable Quantiles quantiles(long[] numbers, int first) {
		long total = 0;
		for (int bucket = 0; bucket < COUNT; bucket++) {
			total += numbers[first + bucket];
		}
		return (total == 0) ? null
				: new Quantiles(quantile(numbers, first, total * MEDIAN), quantile(numbers, first, total * MOST));
	}

	private static Duration quantile(long[] numbers, int first, double rank) {
		double before = 0;
		int last = 0;
		for (int bucket = 0; bucket < COUNT; bucket++) {
			long inBucket = numbers[first + bucket];
			if (inBucket > 0 && before + inBucket >= rank) {
				return within(bucket, (rank - before) / inBucket);
			}
			before += inBucket;
			last = (inBucket > 0) ? bucket : last;
		}
		return within(last, 1);
	}

	/**
	 * Within a bucket durations are taken to be as many in each part of its logarithm.
	 */
	private static Duration within(int bucket, double part) {
		double parts = (bucket == 0) ? part : Math.pow(2, bucket - 1 + part);
		return Duration.ofNanos((long) (parts * SHORTEST_NANOS) / 1_000 * 1_000);
	}

}
