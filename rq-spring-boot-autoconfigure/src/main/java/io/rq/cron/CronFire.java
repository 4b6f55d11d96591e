package io.rq.cron;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What became of an occurrence of a cron job.
 *
 * @param name the cron job's name
 * @param queue the name of its queue
 * @param occurrence when it was to be, by its schedule
 * @param outcome what became of it
 * @param lateness how late that was, by the clock of Redis
 * @param jobId the id of the job, or {@code null} if there is none
 */
public record CronFire(String name, String queue, Instant occurrence, Outcome outcome, Duration lateness,
		@Nullable String jobId) {

	/**
	 * What may become of an occurrence.
	 */
	public enum Outcome {

		/** A job was enqueued. */
		FIRED,

		/** It was missed, and is not made up for. */
		MISSED,

		/** The cron job is paused. */
		PAUSED,

		/** The last job has not ended. */
		OVERLAPPED

	}

}
