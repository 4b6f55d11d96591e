package io.rq.test.autoconfigure;

/**
 * Where the jobs of a test are.
 */
public enum RqTestRedis {

	/** In memory: jobs are recorded, and no Redis is needed. */
	NONE,

	/** On a Redis that starts and stops with the application context. */
	EMBEDDED,

	/**
	 * On the Redis of the application, such as that of a container with
	 * {@code @ServiceConnection}.
	 */
	APPLICATION

}
