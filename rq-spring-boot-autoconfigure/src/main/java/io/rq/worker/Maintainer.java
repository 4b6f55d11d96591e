package io.rq.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.lifecycle.Round;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.MaintenanceStore.Reclaimed;

/**
 * Looks after what processes that are gone have left in this worker's queues.
 */
final class Maintainer implements Round {

	private static final Logger logger = LoggerFactory.getLogger(Maintainer.class);

	private final MaintenanceStore store;

	private final List<String> queues;

	private final Duration interval;

	private final WorkerOptions.Defaults defaults;

	private final JobListeners listeners;

	Maintainer(MaintenanceStore store, WorkerOptions options, JobListeners listeners) {
		this.store = store;
		this.queues = options.queues();
		this.interval = options.timing().maintenanceInterval();
		this.defaults = options.defaults();
		this.listeners = listeners;
	}

	@Override
	public Duration run() {
		long failureTtl = this.defaults.failureTtl().isNegative() ? -1 : this.defaults.failureTtl().toSeconds();
		for (String queue : this.queues) {
			for (Reclaimed reclaimed : this.store.reclaim(queue, this.defaults.maxReclaims(), failureTtl)) {
				logger.warn("Job {} of queue {} was left behind by a worker that is gone: {}", reclaimed.jobId(), queue,
						reclaimed.outcome());
				this.listeners.tell((listener) -> listener.reclaimed(reclaimed));
			}
			long restored = this.store.restoreTaken(queue);
			if (restored > 0) {
				logger.warn("{} jobs of queue {} were taken by a worker that is gone and wait again", restored, queue);
			}
			this.store.expire(queue);
		}
		return Duration.ofMillis((long) (this.interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.0)));
	}

}
