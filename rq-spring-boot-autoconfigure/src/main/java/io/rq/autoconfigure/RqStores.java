package io.rq.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.QueueStore;
import io.rq.redis.QueueWait;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;
import io.rq.redis.WorkerStore;
import io.rq.worker.WorkerOptions;
import io.rq.worker.WorkerStores;

/**
 * The one Redis that holds the jobs, and the stores on it. Keeps connections and clock to
 * itself, so that neither competes with beans of the application.
 */
final class RqStores {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	/**
	 * What a pool must have beside the connections that wait, and what it had better
	 * have.
	 */
	private static final int FREE_CONNECTIONS = 2;

	private static final int USUAL_CONNECTIONS = 8;

	private final RedisConnectionFactory connections;

	private final RedisClientSettings client;

	private final Clock clock;

	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * Creates the stores.
	 * @throws InvalidRqConfigurationException if the Redis is a cluster
	 */
	RqStores(RedisConnectionFactory connections, Clock clock) {
		this.connections = connections;
		this.client = RedisClientSettings.of(connections);
		this.clock = clock;
		if (this.client.cluster()) {
			throw new InvalidRqConfigurationException(
					"The configured Redis is a cluster, and RQ's keys cannot be spread over the nodes of one.",
					"Remove 'spring.data.redis.cluster' and use a standalone Redis or Sentinel, or declare another "
							+ "RedisConnectionFactory for the jobs and mark it with @RqRedis.");
		}
	}

	/** For how long a command may block: well below the command timeout. */
	Duration longestWait() {
		Duration half = this.client.timeout().dividedBy(2);
		return (!half.isZero() && half.compareTo(LONGEST_WAIT) < 0) ? half : LONGEST_WAIT;
	}

	/**
	 * Takes note of connections that are in use all the time.
	 * @throws InvalidRqConfigurationException if the pool is too small for them
	 */
	private void reserve(int more) {
		int reserved = this.waiting.addAndGet(more);
		if (reserved + FREE_CONNECTIONS > this.client.poolSize()) {
			throw new InvalidRqConfigurationException(
					("A pool of %d connections to Redis is too small: each worker keeps one for each of its queues and "
							+ "the scheduler one, together %d or more, and everything else needs some too.")
						.formatted(this.client.poolSize(), reserved),
					"Set 'spring.data.redis.%s.pool.max-active' to %d or more, or give the workers fewer queues."
						.formatted(this.client.name(), reserved + USUAL_CONNECTIONS));
		}
	}

	Clock clock() {
		return this.clock;
	}

	JobStore jobs() {
		return new JobStore(this.connections, this.clock);
	}

	QueueStore queues() {
		return new QueueStore(this.connections);
	}

	WorkerStore workers() {
		return new WorkerStore(this.connections, this.clock);
	}

	SchedulerStore schedulers() {
		return new SchedulerStore(this.connections, this.clock);
	}

	SchedulerWakeUps wakeUps() {
		reserve(1);
		return new SchedulerWakeUps(this.connections);
	}

	WorkerStores worker(WorkerOptions options) {
		reserve(options.queues().size());
		return new WorkerStores(
				new ExecutionStore(this.connections, this.clock, options.name(), options.timing().lease()), jobs(),
				workers(), new MaintenanceStore(this.connections, this.clock),
				(queue, worker) -> new QueueWait(this.connections, queue, worker), this.clock);
	}

}
