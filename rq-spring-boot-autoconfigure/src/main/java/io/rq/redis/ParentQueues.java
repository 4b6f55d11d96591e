package io.rq.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.rq.job.NewJob;

/**
 * On which queues jobs are that others wait for, where the keys of a queue lie apart from
 * those of others.
 */
final class ParentQueues {

	private final QueueStore store;

	private final List<QueueKeys> keys;

	private final Map<String, String> queues = new HashMap<>();

	ParentQueues(QueueStore store) {
		this.store = store;
		this.keys = store.anyKeys().toList();
	}

	/** Finds the parents of jobs, as far as they are not known. */
	void find(List<NewJob> jobs) {
		jobs.stream()
			.flatMap((job) -> job.job().options().links().dependencyIds().stream())
			.distinct()
			.filter((parent) -> !this.queues.containsKey(parent))
			.forEach((parent) -> this.store.keysOf(parent, this.keys)
				.findFirst()
				.ifPresent((keys) -> this.queues.put(parent, keys.name())));
	}

	/** Notes jobs that have been stored. */
	void add(List<NewJob> jobs) {
		jobs.forEach((job) -> this.queues.put(job.job().id(), job.job().queue()));
	}

	/** The name of a parent for a job: one that is nowhere is looked for beside it. */
	String name(NewJob job, String parent) {
		String queue = this.queues.getOrDefault(parent, job.job().queue());
		return queue.equals(job.job().queue()) ? parent : queue + ":" + parent;
	}

}
