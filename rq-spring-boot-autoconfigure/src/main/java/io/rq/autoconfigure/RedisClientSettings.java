package io.rq.autoconfigure;

import java.time.Duration;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

import io.rq.redis.connection.OwnConnections;

/**
 * What matters of the settings of a Redis client, whichever it is.
 *
 * @param name the client's name in Spring Boot's properties
 * @param cluster whether it is connected to a cluster
 * @param timeout how long a command may take; zero for no limit
 * @param poolSize how many connections there may be
 */
record RedisClientSettings(String name, boolean cluster, Duration timeout, int poolSize) {

	private static final int UNLIMITED = Integer.MAX_VALUE;

	static RedisClientSettings of(RedisConnectionFactory connections) {
		if (connections instanceof JedisConnectionFactory jedis) {
			return new RedisClientSettings("jedis", jedis.isRedisClusterAware(),
					jedis.getClientConfiguration().getReadTimeout(), limit(jedis.getClientConfiguration()));
		}
		if (connections instanceof LettuceConnectionFactory lettuce) {
			return new RedisClientSettings("lettuce", lettuce.isClusterAware(), OwnConnections.timeout(lettuce),
					(lettuce.getClientConfiguration() instanceof LettucePoolingClientConfiguration pooling)
							? limit(pooling.getPoolConfig().getMaxTotal()) : UNLIMITED);
		}
		return new RedisClientSettings("client", false, Duration.ZERO, UNLIMITED);
	}

	private static int limit(JedisClientConfiguration jedis) {
		return jedis.isUsePooling() ? jedis.getPoolConfig().map((pool) -> limit(pool.getMaxTotal())).orElse(UNLIMITED)
				: UNLIMITED;
	}

	private static int limit(int maxTotal) {
		return (maxTotal < 0) ? UNLIMITED : maxTotal;
	}

}
