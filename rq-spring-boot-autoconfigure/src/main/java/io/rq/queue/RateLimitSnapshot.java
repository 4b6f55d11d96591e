package io.rq.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What there was of a rate limit at one moment.
 *
 * @param key its key
 * @param jobs how many jobs of that key there may be, 0 if it does not tell
 * @param window the time within which so many may start, or {@code null} if so many may
 * be on queues or run
 * @param burst how many may start at once after a rest, or {@code null} unless it is a
 * bucket
 * @param holders how many were there, or had started within the window, or how many
 * places were taken from the bucket
 * @param waiting how many waited for a place
 */
public record RateLimitSnapshot(String key, long jobs, @Nullable Duration window, @Nullable Long burst, long holders,
		long waiting) {

}
