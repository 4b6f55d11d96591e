package io.rq.test.recording;

import java.time.Clock;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.Backlog;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.MovableClock;

/**
 * The jobs of a test that has no Redis: what enqueues them, what runs them and their
 * clock.
 */
public final class RecordedJobs {

	private final MovableClock clock;

	private final JobMemory memory;

	private final JobStore store;

	private final ExecutionStore executions;

	/**
	 * Creates it without any job.
	 * @param clock the clock that theirs goes on like
	 * @param log told of each job that is enqueued
	 * @param afterwards what is done with jobs that were enqueued
	 */
	public RecordedJobs(Clock clock, EnqueuedLog log, AfterEnqueue afterwards) {
		this.clock = new MovableClock(clock);
		this.memory = new JobMemory(this.clock);
		this.store = new RecordedJobStore(this.memory, log, afterwards);
		this.executions = new RecordedExecutions(this.memory);
	}

	/**
	 * Returns what has the jobs.
	 * @return the store
	 */
	public JobStore store() {
		return this.store;
	}

	/**
	 * Returns the runs of the jobs.
	 * @return the store
	 */
	public ExecutionStore executions() {
		return this.executions;
	}

	/**
	 * Returns the jobs that have not run yet.
	 * @return the backlog
	 */
	public Backlog backlog() {
		return this.memory;
	}

	/**
	 * Returns what time it is for the jobs.
	 * @return the time
	 */
	public TimeSource time() {
		return this.clock.time();
	}

}
