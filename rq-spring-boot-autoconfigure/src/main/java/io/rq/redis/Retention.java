package io.rq.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.JobOptions;
import io.rq.queue.Registry;

/**
 * How much is kept of ended jobs on each queue, whatever they say themselves.
 *
 * @param finished the bounds of jobs that succeeded
 * @param failed the bounds of jobs that failed or were stopped
 * @param canceled the bounds of cancelled jobs
 */
public record Retention(Bounds finished, Bounds failed, Bounds canceled) {

	/** Keeps all for as long as they say. */
	public static final Retention NONE = new Retention(Bounds.NONE, Bounds.NONE, Bounds.NONE);

	boolean isBounded() {
		return !equals(NONE);
	}

	/** The registries that have bounds. */
	Map<Registry, Bounds> bounds() {
		Map<Registry, Bounds> bounds = new EnumMap<>(Map.of(Registry.FINISHED, this.finished, Registry.FAILED,
				this.failed, Registry.CANCELED, this.canceled));
		bounds.values().removeIf(Bounds.NONE::equals);
		return bounds;
	}

	/**
	 * How many jobs of one kind are kept on a queue.
	 *
	 * @param maxCount how many jobs, 0 for any number
	 * @param maxAge for how long, in whole seconds, or {@code null} for as long as they
	 * say
	 * @param maxSize how many bytes of memory all of them take together, 0 for any number
	 */
	public record Bounds(long maxCount, @Nullable Duration maxAge, long maxSize) {

		/** No bounds. */
		public static final Bounds NONE = new Bounds(0, null, 0);

		/**
		 * Validates the values.
		 * @throws IllegalArgumentException if one is negative or the age is too long
		 */
		public Bounds {
			Assert.isTrue(maxCount >= 0, () -> "'maxCount' must not be negative but is " + maxCount);
			Assert.isTrue(maxSize >= 0, () -> "'maxSize' must not be negative but is " + maxSize);
			if (maxAge != null) {
				Assert.isTrue(maxAge.toSeconds() >= 1, () -> "'maxAge' must be at least 1 s but is " + maxAge);
				JobOptions.requireNotTooLong("maxAge", maxAge);
			}
		}

		String count() {
			return (this.maxCount > 0) ? Long.toString(this.maxCount) : "";
		}

		String bytes() {
			return (this.maxSize > 0) ? Long.toString(this.maxSize) : "";
		}

		/** The score of a cancelled job is no time at which it would go. */
		String seconds(Registry registry) {
			return (this.maxAge != null && registry != Registry.CANCELED)
					? Long.toString(Objects.requireNonNull(this.maxAge).toSeconds()) : "";
		}

	}

}
