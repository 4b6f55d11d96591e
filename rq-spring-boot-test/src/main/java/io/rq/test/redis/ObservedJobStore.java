package io.rq.test.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.redis.JobStore;
import io.rq.redis.MinReplicas;
import io.rq.redis.RedisScripts;
import io.rq.test.run.AfterEnqueue;
import io.rq.test.run.EnqueuedLog;

/**
 * Stores jobs in Redis and takes note of each.
 */
final class ObservedJobStore extends JobStore {

	private final EnqueuedLog log;

	private final AfterEnqueue afterwards;

	ObservedJobStore(RedisScripts scripts, Clock clock, long maxPayload, EnqueuedLog log, AfterEnqueue afterwards) {
		super(scripts, clock, maxPayload, MinReplicas.NONE);
		this.log = log;
		this.afterwards = afterwards;
	}

	@Override
	public List<Job> enqueue(List<NewJob> jobs) {
		return enqueued(jobs, super.enqueue(jobs));
	}

	@Override
	public List<Job> enqueueOnce(List<NewJob> jobs, String name, int call, Duration remembered) {
		return enqueued(jobs, super.enqueueOnce(jobs, name, call, remembered));
	}

	private List<Job> enqueued(List<NewJob> jobs, List<Job> stored) {
		this.log.add(jobs);
		return this.afterwards.apply(this, stored);
	}

}
