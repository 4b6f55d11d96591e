package io.rq.test.run;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;

/**
 * The jobs of a test, wherever they are: what enqueues them, what runs them and their
 * clock.
 */
public interface TestJobs {

	/**
	 * Returns what has the jobs.
	 * @return the store
	 */
	JobStore store();

	/**
	 * Returns the runs of the jobs.
	 * @return the store
	 */
	ExecutionStore executions();

	/**
	 * Returns the jobs that have not run yet.
	 * @return the backlog
	 */
	Backlog backlog();

	/**
	 * Returns what time it is for the runs, by which their timeouts are measured.
	 * @return the time
	 */
	TimeSource time();

}
