package io.rq.job;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A job ready to be stored, with what is asked of the storing but not kept in the job.
 *
 * @param job the job; its status is set by the storing
 * @param atFront whether it goes to the front of its queue, now or when due
 * @param idGiven whether the caller chose the id, so that the job may exist already
 * @param unique whether an existing job of that id is an error
 * @param due when it is due, or {@code null} for now
 */
public record NewJob(Job job, boolean atFront, boolean idGiven, boolean unique, @Nullable Due due) {

	/**
	 * Puts it on another queue.
	 * @param queue the queue's name
	 * @return the job on that queue
	 */
	public NewJob onQueue(String queue) {
		return queue.equals(this.job.queue()) ? this
				: new NewJob(this.job.onQueue(queue), this.atFront, this.idGiven, this.unique, this.due);
	}

	/**
	 * A due time: a moment, or a delay that is counted by the clock of Redis.
	 *
	 * @param at the moment, or {@code null} if a delay is given
	 * @param in the delay, or {@code null} if a moment is given
	 */
	public record Due(@Nullable Instant at, @Nullable Duration in) {

		/** The latest moment that all readers of job hashes know. */
		private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

		/**
		 * Validates the values; a negative delay becomes none.
		 * @throws IllegalArgumentException if the moment is after the year 9999 or the
		 * delay longer than {@link JobOptions#LONGEST}
		 */
		public Due {
			Assert.isTrue(at == null || !at.isAfter(LATEST),
					() -> "'at' must not be after " + LATEST + " but is " + at);
			if (in != null) {
				in = in.isNegative() ? Duration.ZERO : JobOptions.requireNotTooLong("in", in);
			}
		}

		/**
		 * Returns the due time of a moment.
		 * @param at the moment
		 * @return the due time
		 */
		public static Due at(Instant at) {
			return new Due(at, null);
		}

		/**
		 * Returns the due time after a delay.
		 * @param in the delay; zero or negative means at once
		 * @return the due time
		 */
		public static Due in(Duration in) {
			return new Due(null, in);
		}

	}

}
