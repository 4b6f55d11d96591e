package io.rq.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.cron.CronOperations;
import io.rq.history.HistoryReader;
import io.rq.history.QueuePace;
import io.rq.job.Partitions;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RegisteredScheduler;
import io.rq.queue.Registry;
import io.rq.worker.RunStack;

/**
 * Puts what there is in Redis beside what only this process knows of its own workers and
 * scheduler.
 */
public class Overviews {

	private static final int PAGE_SIZE = 20;

	private final RqMonitor monitor;

	private final LocalContainers local;

	private final Supplier<CronOperations> cron;

	private final HistoryReader history;

	private final Partitions partitions;

	/**
	 * Creates it.
	 * @param monitor looks at Redis
	 * @param local the workers and schedulers of this application
	 * @param cron gets the cron jobs of this application
	 * @param history knows how fast queues are worked off
	 * @param partitions the queues that are divided
	 */
	public Overviews(RqMonitor monitor, LocalContainers local, Supplier<CronOperations> cron, HistoryReader history,
			Partitions partitions) {
		this.monitor = monitor;
		this.local = local;
		this.cron = cron;
		this.history = history;
		this.partitions = partitions;
	}

	/**
	 * Looks at everything.
	 * @return what is there
	 */
	public Overview overview() {
		RqMonitor.Overview overview = this.monitor.overview();
		Map<String, QueuePace> paces = this.history.paces(overview.queues().stream().map(QueueSnapshot::name).toList());
		return new Overview(overview.suspended(),
				overview.queues().stream().map((queue) -> QueueDescriptor.of(queue, paces.get(queue.name()))).toList(),
				divided(overview.queues(), paces),
				overview.workers()
					.stream()
					.map((worker) -> WorkerDescriptor.of(worker, this.local.worker(worker.name())))
					.toList(),
				overview.queues()
					.stream()
					.map((queue) -> scheduler(queue, leader(overview, queue), paces.get(queue.name())))
					.toList(),
				overview.rateLimits(), this.cron.get().list().stream().map(CronDescriptor::of).toList(),
				overview.warnings());
	}

	private List<QueueDescriptor> divided(List<QueueSnapshot> queues, Map<String, QueuePace> paces) {
		return this.partitions.numbers().keySet().stream().sorted().map((name) -> {
			List<QueueSnapshot> parts = queues.stream()
				.filter((queue) -> this.partitions.whole(queue.name()).equals(name))
				.toList();
			return QueueDescriptor.of(QueueSnapshot.sum(name, parts), pace(parts, paces));
		}).toList();
	}

	/** What a job does that runs in this process. */
	Optional<RunStack> stack(String jobId) {
		return this.local.stack(jobId);
	}

	/**
	 * Looks at a queue.
	 * @param queue the queue's name
	 * @return what is there, or empty if there is no such queue
	 */
	Optional<QueueDetails> queue(String queue) {
		List<RqMonitor.QueueDetails> parts = this.partitions.of(queue)
			.stream()
			.flatMap((part) -> Stream.ofNullable(this.monitor.queue(part, PAGE_SIZE)))
			.toList();
		if (parts.isEmpty()) {
			return Optional.empty();
		}
		Map<String, List<String>> jobs = new LinkedHashMap<>();
		for (Registry registry : Registry.values()) {
			jobs.put(registry.value(),
					parts.stream()
						.flatMap((part) -> part.jobs().getOrDefault(registry, List.of()).stream())
						.limit(PAGE_SIZE)
						.toList());
		}
		List<QueueSnapshot> snapshots = parts.stream().map(RqMonitor.QueueDetails::queue).toList();
		QueuePace pace = pace(snapshots, this.history.paces(snapshots.stream().map(QueueSnapshot::name).toList()));
		return Optional.of(new QueueDetails(QueueDescriptor.of(QueueSnapshot.sum(queue, snapshots), pace),
				scheduler(snapshots.get(0), parts.get(0).leader(), pace), jobs,
				parts.stream().flatMap((part) -> part.workers().stream()).distinct().sorted().toList()));
	}

	private static @Nullable QueuePace pace(List<QueueSnapshot> parts, Map<String, QueuePace> paces) {
		return QueuePace.sum(parts.stream().flatMap((part) -> Stream.ofNullable(paces.get(part.name()))).toList());
	}

	private static @Nullable RegisteredScheduler leader(RqMonitor.Overview overview, QueueSnapshot queue) {
		String holder = queue.scheduler();
		return (holder != null) ? overview.leaders().get(holder) : null;
	}

	private SchedulerDescriptor scheduler(QueueSnapshot queue, @Nullable RegisteredScheduler leader,
			@Nullable QueuePace pace) {
		LocalContainers.Scheduling scheduling = this.local.scheduling(queue.name());
		return new SchedulerDescriptor(queue.name(), (leader != null) ? SchedulerDescriptor.Leader.of(leader) : null,
				(scheduling != null) ? SchedulerDescriptor.Local.of(scheduling) : null,
				(pace != null) ? pace.lateness() : null);
	}

}
