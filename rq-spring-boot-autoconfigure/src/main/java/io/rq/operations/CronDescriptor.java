package io.rq.operations;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.cron.CronJobInfo;

/**
 * A cron job of this application.
 *
 * @param name its name
 * @param queue the name of its queue
 * @param schedule when it is due
 * @param lastFire when its last job was enqueued, or {@code null} if none was
 * @param lastJob the id of that job, or {@code null}
 * @param nextFire when it is due next, in the past if that has not been done yet; or
 * {@code null} if it is paused, has come to its end, or no scheduler has seen it yet
 * @param pausedSince since when it is paused, or {@code null} if it is not
 * @param pauseReason why, or {@code null}
 */
public record CronDescriptor(String name, String queue, String schedule, @Nullable Instant lastFire,
		@Nullable String lastJob, @Nullable Instant nextFire, @Nullable Instant pausedSince,
		@Nullable String pauseReason) {

	static CronDescriptor of(CronJobInfo job) {
		CronJobInfo.Pause paused = job.paused();
		return new CronDescriptor(job.name(), job.queue(), job.schedule(), job.lastFire(), job.lastJobId(),
				job.nextFire(), (paused != null) ? paused.since() : null, (paused != null) ? paused.reason() : null);
	}

}
