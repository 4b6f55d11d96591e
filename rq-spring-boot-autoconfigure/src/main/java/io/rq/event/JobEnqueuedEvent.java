package io.rq.event;

import io.rq.job.Job;

/**
 * A job was enqueued, scheduled or deferred by this application, and is in Redis. Not
 * told of the jobs of cron jobs.
 *
 * @param job the job
 */
public record JobEnqueuedEvent(Job job) implements RqEvent {

}
