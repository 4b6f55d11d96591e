package io.rq.autoconfigure;

import java.time.Clock;
import java.time.Duration;

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

	private final RedisConnectionFactory connections;

	private final RedisClientSettings client;

	private final Clock clock;

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

	RedisClientSettings client() {
		return this.client;
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
		return new SchedulerWakeUps(this.connections);
	}

	WorkerStores worker(WorkerOptions options) {
		return new WorkerStores(
				new ExecutionStore(this.connections, this.clock, options.name(), options.timing().lease(),
						options.timing().heartbeatInterval()),
				jobs(), workers(),
				new MaintenanceStore(this.connections, this.clock, options.name(), options.timing().lease(),
						options.timing().heartbeatInterval()),
				(queue, worker) -> new QueueWait(this.connections, queue, worker), this.clock);
	}

}
