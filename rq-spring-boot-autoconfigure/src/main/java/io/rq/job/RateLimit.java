package io.rq.job;

import org.springframework.util.Assert;

/**
 * How many jobs of one key may be on queues or run at a time, whatever queues those are.
 * The others wait, first come, first served. As in RQ the last job that comes decides for
 * all jobs of its key.
 *
 * <pre class="code">
 * JobRequest.of(Billing::charge, 42L).rateLimit(RateLimit.key("api").concurrency(2))
 * </pre>
 *
 * @param key what the jobs have in common
 * @param concurrency how many of them there may be
 */
public record RateLimit(String key, int concurrency) {

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the key is empty or the number not positive
	 */
	public RateLimit {
		Assert.hasLength(key, "'key' must not be empty");
		Assert.isTrue(concurrency >= 1, () -> "'concurrency' must be at least 1 but is " + concurrency);
	}

	/**
	 * Begins a limit.
	 * @param key what the jobs have in common, such as the name of a service that they
	 * call
	 * @return the key, of which a limit can be made
	 * @throws IllegalArgumentException if the key has no text, has control characters or
	 * ends as another key of RQ does
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
		 * @throws IllegalArgumentException if it has no text, has control characters or
		 * ends as another key of RQ does
		 */
		public Key {
			Assert.hasText(key, "'key' must not be empty");
			Assert.isTrue(key.chars().noneMatch(Character::isISOControl),
					() -> "'key' must have no line breaks or other control characters: " + key);
			Assert.isTrue(!key.matches(".*:(allowed|rate_limited)"),
					() -> "'key' must not end in ':allowed' or ':rate_limited', which RQ adds itself: " + key);
		}

		/**
		 * Limits how many jobs may be on queues or run at a time.
		 * @param concurrency the number of jobs
		 * @return the limit
		 * @throws IllegalArgumentException if it is not positive
		 */
		public RateLimit concurrency(int concurrency) {
			return new RateLimit(this.key, concurrency);
		}

	}

}
