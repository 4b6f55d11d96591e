package io.rq.sample.job;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a job.
 *
 * @param id the job's id
 * @param description the call
 * @param queue its queue
 * @param status its state
 * @param attempts how often it was started
 * @param createdAt when it was created
 * @param enqueuedAt when it was last put on its queue
 * @param startedAt when it was last started
 * @param endedAt when its last attempt ended
 * @param progress how far it has come, from 0 to 1, if it tells
 * @param result what it returned
 * @param error why its last attempt failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobView(String id, @Nullable String description, String queue, String status, int attempts,
		@Nullable Instant createdAt, @Nullable Instant enqueuedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, @Nullable Object progress, @Nullable Object result, @Nullable String error) {

}
