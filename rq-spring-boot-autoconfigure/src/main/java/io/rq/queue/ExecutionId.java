package io.rq.queue;

import org.jspecify.annotations.Nullable;

/**
 * Names a run of a job that is under way.
 *
 * @param jobId the job's id
 * @param id the id of the run, or {@code null} if its worker, of RQ before version 2,
 * gives runs none
 */
public record ExecutionId(String jobId, @Nullable String id) {

}
