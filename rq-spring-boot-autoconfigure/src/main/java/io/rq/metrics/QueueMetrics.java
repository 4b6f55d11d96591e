package io.rq.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.rq.history.HistoryReader;
import io.rq.history.QueuePace;
import io.rq.job.Partitions;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.QueueMonitor;
import io.rq.monitor.Recent;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;
import io.rq.worker.WorkerState;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * Gauges of the queues of this application, as they are for all processes on the same
 * Redis, and of its own workers and scheduler:
 * <ul>
 * <li>{@code rq.queue.size}: jobs by {@code queue} and {@code state} ({@code queued},
 * {@code started}, {@code scheduled}, {@code deferred}, {@code ready}, {@code finished},
 * {@code failed}, {@code canceled})</li>
 * <li>{@code rq.queue.oldest.age}: how long the next job has been waiting, by
 * {@code queue}; zero if none waits</li>
 * <li>{@code rq.queue.overdue}: how overdue the next scheduled job is, by
 * {@code queue}</li>
 * <li>{@code rq.queue.drain.rate}: how many jobs of the {@code queue} end in a second,
 * wherever they run, on average of the last minutes; only with
 * {@code rq.history.enabled}</li>
 * <li>{@code rq.queue.busy.share}: which share of the places of those workers here is
 * taken that listen on the {@code queue}, from 0 to 1; none if there are none</li>
 * <li>{@code rq.scheduler.leader}: 1 if the scheduler here moves the scheduled jobs of
 * the {@code queue}, else 0; of one that is divided how many of its parts</li>
 * <li>{@code rq.worker.busy} and {@code rq.worker.concurrency}: jobs that run here, and
 * that may at a time</li>
 * <li>{@code rq.worker.outcomes.pending}: outcomes not recorded in Redis yet</li>
 * </ul>
 * All gauges of queues together ask Redis once in a while; while it does not answer, they
 * have no value. Queues are those known when the gauges are bound, which must be after
 * all jobs are known.
 */
public class QueueMetrics implements MeterBinder {

	private static final String QUEUE = "queue";

	/** What is an average of minutes does not change sooner. */
	private static final Duration PACE_AGE = Duration.ofSeconds(10);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final QueueMonitor monitor;

	private final LocalContainers local;

	private final Partitions partitions;

	private final boolean paced;

	private final Recent<Map<String, QueuePace>> paces;

	/**
	 * Creates the gauges. They belong to no registry yet.
	 * @param monitor looks at the queues
	 * @param local the workers and schedulers of this application
	 * @param partitions the queues that are divided, whose partitions are added up
	 * @param history tells how fast queues are worked off
	 */
	public QueueMetrics(QueueMonitor monitor, LocalContainers local, Partitions partitions, HistoryReader history) {
		this.paced = history.isEnabled();
		this.paces = new Recent<>(() -> history.paces(monitor.names()), PACE_AGE, PATIENCE);
		this.monitor = monitor;
		this.local = local;
		this.partitions = partitions;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.monitor.names()
			.stream()
			.map(this.partitions::whole)
			.distinct()
			.forEach((queue) -> bindQueue(registry, queue));
		bindWorkers(registry, "rq.worker.busy", "Jobs that run here", WorkerState::busy);
		bindWorkers(registry, "rq.worker.concurrency", "Jobs that may run here at a time", WorkerState::concurrency);
		bindWorkers(registry, "rq.worker.outcomes.pending", "Outcomes not recorded in Redis yet",
				WorkerState::pendingOutcomes);
	}

	private void bindQueue(MeterRegistry registry, String queue) {
		for (Registry place : Registry.values()) {
			Gauge.builder("rq.queue.size", this, (metrics) -> metrics.value(queue, (snapshot) -> snapshot.size(place)))
				.description("Jobs on a queue or in one of its registries")
				.tags(QUEUE, queue, "state", place.value())
				.register(registry);
		}
		bindAge(registry, "rq.queue.oldest.age", "How long the next job has been waiting", queue,
				QueueSnapshot::oldestAge);
		bindAge(registry, "rq.queue.overdue", "How overdue the next scheduled job is", queue, QueueSnapshot::overdue);
		if (this.paced) {
			Gauge.builder("rq.queue.drain.rate", this, (metrics) -> metrics.drainRate(queue))
				.description("Jobs of a queue that end in a second, wherever they run, on average of the last minutes")
				.tag(QUEUE, queue)
				.register(registry);
		}
		Gauge.builder("rq.queue.busy.share", this, (metrics) -> metrics.busyShare(queue))
			.description("Share of the places of the workers here that listen on a queue which is taken")
			.tag(QUEUE, queue)
			.register(registry);
		Gauge.builder("rq.scheduler.leader", this, (metrics) -> metrics.leads(queue))
			.description("Whether the scheduler here moves the scheduled jobs of a queue")
			.tag(QUEUE, queue)
			.register(registry);
	}

	private void bindAge(MeterRegistry registry, String name, String description, String queue,
			Function<QueueSnapshot, @Nullable Duration> age) {
		TimeGauge.builder(name, this, MILLISECONDS, (metrics) -> metrics.value(queue, (snapshot) -> {
			Duration value = age.apply(snapshot);
			return (value != null) ? value.toMillis() : 0;
		})).description(description).tag(QUEUE, queue).register(registry);
	}

	private void bindWorkers(MeterRegistry registry, String name, String description,
			ToDoubleFunction<WorkerState> value) {
		Gauge.builder(name, this, (metrics) -> metrics.local.runningWorkers().mapToDouble(value).sum())
			.description(description)
			.register(registry);
	}

	private double value(String queue, ToDoubleFunction<QueueSnapshot> value) {
		return known(() -> {
			List<QueueSnapshot> parts = this.monitor.look()
				.stream()
				.filter((snapshot) -> this.partitions.whole(snapshot.name()).equals(queue))
				.toList();
			return parts.isEmpty() ? Double.NaN : value.applyAsDouble(QueueSnapshot.sum(queue, parts));
		});
	}

	private double drainRate(String queue) {
		return known(() -> this.paces.get()
			.entrySet()
			.stream()
			.filter((pace) -> this.partitions.whole(pace.getKey()).equals(queue))
			.mapToDouble((pace) -> pace.getValue().out())
			.sum());
	}

	/** Not a number while Redis is away. */
	private static double known(DoubleSupplier value) {
		try {
			return value.getAsDouble();
		}
		catch (RuntimeException ex) {
			return Double.NaN;
		}
	}

	/** Not a number where no worker here listens. */
	private double busyShare(String queue) {
		List<WorkerState> listening = this.local.runningWorkers()
			.filter((worker) -> worker.queues().contains(queue))
			.toList();
		return (double) listening.stream().mapToInt(WorkerState::busy).sum()
				/ listening.stream().mapToInt(WorkerState::concurrency).sum();
	}

	/** Counts the partitions that are led here, or the queue itself. */
	private long leads(String queue) {
		return this.local.runningSchedulers()
			.flatMap((scheduler) -> scheduler.queues().stream())
			.filter((leadership) -> leadership.leader() && this.partitions.whole(leadership.queue()).equals(queue))
			.count();
	}

}
