package io.rq.redis;

/**
 * One run of a job by one worker: the holder of a lease.
 *
 * @param jobId the job's id
 * @param queue the job's queue, whose registries the run is recorded in
 * @param id the id of the run
 * @param linked whether the job depends on others, is in a group, has a rate limit, is to
 * be repeated or has had attempts, which its end has to see to
 * @param enqueuedAt when the job was enqueued, as its hash said when it was taken: one
 * that has been enqueued anew under its id has a later time. Empty if it is not known
 */
public record Execution(String jobId, String queue, String id, boolean linked, String enqueuedAt) {

}
