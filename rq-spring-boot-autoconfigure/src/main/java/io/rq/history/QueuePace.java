package io.rq.history;

import org.jspecify.annotations.Nullable;

/**
 * How fast a queue is filled and worked off, on average of the last minutes. Only the
 * runs of Java's workers are counted.
 *
 * @param in how many jobs come onto the queue in a second, or {@code null} if that is not
 * known
 * @param out how many leave it for good or for a retry in a second
 * @param waiting how long those that started had waited, or {@code null} if none did
 * @param running how long the runs that ended took, or {@code null} if there is none
 * @param lateness how late due jobs were moved to the queue, or {@code null} if none was
 */
public record QueuePace(@Nullable Double in, double out, @Nullable Quantiles waiting, @Nullable Quantiles running,
		@Nullable Quantiles lateness) {

}
