package io.rq.template;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.NewJob;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.redis.MinReplicas;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.test.TestStores;

/**
 * Remembers what was enqueued, call by call, and never connects.
 */
class RecordingStore extends JobStore {

	final List<List<NewJob>> calls = new ArrayList<>();

	List<JobResult> results = List.of();

	final AwaitedResults awaited;

	/** Not begun: connects no more than the store. */
	final SchedulingWatch watch;

	RecordingStore() {
		this(new RedisScripts(new LettuceConnectionFactory()));
	}

	private RecordingStore(RedisScripts nowhere) {
		super(nowhere, Clock.systemUTC(), TestStores.MAX_PAYLOAD, MinReplicas.NONE);
		this.awaited = TestStores.results(nowhere);
		this.watch = new SchedulingWatch(new SchedulerStore(nowhere, Clock.systemUTC()), (queue) -> true,
				(queue) -> false);
	}

	@Override
	public List<Job> enqueue(List<NewJob> jobs) {
		this.calls.add(jobs);
		return jobs.stream().map(NewJob::job).toList();
	}

	@Override
	public Optional<Job> find(String id) {
		return this.calls.stream()
			.flatMap(List::stream)
			.map(NewJob::job)
			.filter((job) -> job.id().equals(id))
			.findAny();
	}

	@Override
	public List<JobResult> results(String id) {
		return this.results;
	}

	@Override
	public long count(String queue) {
		return queue.length();
	}

	NewJob only() {
		return this.calls.get(0).get(0);
	}

}
