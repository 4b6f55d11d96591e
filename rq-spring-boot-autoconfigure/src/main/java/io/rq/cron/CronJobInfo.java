package io.rq.cron;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A cron job at one moment.
 *
 * @param name its name
 * @param queue the name of its queue
 * @param schedule when it is due, as a text
 * @param lastFire when its last job was enqueued, or {@code null} if none was
 * @param lastJobId the id of that job, or {@code null}
 * @param nextFire when it is due next, in the past if that has not been done yet; or
 * {@code null} if it is paused, has come to its end, or no scheduler has seen it yet
 * @param paused since when it is paused and why, or {@code null} if it is not
 */
public record CronJobInfo(String name, String queue, String schedule, @Nullable Instant lastFire,
		@Nullable String lastJobId, @Nullable Instant nextFire, @Nullable Pause paused) {

	/**
	 * A pause.
	 *
	 * @param since since when
	 * @param reason why, or {@code null} if no reason was given
	 */
	public record Pause(Instant since, @Nullable String reason) {

	}

}
