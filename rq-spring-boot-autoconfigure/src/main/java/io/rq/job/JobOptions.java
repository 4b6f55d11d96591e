package io.rq.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What can be chosen for a job beside its function and arguments. A {@code null} value is
 * "not given": RQ then leaves the field out of the job's hash and the reader's default
 * applies. Durations are whole seconds; {@link #UNLIMITED} (any negative value) stands
 * for RQ's {@code -1}.
 *
 * @param description text for people, or {@code null}
 * @param timeout how long one run may take, or {@code null}
 * @param ttl how long the job may wait before it is dropped, or {@code null} for ever
 * @param resultTtl how long job and result are kept after success, zero to drop at once,
 * or {@code null}
 * @param failureTtl how long job and result are kept after the final failure, or
 * {@code null}
 * @param retry the answer to exceptions; in a stored job what is left of it, or
 * {@code null}
 * @param repeat how often the job runs again after success; in a stored job what is left
 * of it, or {@code null}
 * @param links the ties to other jobs
 * @param hooks what is done when a run ends
 */
public record JobOptions(@Nullable String description, @Nullable Duration timeout, @Nullable Duration ttl,
		@Nullable Duration resultTtl, @Nullable Duration failureTtl, @Nullable Retry retry, @Nullable Repeat repeat,
		JobLinks links, JobHooks hooks) {

	/** Stands for "no limit": RQ's {@code -1}. */
	public static final Duration UNLIMITED = Duration.ofSeconds(-1);

	/** The longest duration of a job, 100 years: beyond it clocks and Redis overflow. */
	public static final Duration LONGEST = Duration.ofDays(36_525);

	/** Options of which none is given. */
	public static final JobOptions NONE = new JobOptions(null, null, null, null, null, null, null);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the timeout is zero, the ttl not positive, or a
	 * duration is not a whole number of seconds or longer than {@link #LONGEST}
	 */
	public JobOptions {
		wholeSeconds("timeout", timeout);
		wholeSeconds("ttl", ttl);
		wholeSeconds("resultTtl", resultTtl);
		wholeSeconds("failureTtl", failureTtl);
		Assert.isTrue(timeout == null || !timeout.isZero(),
				"'timeout' must not be zero; use a positive duration or JobOptions.UNLIMITED");
		Assert.isTrue(ttl == null || !(ttl.isZero() || ttl.isNegative()),
				() -> "'ttl' must be positive but is " + ttl + "; leave it out for a job that may wait for ever");
	}

	/**
	 * Creates options of a job without ties to others.
	 * @param description text for people, or {@code null}
	 * @param timeout how long one run may take, or {@code null}
	 * @param ttl how long the job may wait before it is dropped, or {@code null}
	 * @param resultTtl how long a success is kept, or {@code null}
	 * @param failureTtl how long a failure is kept, or {@code null}
	 * @param retry the answer to exceptions, or {@code null}
	 * @param repeat how often the job runs again after success, or {@code null}
	 */
	public JobOptions(@Nullable String description, @Nullable Duration timeout, @Nullable Duration ttl,
			@Nullable Duration resultTtl, @Nullable Duration failureTtl, @Nullable Retry retry,
			@Nullable Repeat repeat) {
		this(description, timeout, ttl, resultTtl, failureTtl, retry, repeat, JobLinks.NONE, JobHooks.NONE);
	}

	private static void wholeSeconds(String name, @Nullable Duration value) {
		Assert.isTrue(value == null || value.getNano() == 0,
				() -> "'" + name + "' must be a whole number of seconds but is " + value);
		if (value != null) {
			requireNotTooLong(name, value);
		}
	}

	/**
	 * Checks a duration that is kept or counted for a job.
	 * @param name what it is the duration of
	 * @param value the duration
	 * @return the duration
	 * @throws IllegalArgumentException if it is longer than {@link #LONGEST}
	 */
	public static Duration requireNotTooLong(String name, Duration value) {
		Assert.isTrue(value.compareTo(LONGEST) <= 0, () -> "'" + name + "' must not be longer than " + LONGEST.toDays()
				+ " days (100 years) but is " + value);
		return value;
	}

	/**
	 * Returns these options where given, the others elsewhere.
	 * @param defaults the options to use where this has none
	 * @return the merged options
	 */
	public JobOptions orElse(JobOptions defaults) {
		if (this == NONE || defaults == NONE) {
			return (this == NONE) ? defaults : this;
		}
		return new JobOptions(first(this.description, defaults.description), first(this.timeout, defaults.timeout),
				first(this.ttl, defaults.ttl), first(this.resultTtl, defaults.resultTtl),
				first(this.failureTtl, defaults.failureTtl), first(this.retry, defaults.retry),
				first(this.repeat, defaults.repeat), this.links.orElse(defaults.links),
				(this.hooks != JobHooks.NONE) ? this.hooks : defaults.hooks);
	}

	/**
	 * Returns these options with another description.
	 * @param value the description, or {@code null}
	 * @return new options
	 */
	public JobOptions withDescription(@Nullable String value) {
		return new JobOptions(value, this.timeout, this.ttl, this.resultTtl, this.failureTtl, this.retry, this.repeat,
				this.links, this.hooks);
	}

	/**
	 * Returns these options with another timeout.
	 * @param value the longest run, or {@code null}
	 * @return new options
	 */
	public JobOptions withTimeout(@Nullable Duration value) {
		return new JobOptions(this.description, value, this.ttl, this.resultTtl, this.failureTtl, this.retry,
				this.repeat, this.links, this.hooks);
	}

	/**
	 * Returns these options with another time to live.
	 * @param value the longest wait, or {@code null}
	 * @return new options
	 */
	public JobOptions withTtl(@Nullable Duration value) {
		return new JobOptions(this.description, this.timeout, value, this.resultTtl, this.failureTtl, this.retry,
				this.repeat, this.links, this.hooks);
	}

	/**
	 * Returns these options with another result TTL.
	 * @param value how long a success is kept, or {@code null}
	 * @return new options
	 */
	public JobOptions withResultTtl(@Nullable Duration value) {
		return new JobOptions(this.description, this.timeout, this.ttl, value, this.failureTtl, this.retry, this.repeat,
				this.links, this.hooks);
	}

	/**
	 * Returns these options with another failure TTL.
	 * @param value how long a failure is kept, or {@code null}
	 * @return new options
	 */
	public JobOptions withFailureTtl(@Nullable Duration value) {
		return new JobOptions(this.description, this.timeout, this.ttl, this.resultTtl, value, this.retry, this.repeat,
				this.links, this.hooks);
	}

	/**
	 * Returns these options with another retry rule.
	 * @param value the rule, or {@code null}
	 * @return new options
	 */
	public JobOptions withRetry(@Nullable Retry value) {
		return new JobOptions(this.description, this.timeout, this.ttl, this.resultTtl, this.failureTtl, value,
				this.repeat, this.links, this.hooks);
	}

	/**
	 * Returns these options with another rule of repetition.
	 * @param value the rule, or {@code null}
	 * @return new options
	 */
	public JobOptions withRepeat(@Nullable Repeat value) {
		return new JobOptions(this.description, this.timeout, this.ttl, this.resultTtl, this.failureTtl, this.retry,
				value, this.links, this.hooks);
	}

	/**
	 * Returns these options with other ties.
	 * @param value the ties to other jobs
	 * @return new options
	 */
	public JobOptions withLinks(JobLinks value) {
		return new JobOptions(this.description, this.timeout, this.ttl, this.resultTtl, this.failureTtl, this.retry,
				this.repeat, value, this.hooks);
	}

	/**
	 * Returns these options with other hooks.
	 * @param value what is done when a run ends
	 * @return new options
	 */
	public JobOptions withHooks(JobHooks value) {
		return new JobOptions(this.description, this.timeout, this.ttl, this.resultTtl, this.failureTtl, this.retry,
				this.repeat, this.links, value);
	}

	/**
	 * Returns a duration as RQ has it.
	 * @param duration the duration
	 * @return whole seconds, -1 for {@link #UNLIMITED}
	 */
	public static long seconds(Duration duration) {
		return duration.isNegative() ? -1 : duration.toSeconds();
	}

	private static <T> @Nullable T first(@Nullable T value, @Nullable T other) {
		return (value != null) ? value : other;
	}

}
