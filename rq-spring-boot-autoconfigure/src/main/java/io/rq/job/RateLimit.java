package io.rq.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How many jobs of one key there may be, whatever queues they are on: on queues or
 * running at a time, as in RQ, or started within a window of time, or as the tokens of a
 * bucket come, which RQ does not know. The others wait, first come, first served. As in
 * RQ the last job that comes decides for all jobs of its key.
 *
 * <pre class="code">
 * JobRequest.of(Billing::charge, 42L).rateLimit(RateLimit.key("api").concurrency(2))
 * JobRequest.of(Mails::send, 42L).rateLimit(RateLimit.key("smtp").limit(100, Duration.ofMinutes(1)))
 * JobRequest.of(Sms::send, 42L).rateLimit(RateLimit.key("sms").limit(100, Duration.ofMinutes(1)).burst(5))
 * </pre>
 *
 * @param key what the jobs have in common
 * @param jobs how many of them there may be
 * @param window the time within which so many may start, or {@code null} if so many may
 * be under way at a time
 * @param burst how many may start at once after a rest, or {@code null} unless it is a
 * bucket
 */
public record RateLimit(String key, int jobs, @Nullable Duration window, @Nullable Integer burst) {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofDays(31);

	private static final int MOST = 999_999_999;

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the key is empty, a number not positive or, for
	 * a limit by time, above 999,999,999, or the window shorter than a second or longer
	 * than 31 days, or there is a burst without a window
	 */
	public RateLimit {
		Assert.hasLength(key, "'key' must not be empty");
		Assert.isTrue(jobs >= 1, () -> "A rate limit must allow at least 1 job but '" + key + "' allows " + jobs);
		Assert.isTrue(window == null || window.compareTo(SHORTEST) >= 0 && window.compareTo(LONGEST) <= 0,
				() -> "'window' must be from 1 second to 31 days but is " + window);
		Assert.isTrue(window == null || jobs <= MOST,
				() -> "A rate limit by time must allow at most " + MOST + " jobs");
		Assert.isTrue(burst == null || burst >= 1 && burst <= MOST,
				() -> "'burst' must be from 1 to " + MOST + " but is " + burst);
		Assert.isTrue(burst == null || window != null,
				"'burst' needs a limit by time: say limit(jobs, window) instead of concurrency(jobs)");
	}

	/**
	 * Begins a limit.
	 * @param key what the jobs have in common, such as the name of a service that they
	 * call
	 * @return the key, of which a limit can be made
	 * @throws IllegalArgumentException if the key has no text, has control characters, or
	 * begins or ends as another key does
	 */
	public static Key key(String key) {
		return new Key(key);
	}

	/**
	 * Makes a token bucket of a limit by time: places come evenly, as many in the time of
	 * the window as it allowed, and up to so many of them wait to be taken. So in any
	 * time no more jobs start than that and what comes in that time: with
	 * {@code limit(100, Duration.ofMinutes(1)).burst(5)} at most 5 at once, and at most
	 * 105 in a minute. The jobs of a bucket and those of a window with its key do not
	 * count together.
	 * @param jobs how many jobs may start at once after a rest
	 * @return the bucket
	 * @throws IllegalArgumentException if the number is not positive or too large, or
	 * this is no limit by time
	 */
	public RateLimit burst(int jobs) {
		return new RateLimit(this.key, this.jobs, this.window, jobs);
	}

	/**
	 * What the jobs of a limit have in common.
	 *
	 * @param key the text
	 */
	public record Key(String key) {

		/**
		 * Validates the text.
		 * @throws IllegalArgumentException if it has no text, has control characters, or
		 * begins or ends as another key does
		 */
		public Key {
			Assert.hasText(key, "'key' must not be empty");
			Assert.isTrue(key.chars().noneMatch(Character::isISOControl),
					() -> "'key' must have no line breaks or other control characters: " + key);
			Assert.isTrue(!key.matches("(window|bucket)s?:.*|.*:(allowed|rate_limited)"),
					() -> "'key' must neither begin with 'window', 'windows', 'bucket' or 'buckets' and ':' nor "
							+ "end in ':allowed' or ':rate_limited', which are added to it: " + key);
		}

		/**
		 * Limits how many jobs may be on queues or run at a time.
		 * @param jobs the number of jobs
		 * @return the limit
		 * @throws IllegalArgumentException if it is not positive
		 */
		public RateLimit concurrency(int jobs) {
			return new RateLimit(this.key, jobs, null, null);
		}

		/**
		 * Limits how many jobs may start within a window of time, wherever it begins. A
		 * retry and a repetition are starts as well. Python's workers do not know it.
		 * @param jobs the number of starts
		 * @param window the length of the window
		 * @return the limit
		 * @throws IllegalArgumentException if the number is not positive or above
		 * 999,999,999, or the window shorter than a second or longer than 31 days
		 */
		public RateLimit limit(int jobs, Duration window) {
			Assert.notNull(window, "'window' must not be null");
			return new RateLimit(this.key, jobs, window, null);
		}

	}

}
