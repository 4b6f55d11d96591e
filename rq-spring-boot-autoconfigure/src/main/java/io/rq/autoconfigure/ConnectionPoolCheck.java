package io.rq.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

import io.rq.doctor.Client;
import io.rq.scheduler.SchedulerContainer;
import io.rq.worker.WorkerContainer;

/**
 * Checks at the start, where the engine shares the application's pool of connections,
 * that it is large enough for those that are in use all the time. Otherwise everything
 * else would wait for one for ever.
 *
 * @param connections the connections
 * @param workers the workers
 * @param schedulers the schedulers
 */
record ConnectionPoolCheck(RqConnections connections, ObjectProvider<WorkerContainer> workers,
		ObjectProvider<SchedulerContainer> schedulers) implements SmartInitializingSingleton {

	/** What is needed besides at least. */
	private static final int FREE = 2;

	@Override
	public void afterSingletonsInstantiated() {
		RedisClientSettings client = this.connections.client();
		if (!this.connections.isShared()) {
			return;
		}
		int kept = kept();
		if (kept + FREE > client.poolSize()) {
			throw new InvalidRqConfigurationException(
					("A pool of %d connections to Redis is too small: a worker keeps one for each of its queues and "
							+ "one for commands, a scheduler one, together %d, and everything else needs some too.")
						.formatted(client.poolSize(), kept),
					"Set 'spring.data.redis.%s.pool.max-active' to %d or more, or give the workers fewer queues."
						.formatted(client.name(), kept + Client.USUALLY_FREE));
		}
	}

	/** How many of the shared connections are in use all the time. */
	int kept() {
		int waiting = this.workers.stream().mapToInt((worker) -> worker.options().queues().size()).sum();
		int listening = (int) this.workers.stream().count();
		return waiting + listening + (int) this.schedulers.stream().filter(SchedulerContainer::isAutoStartup).count();
	}

}
