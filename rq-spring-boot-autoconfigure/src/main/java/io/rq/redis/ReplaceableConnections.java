package io.rq.redis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Connections that are ours, so that we may close and replace them as we see fit.
 */
interface ReplaceableConnections extends RedisConnectionFactory {

	/** Returns who looks after them. */
	ConnectionCare care();

}
