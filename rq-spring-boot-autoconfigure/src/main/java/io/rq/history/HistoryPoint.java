package io.rq.history;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What happened in a minute or an hour.
 *
 * @param time when it began
 * @param enqueued how many jobs came onto the queue, from wherever: those that started,
 * and by how many more wait at its end than at the end of the point before; {@code null}
 * if it is not known how many wait, as of functions and of all queues together
 * @param started how many runs began
 * @param finished how many ended well
 * @param failed how many failed for good, or were stopped
 * @param retried how many failed and are tried again
 * @param queued how many jobs waited at its end, or {@code null} if nobody looked
 * @param waiting how long the jobs that started had waited, or {@code null} if none
 * tells, as of functions
 * @param running how long the runs that ended took, or {@code null} if there is none
 * @param lateness how late due jobs were moved to their queue, or {@code null} if none
 * was
 */
public record HistoryPoint(Instant time, @Nullable Long enqueued, long started, long finished, long failed,
		long retried, @Nullable Long queued, @Nullable Quantiles waiting, @Nullable Quantiles running,
		@Nullable Quantiles lateness) {

	static HistoryPoint of(Instant time, long[] numbers, @Nullable Long queuedBefore) {
		Long queued = (numbers[Numbers.QUEUED] > 0) ? numbers[Numbers.QUEUED] - 1 : null;
		Long enqueued = (queued != null && queuedBefore != null)
				? Math.max(0, numbers[Numbers.STARTED] + queued - queuedBefore) : null;
		return new HistoryPoint(time, enqueued, numbers[Numbers.STARTED], numbers[Numbers.FINISHED],
				numbers[Numbers.FAILED], numbers[Numbers.RETRIED], queued, Buckets.quantiles(numbers, Numbers.WAITING),
				Buckets.quantiles(numbers, Numbers.RUNNING), Buckets.quantiles(numbers, Numbers.LATENESS));
	}

}
