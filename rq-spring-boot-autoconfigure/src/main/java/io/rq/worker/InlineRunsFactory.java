package io.rq.worker;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;

/**
 * Creates what carries jobs out on the thread that asks for it, with the handlers,
 * serializer and listeners of the application.
 */
@FunctionalInterface
public interface InlineRunsFactory {

	/**
	 * Creates it. The caller closes it.
	 * @param executions where jobs are taken from and their outcomes recorded
	 * @param time what time it is, by which timeouts are measured too
	 * @return what carries jobs out
	 */
	InlineRuns create(ExecutionStore executions, TimeSource time);

}
