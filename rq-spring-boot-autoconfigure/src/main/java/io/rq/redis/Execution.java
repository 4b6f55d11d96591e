package io.rq.redis;

/**
 * One run of a job by one worker: the holder of a lease.
 *
 * @param jobId the job's id
 * @param queue the job's queue, whose registries the run is recorded in
 * @param id the id of the run
 * @param linked whether the job depends on others, is in a group, has a rate limit, is to
 * be repeated or has had attempts, which its end has to see to
 */
public record Execution(String jobId, String queue, String id, boolean linked) {

}
