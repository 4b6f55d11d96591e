package io.rq.operations;

import java.util.List;

import io.rq.queue.RateLimitSnapshot;

/**
 * All queues, workers and schedulers on the Redis of this application.
 *
 * @param suspended whether all workers are suspended
 * @param queues the queues, sorted by name, partitions among them
 * @param divided the sums of the queues that are divided, over each itself and its
 * partitions
 * @param workers the living workers of both languages, sorted by name
 * @param schedulers who moves the scheduled jobs of each queue, sorted by queue
 * @param rateLimits the rate limits that there are jobs of, sorted by key, a hundred at
 * most
 * @param cron the cron jobs of this application, sorted by name
 * @param warnings what someone should look at
 */
public record Overview(boolean suspended, List<QueueDescriptor> queues, List<QueueDescriptor> divided,
		List<WorkerDescriptor> workers, List<SchedulerDescriptor> schedulers, List<RateLimitSnapshot> rateLimits,
		List<CronDescriptor> cron, List<String> warnings) {

}
