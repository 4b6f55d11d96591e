package io.rq.test.redis;

import java.time.Clock;
import java.time.Duration;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.KeyLayout;
import io.rq.redis.QueueStore;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerLease;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;
import io.rq.test.run.MovableClock;
import io.rq.test.run.TestJobs;
import io.rq.worker.InlineRuns;

/**
 * The jobs of a test that has a Redis.
 */
public final class RedisJobs {

	/** What the key prefixes of tests begin with; nothing else is ever cleared. */
	public static final String PREFIX = "rq-test-";

	private static final WorkerLease LEASE = new WorkerLease(InlineRuns.WORKER, Duration.ofSeconds(60),
			Duration.ofSeconds(15));

	private RedisJobs() {
	}

	/**
	 * Returns the jobs.
	 * @param connections the connections to the Redis of the jobs
	 * @param prefix what the names of all keys begin with
	 * @param maxPayload how many bytes the call in a job may have
	 * @param clock the clock that theirs goes on like
	 * @param log told of each job that is enqueued
	 * @param afterwards what is done with jobs that were enqueued
	 * @return the jobs
	 */
	public static TestJobs of(RedisConnectionFactory connections, String prefix, long maxPayload, Clock clock,
			EnqueuedLog log, AfterEnqueue afterwards) {
		RedisScripts scripts = new RedisScripts(connections, KeyLayout.rq(prefix));
		MovableClock movable = new MovableClock(clock);
		JobStore store = new ObservedJobStore(scripts, clock, maxPayload, log, afterwards);
		return new TestJobs(store, new ExecutionStore(scripts, clock, LEASE, maxPayload),
				new RedisBacklog(connections, prefix, new QueueStore(scripts), store, movable), movable.time());
	}

}
