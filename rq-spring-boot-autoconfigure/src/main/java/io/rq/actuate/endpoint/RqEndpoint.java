package io.rq.actuate.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.rq.cron.CronJobInfo;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.RegisteredScheduler;

/**
 * {@link Endpoint @Endpoint} that shows queues, workers and schedulers: those of this
 * application and all others on the same Redis. Shows ids of jobs, never their arguments
 * or results.
 */
@Endpoint(id = "rq")
public class RqEndpoint {

	private static final int PAGE_SIZE = 20;

	private final RqMonitor monitor;

	private final LocalContainers local;

	private final Supplier<List<CronJobInfo>> cron;

	/**
	 * Creates the endpoint.
	 * @param monitor looks at Redis
	 * @param local the workers and schedulers of this application
	 * @param cron looks at the cron jobs of this application
	 */
	public RqEndpoint(RqMonitor monitor, LocalContainers local, Supplier<List<CronJobInfo>> cron) {
		this.monitor = monitor;
		this.local = local;
		this.cron = cron;
	}

	/**
	 * Shows all queues, workers, schedulers and rate limits, and the cron jobs of this
	 * application.
	 * @return the description
	 */
	@ReadOperation
	public RqDescriptor rq() {
		RqMonitor.Overview overview = this.monitor.overview();
		return new RqDescriptor(overview.suspended(), overview.queues().stream().map(QueueDescriptor::of).toList(),
				overview.workers()
					.stream()
					.map((worker) -> WorkerDescriptor.of(worker, this.local.worker(worker.name())))
					.toList(),
				overview.queues().stream().map((queue) -> scheduler(queue, leader(overview, queue))).toList(),
				overview.rateLimits(), this.cron.get().stream().map(CronDescriptor::of).toList(), overview.warnings());
	}

	/**
	 * Shows a queue with the first jobs in each of its registries.
	 * @param queue the queue's name
	 * @return the description, or {@code null} if there is no such queue
	 */
	@ReadOperation
	public @Nullable QueueDetailsDescriptor queue(@Selector String queue) {
		RqMonitor.QueueDetails details = this.monitor.queue(queue, PAGE_SIZE);
		if (details == null) {
			return null;
		}
		Map<String, List<String>> jobs = new LinkedHashMap<>();
		details.jobs().forEach((registry, ids) -> jobs.put(registry.value(), ids));
		return new QueueDetailsDescriptor(QueueDescriptor.of(details.queue()),
				scheduler(details.queue(), details.leader()), jobs, details.workers());
	}

	private static @Nullable RegisteredScheduler leader(RqMonitor.Overview overview, QueueSnapshot queue) {
		String holder = queue.scheduler();
		return (holder != null) ? overview.leaders().get(holder) : null;
	}

	private SchedulerDescriptor scheduler(QueueSnapshot queue, @Nullable RegisteredScheduler leader) {
		LocalContainers.Scheduling scheduling = this.local.scheduling(queue.name());
		return new SchedulerDescriptor(queue.name(), (leader != null) ? SchedulerDescriptor.Leader.of(leader) : null,
				(scheduling != null) ? SchedulerDescriptor.Local.of(scheduling) : null);
	}

}
