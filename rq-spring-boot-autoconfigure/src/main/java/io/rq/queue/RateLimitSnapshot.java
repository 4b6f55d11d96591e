package io.rq.queue;

/**
 * What there was of a rate limit at one moment.
 *
 * @param key its key
 * @param concurrency how many jobs of that key may be on queues or run, 0 if it does not
 * tell
 * @param holders how many were there
 * @param waiting how many waited for a place
 */
public record RateLimitSnapshot(String key, long concurrency, long holders, long waiting) {

}
