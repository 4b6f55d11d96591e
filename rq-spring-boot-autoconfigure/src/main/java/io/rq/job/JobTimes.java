package io.rq.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * When the stages of a job were reached, by the clocks of the processes that wrote them.
 * A stage not reached yet is {@code null}.
 *
 * @param createdAt when the job was created
 * @param enqueuedAt when it was last put on a queue
 * @param startedAt when its last run started
 * @param endedAt when its last run ended
 * @param lastHeartbeat when its worker last gave a sign of life
 */
public record JobTimes(@Nullable Instant createdAt, @Nullable Instant enqueuedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, @Nullable Instant lastHeartbeat) {

	/**
	 * Returns the times of a job that has just been created.
	 * @param createdAt the moment
	 * @return the times
	 */
	public static JobTimes createdAt(Instant createdAt) {
		return new JobTimes(createdAt, null, null, null, null);
	}

}
