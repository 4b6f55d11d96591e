package io.rq.chaos;

import java.util.List;
import java.util.Set;

import redis.clients.jedis.UnifiedJedis;

import io.rq.test.RedisState;

/**
 * The Redis under the processes of a run.
 */
interface Ground extends AutoCloseable {

	/**
	 * Enqueues what a replica has too. Where there is none for a while calls fail soon,
	 * so that jobs keep coming by which workers show that they are at work.
	 */
	List<String> WITH_REPLICA = List.of("--rq.template.min-replicas=1", "--rq.template.min-replicas-timeout=200ms");

	/** What it is called in reports. */
	String name();

	/** How processes reach it: Spring Boot properties. */
	List<String> connection();

	/** What workers that no fault strikes call themselves in the ledger. */
	default Set<String> others() {
		return Set.of();
	}

	/**
	 * Starts them.
	 * @param ledger the port of the Redis with the ledger
	 */
	default void startOthers(int ledger) {
	}

	/** Connects directly, past what is cut and delayed. */
	UnifiedJedis connect();

	/** Everything that is in it. */
	RedisState state();

	/**
	 * The name of a key.
	 * @param queue the queue that it belongs to
	 * @param name its name in RQ's layout without the prefix
	 */
	default String key(String queue, String name) {
		return "rq:" + name;
	}

	/** What can happen to it, first the death of a worker. */
	List<Fault.Kind> faults();

	@Override
	void close();

}
