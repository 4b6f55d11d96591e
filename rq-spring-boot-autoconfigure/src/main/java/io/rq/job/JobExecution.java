package io.rq.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A run of a job that is under way, as its worker shows it (protocol §5.2). What a worker
 * has not written is {@code null}.
 *
 * @param jobId the job's id
 * @param id the id of the run
 * @param workerName the worker
 * @param createdAt when the run started
 * @param lastHeartbeat when its worker last gave a sign of life
 * @param expiresAt when it counts as gone unless its worker gives another
 */
public record JobExecution(String jobId, String id, @Nullable String workerName, @Nullable Instant createdAt,
		@Nullable Instant lastHeartbeat, Instant expiresAt) {

}
