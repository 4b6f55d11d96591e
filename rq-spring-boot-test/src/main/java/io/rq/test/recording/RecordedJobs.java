package io.rq.test.recording;

import java.time.Clock;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.Backlog;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.MovableClock;
import io.rq.test.run.TestJobs;

/**
 * The jobs of a test that has no Redis.
 */
public final class RecordedJobs implements TestJobs {

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

	@Override
	public JobStore store() {
		return this.store;
	}

	@Override
	public ExecutionStore executions() {
		return this.executions;
	}

	@Override
	public Backlog backlog() {
		return this.memory;
	}

	@Override
	public TimeSource time() {
		return this.clock.time();
	}

}
