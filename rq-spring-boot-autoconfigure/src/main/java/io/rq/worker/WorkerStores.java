package io.rq.worker;

import java.util.function.BiFunction;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.QueueWait;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerStore;

/**
 * What a worker needs of Redis.
 *
 * @param executions the leases
 * @param jobs the jobs
 * @param workers the registrations
 * @param maintenance the repair of what dead workers left
 * @param waits creates the wait for a queue by a worker's name
 * @param commands the commands to the worker
 * @param time what time it is
 */
public record WorkerStores(ExecutionStore executions, JobStore jobs, WorkerStore workers, MaintenanceStore maintenance,
		BiFunction<String, String, QueueWait> waits, WorkerCommands commands, TimeSource time) {

}
