package io.rq.test.run;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;

/**
 * The jobs of a test, wherever they are.
 *
 * @param store what enqueues them
 * @param executions their runs
 * @param backlog those that have not run yet
 * @param time what time it is for the runs, by which their timeouts are measured
 */
public record TestJobs(JobStore store, ExecutionStore executions, Backlog backlog, TimeSource time) {

}
