package io.rq.worker;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.job.JobOptions;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.PartialFailureException;
import io.rq.lifecycle.Round;
import io.rq.log.SafeLog;
import io.rq.queue.ReclaimedJob;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.MaintenanceStore.Chore;
import io.rq.redis.MaintenanceStore.Reclaimed;

/**
 * Looks after what processes that are gone have left in this worker's queues. What fails
 * for one of them is told and keeps it from none of the others.
 */
final class Maintainer implements Round {

	private static final SafeLog log = SafeLog.of(Maintainer.class);

	/**
	 * What jobs wait for, on whichever queue, does not wait for the cleaning of others.
	 */
	private static final Set<Chore> URGENT = EnumSet.of(Chore.RECLAIM, Chore.RESTORE);

	private static final Duration LEASE_OF_PYTHON = Duration.ofSeconds(90);

	private final MaintenanceStore store;

	private final List<String> queues;

	private final Duration interval;

	private final WorkerOptions.Defaults defaults;

	private final Listeners<JobListener> listeners;

	private final Consumer<List<String>> callbacks;

	private final Notices notices;

	private final Outage outage;

	private final Duration lease;

	private boolean warned;

	private @Nullable Throwable failure;

	Maintainer(MaintenanceStore store, WorkerOptions options, Listeners<JobListener> listeners,
			Consumer<List<String>> callbacks, Notices notices, Outage outage) {
		this.store = store;
		this.queues = options.queues();
		this.interval = options.timing().maintenanceInterval();
		this.defaults = options.defaults();
		this.listeners = listeners;
		this.callbacks = callbacks;
		this.notices = notices;
		this.outage = outage;
		this.lease = options.timing().lease();
	}

	@Override
	public Duration run() {
		this.failure = null;
		Map<String, Set<Chore>> due = this.store.chores(this.queues, canceledTtl(), this.defaults.retention());
		attempt(due, URGENT::contains);
		attempt(due, Predicate.not(URGENT::contains));
		Duration pause = Duration
			.ofMillis((long) (this.interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.0)));
		Throwable first = this.failure;
		if (first != null) {
			throw new PartialFailureException("Not all queues could be maintained", first, pause);
		}
		return pause;
	}

	private Consumer<String> step(Chore chore) {
		return switch (chore) {
			case RECLAIM -> this::reclaim;
			case RESTORE -> this::restore;
			case DEPENDENTS -> this.store::releaseDependents;
			case READY -> this::enqueueReady;
			case EXPIRE -> (queue) -> this.store.expire(queue, canceledTtl());
			case TRIM -> this::trim;
			case FREE_SLOTS -> this.store::freeSlots;
			case UNGROUP -> (queue) -> this.store.ungroup();
			case FORGET -> this.store::forgetWorkers;
			case FORGET_ALL -> this.store::forgetAllWorkers;
			case PYTHON -> this::warnOfPython;
		};
	}

	private void attempt(Map<String, Set<Chore>> due, Predicate<Chore> condition) {
		for (String queue : this.queues) {
			due.getOrDefault(queue, Set.of())
				.stream()
				.filter(condition)
				.forEach((chore) -> attempt(queue, step(chore)));
		}
	}

	private void attempt(String queue, Consumer<String> step) {
		try {
			step.accept(queue);
		}
		catch (Throwable ex) {
			this.outage.tell(log, "Maintenance of queue '" + queue + "'", queue, ex);
			this.failure = (this.failure != null) ? this.failure : ex;
		}
	}

	private void reclaim(String queue) {
		long failureTtl = JobOptions.seconds(this.defaults.failureTtl(queue));
		this.store.reclaim(queue, this.defaults.maxReclaims(), failureTtl, this.notices.ofAbandoned(),
				(reclaimed) -> tell(queue, reclaimed));
	}

	private void tell(String queue, List<Reclaimed> reclaimed) {
		for (ReclaimedJob job : reclaimed.stream().map(Reclaimed::job).toList()) {
			log.warn("Job {} of queue {} was left behind by a worker that is gone: {}", job.id(), queue, job.outcome());
			this.listeners.tell((listener) -> listener.reclaimed(job));
		}
		List<String> calling = reclaimed.stream().filter(Reclaimed::callsBack).map((one) -> one.job().id()).toList();
		if (!calling.isEmpty()) {
			this.callbacks.accept(calling);
		}
	}

	private void enqueueReady(String queue) {
		long moved = this.store.enqueueReady(queue);
		if (moved > 0) {
			log.warn("{} jobs of queue {} were left behind by a process of Python and wait now", moved, queue);
		}
	}

	private void restore(String queue) {
		long restored = this.store.restoreTaken(queue);
		if (restored > 0) {
			log.warn("{} jobs of queue {} were taken by a worker that is gone and wait again", restored, queue);
		}
	}

	private void trim(String queue) {
		this.store.trim(queue, this.defaults.retention()).forEach((registry, jobs) -> {
			log.info("{} {} jobs of queue {} were dropped: there were more than 'rq.retention.{}' allows", jobs,
					registry.value(), queue, registry.value());
			this.listeners.tell((listener) -> listener.dropped(queue, registry, jobs));
		});
	}

	/** Returns how long cancelled jobs are kept, in seconds, -1 for ever. */
	private long canceledTtl() {
		long ttl = JobOptions.seconds(Objects.requireNonNull(this.defaults.jobs().common().failureTtl()));
		Duration maxAge = this.defaults.retention().canceled().maxAge();
		return (maxAge != null && (ttl < 0 || maxAge.toSeconds() < ttl)) ? maxAge.toSeconds() : ttl;
	}

	/**
	 * Any observer of Python, {@code rq info} for instance, fails jobs for good whose
	 * lease has run out, without a grace.
	 */
	private void warnOfPython(String queue) {
		if (!this.warned && this.lease.compareTo(LEASE_OF_PYTHON) < 0) {
			this.warned = true;
			log.warn("Workers of Python are registered on queue {}, and 'rq.worker.lease' is {} s: when a worker here "
					+ "freezes for longer, their maintenance and 'rq info' fail its jobs for good. Set it to {} s "
					+ "or more, as Python has it", queue, this.lease.toSeconds(), LEASE_OF_PYTHON.toSeconds());
		}
	}

}
