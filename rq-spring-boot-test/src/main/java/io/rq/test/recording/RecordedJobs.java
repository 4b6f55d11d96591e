package io.rq.test.recording;

import java.time.Clock;
import java.time.Duration;

import io.rq.job.Partitions;
import io.rq.redis.AwaitedResults;
import io.rq.redis.RedisScripts;
import io.rq.template.QueueTemplate;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.MovableClock;
import io.rq.test.run.TestJobs;

/**
 * The jobs of a test that has no Redis.
 */
public final class RecordedJobs {

	private final RedisScripts scripts = new RedisScripts(new NoRedis());

	private final JobMemory memory;

	private final TestJobs jobs;

	/**
	 * Creates it without any job.
	 * @param clock the clock that theirs goes on like
	 * @param log told of each job that is enqueued
	 * @param afterwards what is done with jobs that were enqueued
	 */
	public RecordedJobs(Clock clock, EnqueuedLog log, AfterEnqueue afterwards) {
		MovableClock movable = new MovableClock(clock);
		this.memory = new JobMemory(movable);
		this.jobs = new TestJobs(new RecordedJobStore(this.scripts, this.memory, log, afterwards),
				new RecordedExecutions(this.scripts, this.memory), this.memory, movable.time());
	}

	/**
	 * Returns the jobs.
	 * @return the jobs
	 */
	public TestJobs jobs() {
		return this.jobs;
	}

	/**
	 * Returns what waits for their results.
	 * @return what waits
	 */
	public AwaitedResults outcomes() {
		return this.memory.outcomes();
	}

	/**
	 * Returns what looks at their queues.
	 * @param failureTtl how long a job that fails because of a change is kept
	 * @param partitions the queues that are divided
	 * @return the template
	 */
	public QueueTemplate queues(Duration failureTtl, Partitions partitions) {
		return new QueueTemplate(new RecordedQueues(this.scripts, this.memory), this.jobs.store(),
				new RecordedWorkers(this.scripts, this.memory), new RecordedQueueControl(this.scripts, this.memory),
				failureTtl, partitions);
	}

}
