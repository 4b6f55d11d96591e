package io.rq.chaos;

import java.util.List;
import java.util.Set;

import redis.clients.jedis.UnifiedJedis;

import io.rq.test.RedisState;

/**
 * The Redis under the processes of a run.
 */
interface Ground extends AutoCloseable {

	/** What it is called in reports. */
	String name();

	/** How processes reach it: Spring Boot properties. */
	List<String> connection();

	/**
	 * Starts workers that no fault strikes.
	 * @param ledger the port of the Redis with the ledger
	 * @return what they call themselves there
	 */
	default Set<String> startOthers(int ledger) {
		return Set.of();
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

	/** What can happen to it. */
	List<Fault.Kind> faults();

	@Override
	void close();

}
