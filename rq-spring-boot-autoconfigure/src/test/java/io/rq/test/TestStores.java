package io.rq.test;

import java.time.Clock;
import java.time.Duration;

import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.redis.MinReplicas;
import io.rq.redis.RedisScripts;

/**
 * Stores as they are without any property.
 */
public final class TestStores {

	/** How many bytes arguments and meta data of a job may have. */
	public static final long MAX_PAYLOAD = 10 * 1024 * 1024;

	private TestStores() {
	}

	/**
	 * Creates a store of jobs.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @return the store
	 */
	public static JobStore jobs(RedisScripts scripts, Clock clock) {
		return new JobStore(scripts, clock, MAX_PAYLOAD, MinReplicas.NONE);
	}

	/**
	 * Waits for results, on the connections of a test.
	 * @param scripts the scripts on the connections to Redis
	 * @return what waits
	 */
	public static AwaitedResults results(RedisScripts scripts) {
		return new AwaitedResults(() -> scripts, () -> Duration.ofSeconds(1));
	}

}
