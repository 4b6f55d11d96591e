package io.rq.history;

import java.time.Duration;

/**
 * How long something took. Counted by orders of magnitude, so that each is true to a
 * factor of two at worst, and to about ten per cent as a rule.
 *
 * @param p50 half of all took no longer
 * @param p99 of a hundred about one took longer
 */
public record Quantiles(Duration p50, Duration p99) {

}
