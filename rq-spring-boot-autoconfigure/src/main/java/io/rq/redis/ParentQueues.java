package io.rq.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.NewJob;

/**
 * On which queues jobs are that others wait for, where the keys of a queue lie apart from
 * those of others. Queues are asked one after the other.
 */
final class ParentQueues {

	private final RedisScripts scripts;

	private final List<QueueKeys> keys;

	private final Map<String, String> queues = new HashMap<>();

	ParentQueues(RedisScripts scripts, QueueStore store) {
		this.scripts = scripts;
		this.keys = store.anyKeys().toList();
	}

	/** Finds the parents of jobs, as far as they are not known. */
	void find(List<NewJob> jobs) {
		jobs.stream()
			.flatMap((job) -> job.job().options().links().dependencyIds().stream())
			.distinct()
			.filter((parent) -> !this.queues.containsKey(parent))
			.forEach((parent) -> {
				String queue = queue(parent);
				if (queue != null) {
					this.queues.put(parent, queue);
				}
			});
	}

	private @Nullable String queue(String id) {
		return this.keys.stream()
			.filter((queue) -> this.scripts.exists(queue.job(id)))
			.map(QueueKeys::name)
			.findFirst()
			.orElse(null);
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
