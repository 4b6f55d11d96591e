package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.rq.scheduler.SchedulerContainer;
import io.rq.worker.WorkerContainer;

/**
 * Checks at the start that a pool of connections is large enough for those that are in
 * use all the time. Otherwise everything else would wait for one for ever.
 *
 * @param client the settings of the Redis client
 * @param workers the workers
 * @param schedulers the schedulers
 */
record EnoughConnections(RedisClientSettings client, ObjectProvider<WorkerContainer> workers,
		ObjectProvider<SchedulerContainer> schedulers) implements SmartInitializingSingleton {

	/** What is needed besides at least, and what is usual. */
	private static final int FREE = 2;

	private static final int USUALLY_FREE = 8;

	@Override
	public void afterSingletonsInstantiated() {
		int waiting = this.workers.stream().mapToInt((worker) -> worker.options().queues().size()).sum();
		int kept = waiting + (int) this.schedulers.stream().filter(SchedulerContainer::isAutoStartup).count();
		if (kept + FREE > this.client.poolSize()) {
			throw new InvalidRqConfigurationException(
					("A pool of %d connections to Redis is too small: a worker keeps one for each of its queues and a "
							+ "scheduler one, together %d, and everything else needs some too.")
						.formatted(this.client.poolSize(), kept),
					"Set 'spring.data.redis.%s.pool.max-active' to %d or more, or give the workers fewer queues."
						.formatted(this.client.name(), kept + USUALLY_FREE));
		}
	}

}
