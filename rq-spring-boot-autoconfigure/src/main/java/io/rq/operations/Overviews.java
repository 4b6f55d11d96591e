package io.rq.operations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.cron.CronOperations;
import io.rq.history.HistoryReader;
import io.rq.history.QueuePace;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RegisteredScheduler;
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

	/**
	 * Creates it.
	 * @param monitor looks at Redis
	 * @param local the workers and schedulers of this application
	 * @param cron gets the cron jobs of this application
	 * @param history knows how fast queues are worked off
	 */
	public Overviews(RqMonitor monitor, LocalContainers local, Supplier<CronOperations> cron, HistoryReader history) {
		this.monitor = monitor;
		this.local = local;
		this.cron = cron;
		this.history = history;
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
		RqMonitor.QueueDetails details = this.monitor.queue(queue, PAGE_SIZE);
		if (details == null) {
			return Optional.empty();
		}
		Map<String, List<String>> jobs = new LinkedHashMap<>();
		details.jobs().forEach((registry, ids) -> jobs.put(registry.value(), ids));
		QueuePace pace = this.history.paces(List.of(queue)).get(queue);
		return Optional.of(new QueueDetails(QueueDescriptor.of(details.queue(), pace),
				scheduler(details.queue(), details.leader(), pace), jobs, details.workers()));
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
