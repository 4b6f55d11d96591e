package io.rq.job;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How many jobs of one key there may be, whatever queues they are on: on queues or
 * running at a time, as in RQ, or started within a window of time, which RQ does not
 * know. The others wait, first come, first served. As in RQ the last job that comes
 * decides for all jobs of its key.
 *
 * <pre class="code">
 * JobRequest.of(Billing::charge, 42L).rateLimit(RateLimit.key("api").concurrency(2))
 * JobRequest.of(Mails::send, 42L).rateLimit(RateLimit.key("smtp").limit(100, Duration.ofMinutes(1)))
 * </pre>
 *
 * @param key what the jobs have in common
 * @param jobs how many of them there may be
 * @param window the time within which so many may start, or {@code null} if so many may
 * be under way at a time
 */
public record RateLimit(String key, int jobs, @Nullable Duration window) {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofDays(31);

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the key is empty, the number not positive or
	 * the window shorter than a second or longer than 31 days
	 */
	public RateLimit {
		Assert.hasLength(key, "'key' must not be empty");
		Assert.isTrue(jobs >= 1, () -> "A rate limit must allow at least 1 job but '" + key + "' allows " + jobs);
		Assert.isTrue(window == null || window.compareTo(SHORTEST) >= 0 && window.compareTo(LONGEST) <= 0,
				() -> "'window' must be from 1 second to 31 days but is " + window);
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
			Assert.isTrue(!key.matches("windows?:.*|.*:(allowed|rate_limited)"),
					() -> "'key' must neither begin with 'window:' or 'windows:' nor end in ':allowed' or "
							+ "':rate_limited', which are added to it: " + key);
		}

		/**
		 * Limits how many jobs may be on queues or run at a time.
		 * @param jobs the number of jobs
		 * @return the limit
		 * @throws IllegalArgumentException if it is not positive
		 */
		public RateLimit concurrency(int jobs) {
			return new RateLimit(this.key, jobs, null);
		}

		/**
		 * Limits how many jobs may start within a window of time, wherever it begins. A
		 * retry and a repetition are starts as well. Python's workers do not know it.
		 * @param jobs the number of starts
		 * @param window the length of the window
		 * @return the limit
		 * @throws IllegalArgumentException if the number is not positive or the window
		 * shorter than a second or longer than 31 days
		 */
		public RateLimit limit(int jobs, Duration window) {
			Assert.notNull(window, "'window' must not be null");
			return new RateLimit(this.key, jobs, window);
		}

	}

}
