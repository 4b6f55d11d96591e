package io.rq.worker;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.redis.JobStore;
import io.rq.redis.MinReplicas;
import io.rq.redis.QueueLimits;
import io.rq.redis.RedisScripts;

/**
 * Stores jobs and carries them out before it returns, as RQ's synchronous queues do. No
 * worker can take them meanwhile: they are never on a queue.
 */
public final class InlineJobStore extends JobStore {

	private final Supplier<InlineRuns> runs;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param maxPayload how many bytes the call in a job may have to be read
	 * @param replicas how many replicas must have what is enqueued
	 * @param limits how many jobs may wait on queues for more to be enqueued
	 * @param runs gets what carries jobs out, which is asked for when the first is
	 * enqueued
	 */
	public InlineJobStore(RedisScripts scripts, Clock clock, long maxPayload, MinReplicas replicas, QueueLimits limits,
			Supplier<InlineRuns> runs) {
		super(scripts, clock, maxPayload, replicas, limits);
		this.runs = runs;
	}

	@Override
	public List<Job> enqueue(List<NewJob> jobs) {
		InlineRuns inline = this.runs.get();
		String taker = inline.newTaker();
		List<Job> stored = enqueue(jobs, taker);
		return inline.carryOut(this, stored, taker);
	}

}
