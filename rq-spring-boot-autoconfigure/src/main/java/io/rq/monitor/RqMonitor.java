package io.rq.monitor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueueSnapshot;
import io.rq.queue.RateLimitSnapshot;
import io.rq.queue.RegisteredScheduler;
import io.rq.queue.RegisteredWorker;
import io.rq.queue.Registry;
import io.rq.redis.QueueStore;
import io.rq.redis.SchedulerStore;
import io.rq.redis.WorkerStore;

/**
 * Looks at all queues, workers and schedulers on the Redis of this application, whenever
 * it is asked. Reads ids of jobs, never their arguments or results.
 */
public class RqMonitor {

	private static final int MOST_LIMITS = 100;

	private final QueueStore queues;

	private final WorkerStore workers;

	private final SchedulerStore schedulers;

	private final LocalContainers local;

	private final DelayedRetryCheck retryCheck;

	private final LockWarnings lockWarnings;

	/**
	 * Creates the monitor.
	 * @param queues the queues
	 * @param workers the workers of all processes
	 * @param schedulers the schedulers of all processes
	 * @param local the workers and schedulers of this application
	 * @param retryCheck finds jobs that nobody would retry
	 * @param lockWarnings tells what is wrong with the scheduler of a queue
	 */
	public RqMonitor(QueueStore queues, WorkerStore workers, SchedulerStore schedulers, LocalContainers local,
			DelayedRetryCheck retryCheck, LockWarnings lockWarnings) {
		this.queues = queues;
		this.workers = workers;
		this.schedulers = schedulers;
		this.local = local;
		this.retryCheck = retryCheck;
		this.lockWarnings = lockWarnings;
	}

	/**
	 * Looks at all queues, workers and schedulers.
	 * @return what is there
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public Overview overview() {
		List<String> names = names();
		List<QueueSnapshot> snapshots = this.queues.reachable(names);
		List<RegisteredWorker> registered = this.workers.workers();
		Map<String, RegisteredScheduler> leaders = new HashMap<>();
		for (QueueSnapshot queue : snapshots) {
			String holder = queue.scheduler();
			if (holder != null) {
				leaders.computeIfAbsent(holder, this.schedulers::scheduler);
			}
		}
		return new Overview(this.workers.isSuspended(), snapshots, registered, leaders,
				this.queues.rateLimits(MOST_LIMITS), warnings(names, snapshots, registered));
	}

	/**
	 * Looks at a queue and the first jobs in each of its registries.
	 * @param name the queue's name
	 * @param limit how many jobs of a registry at most
	 * @return what is there, or {@code null} if there is no such queue
	 * @throws RuntimeException if Redis cannot be asked
	 */
	public @Nullable QueueDetails queue(String name, int limit) {
		if (!names().contains(name)) {
			return null;
		}
		QueueSnapshot snapshot = this.queues.census(List.of(name)).get(0);
		Map<Registry, List<String>> jobs = new EnumMap<>(Registry.class);
		for (Registry registry : Registry.values()) {
			jobs.put(registry, (snapshot.size(registry) > 0) ? this.queues.ids(name, registry, 0, limit) : List.of());
		}
		List<String> listening = this.workers.workers()
			.stream()
			.filter((worker) -> worker.queues().contains(name))
			.map(RegisteredWorker::name)
			.toList();
		String holder = snapshot.scheduler();
		return new QueueDetails(snapshot, (holder != null) ? this.schedulers.scheduler(holder) : null, jobs, listening);
	}

	private List<String> names() {
		return Stream.concat(this.queues.names().stream(), this.local.queues()).distinct().sorted().toList();
	}

	private List<String> warnings(List<String> names, List<QueueSnapshot> snapshots,
			List<RegisteredWorker> registered) {
		List<String> warnings = new ArrayList<>(this.retryCheck.warnings());
		Set<String> reachable = snapshots.stream().map(QueueSnapshot::name).collect(Collectors.toSet());
		names.stream()
			.filter((name) -> !reachable.contains(name))
			.forEach((name) -> warnings
				.add("Queue '" + name + "' is out of reach: its node of the cluster cannot be asked"));
		for (QueueSnapshot queue : snapshots) {
			String holder = queue.scheduler();
			String lockWarning = (holder != null) ? this.lockWarnings.of(queue.name(), holder) : null;
			if (lockWarning != null) {
				warnings.add(lockWarning);
			}
			if (!queue.overdue().isZero() && holder == null) {
				warnings.add("Queue '" + queue.name() + "' has scheduled jobs that have been overdue for "
						+ queue.overdue() + ", and no scheduler");
			}
			if (queue.size(Registry.QUEUED) > 0
					&& registered.stream().noneMatch((worker) -> worker.queues().contains(queue.name()))) {
				warnings.add("Queue '" + queue.name() + "' has waiting jobs and no worker");
			}
		}
		return warnings;
	}

	/**
	 * All queues, workers and schedulers at about one moment.
	 *
	 * @param suspended whether all workers are suspended
	 * @param queues the queues, sorted by name
	 * @param workers the living workers of both languages, sorted by name
	 * @param leaders the schedulers that hold locks of the queues, by their names
	 * @param rateLimits the rate limits, sorted by key, a hundred at most
	 * @param warnings what someone should look at
	 */
	public record Overview(boolean suspended, List<QueueSnapshot> queues, List<RegisteredWorker> workers,
			Map<String, RegisteredScheduler> leaders, List<RateLimitSnapshot> rateLimits, List<String> warnings) {

	}

	/**
	 * A queue with the jobs in its registries.
	 *
	 * @param queue its numbers
	 * @param leader the scheduler that holds its lock, or {@code null} if nobody does
	 * @param jobs the ids of the first jobs in each registry
	 * @param workers the names of the workers that listen on it
	 */
	public record QueueDetails(QueueSnapshot queue, @Nullable RegisteredScheduler leader,
			Map<Registry, List<String>> jobs, List<String> workers) {

	}

}
