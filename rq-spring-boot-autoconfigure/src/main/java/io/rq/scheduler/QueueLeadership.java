package io.rq.scheduler;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a scheduler is for one queue, and what it did there.
 *
 * @param queue the queue's name
 * @param leader whether it may move the queue's jobs now; else it is a standby
 * @param since when that changed last, or {@code null} before the first election
 * @param passes what it has moved since it was created
 */
public record QueueLeadership(String queue, boolean leader, @Nullable Instant since, Passes passes) {

	/**
	 * The looks at the scheduled jobs of a queue.
	 *
	 * @param last when the last one ended, or {@code null} if there was none
	 * @param lateness how late the last moved job was moved, or {@code null} if none was
	 * @param oldestOverdue how overdue the oldest job was that the last look found, zero
	 * if it found none
	 * @param moved the number of jobs moved in all
	 * @param failure what the last look failed with although Redis answered, or
	 * {@code null} if it did not
	 */
	public record Passes(@Nullable Instant last, @Nullable Duration lateness, Duration oldestOverdue, long moved,
			@Nullable String failure) {

		/** No look yet. */
		static final Passes NONE = new Passes(null, null, Duration.ZERO, 0, null);

		/** A look later that found nothing. */
		Passes nothingDue(Instant now) {
			return new Passes(now, this.lateness, Duration.ZERO, this.moved, null);
		}

	}

}
