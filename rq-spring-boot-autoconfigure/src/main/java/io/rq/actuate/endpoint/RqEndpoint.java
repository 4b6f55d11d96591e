package io.rq.actuate.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.rq.monitor.DelayedRetryCheck;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.Queues;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RegisteredWorker;
import io.rq.queue.Registry;
import io.rq.scheduler.SchedulerRegistrations;
import io.rq.worker.WorkerRegistrations;

/**
 * {@link Endpoint @Endpoint} that shows queues, workers and schedulers: those of this
 * application and all others on the same Redis. Shows ids of jobs, never their arguments
 * or results.
 */
@Endpoint(id = "rq")
public class RqEndpoint {

	private static final int PAGE_SIZE = 20;

	private final Queues queues;

	private final WorkerRegistrations workers;

	private final SchedulerRegistrations schedulers;

	private final LocalContainers local;

	private final DelayedRetryCheck retryCheck;

	/**
	 * Creates the endpoint.
	 * @param queues the queues
	 * @param workers the workers of all processes
	 * @param schedulers the schedulers of all processes
	 * @param local the workers and schedulers of this application
	 * @param retryCheck finds jobs that nobody would retry
	 */
	public RqEndpoint(Queues queues, WorkerRegistrations workers, SchedulerRegistrations schedulers,
			LocalContainers local, DelayedRetryCheck retryCheck) {
		this.queues = queues;
		this.workers = workers;
		this.schedulers = schedulers;
		this.local = local;
		this.retryCheck = retryCheck;
	}

	/**
	 * Shows all queues, workers and schedulers.
	 * @return the description
	 */
	@ReadOperation
	public RqDescriptor rq() {
		List<QueueSnapshot> snapshots = this.queues.snapshots(names());
		List<RegisteredWorker> registered = this.workers.all();
		Map<String, SchedulerDescriptor.Leader> leaders = new LinkedHashMap<>();
		return new RqDescriptor(this.workers.areSuspended(), snapshots.stream().map(QueueDescriptor::of).toList(),
				registered.stream()
					.map((worker) -> WorkerDescriptor.of(worker, this.local.worker(worker.name())))
					.toList(),
				snapshots.stream().map((queue) -> scheduler(queue, leaders)).toList(), warnings(snapshots, registered));
	}

	/**
	 * Shows a queue with the first jobs in each of its registries.
	 * @param queue the queue's name
	 * @return the description, or {@code null} if there is no such queue
	 */
	@ReadOperation
	public @Nullable QueueDetailsDescriptor queue(@Selector String queue) {
		if (!names().contains(queue)) {
			return null;
		}
		QueueSnapshot snapshot = this.queues.snapshots(List.of(queue)).get(0);
		Map<String, List<String>> jobs = new LinkedHashMap<>();
		for (Registry registry : Registry.values()) {
			jobs.put(registry.value(),
					(snapshot.size(registry) > 0) ? this.queues.ids(queue, registry, 0, PAGE_SIZE) : List.of());
		}
		List<String> listening = this.workers.all()
			.stream()
			.filter((worker) -> worker.queues().contains(queue))
			.map(RegisteredWorker::name)
			.toList();
		return new QueueDetailsDescriptor(QueueDescriptor.of(snapshot), scheduler(snapshot, new LinkedHashMap<>()),
				jobs, listening);
	}

	private List<String> names() {
		return Stream.concat(this.queues.names().stream(), this.local.queues()).distinct().sorted().toList();
	}

	private SchedulerDescriptor scheduler(QueueSnapshot queue, Map<String, SchedulerDescriptor.Leader> known) {
		String holder = queue.scheduler();
		SchedulerDescriptor.Leader leader = (holder != null)
				? known.computeIfAbsent(holder, (name) -> SchedulerDescriptor.Leader.of(this.schedulers.find(name)))
				: null;
		LocalContainers.Scheduling scheduling = this.local.scheduling(queue.name());
		return new SchedulerDescriptor(queue.name(), leader,
				(scheduling != null) ? SchedulerDescriptor.Local.of(scheduling) : null);
	}

	private List<String> warnings(List<QueueSnapshot> snapshots, List<RegisteredWorker> registered) {
		List<String> warnings = new ArrayList<>(this.retryCheck.warnings());
		for (QueueSnapshot queue : snapshots) {
			if (!queue.overdue().isZero() && queue.scheduler() == null) {
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

}
