package io.rq.test.recording;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.queue.ExecutionId;
import io.rq.queue.QueuePause;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;
import io.rq.redis.QueueStore;
import io.rq.redis.RedisScripts;

/**
 * Counts and lists recorded jobs by their queues.
 */
final class RecordedQueues extends QueueStore {

	private final JobMemory memory;

	RecordedQueues(RedisScripts scripts, JobMemory memory) {
		super(scripts);
		this.memory = memory;
	}

	@Override
	public List<String> names() {
		return this.memory.all((job) -> true).stream().map(Job::queue).distinct().sorted().toList();
	}

	@Override
	public List<QueueSnapshot> census(Collection<String> queues) {
		Map<String, QueuePause> pauses = pauses();
		return queues.stream().map((queue) -> {
			Map<Registry, Long> sizes = new EnumMap<>(Registry.class);
			for (Registry registry : Registry.values()) {
				sizes.put(registry, size(queue, registry));
			}
			return new QueueSnapshot(queue, sizes, null, null, null, Duration.ZERO, pauses.get(queue));
		}).toList();
	}

	@Override
	public Map<String, QueuePause> pauses() {
		return this.memory.pauses().all();
	}

	@Override
	public List<String> ids(String queue, Registry registry, long offset, long limit) {
		return all(queue, registry).stream().skip(offset).limit(limit).toList();
	}

	@Override
	public List<ExecutionId> executionIds(String queue, long offset, long limit) {
		return ids(queue, Registry.STARTED, offset, limit).stream().map((id) -> new ExecutionId(id, null)).toList();
	}

	@Override
	public long size(String queue, Registry registry) {
		return all(queue, registry).size();
	}

	private List<String> all(String queue, Registry registry) {
		return (registry == Registry.QUEUED) ? this.memory.waiting(queue)
				: this.memory.all((job) -> job.queue().equals(queue) && isIn(registry, job.status()))
					.stream()
					.map(Job::id)
					.toList();
	}

	private static boolean isIn(Registry registry, JobStatus status) {
		return switch (registry) {
			case QUEUED -> status == JobStatus.QUEUED;
			case STARTED -> status == JobStatus.STARTED;
			case SCHEDULED -> status == JobStatus.SCHEDULED;
			case DEFERRED -> status == JobStatus.DEFERRED;
			case READY -> status == JobStatus.READY_TO_ENQUEUE;
			case FINISHED -> status == JobStatus.FINISHED;
			case FAILED -> status == JobStatus.FAILED || status == JobStatus.STOPPED;
			case CANCELED -> status == JobStatus.CANCELED;
		};
	}

}
