package io.rq.test;

import java.time.Duration;

import redis.clients.jedis.ConnectionPoolConfig;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Connects tests with the Redis client that the system property {@value #PROPERTY} names:
 * the build runs them with each.
 */
public final class RedisClients {

	/** The system property, which applications in tests read too. */
	public static final String PROPERTY = "spring.data.redis.client-type";

	private static final int POOL_SIZE = 64;

	private RedisClients() {
	}

	/**
	 * Returns the name of the client.
	 * @return {@code jedis} or {@code lettuce}
	 */
	public static String name() {
		return System.getProperty(PROPERTY, "lettuce");
	}

	/**
	 * Returns the option that makes another JVM use the same client.
	 * @return the option
	 */
	public static String option() {
		return "-D" + PROPERTY + "=" + name();
	}

	/**
	 * Returns started connections, to be {@linkplain #close closed} by the caller.
	 * @param host the server's host
	 * @param port the server's port
	 * @param timeout how long a command may take
	 * @return the connections
	 */
	public static RedisConnectionFactory connect(String host, int port, Duration timeout) {
		return connect(new RedisStandaloneConfiguration(host, port), timeout);
	}

	/**
	 * Returns started connections, to be {@linkplain #close closed} by the caller.
	 * @param server one server, or the nodes of a cluster
	 * @param timeout how long a command may take
	 * @return the connections
	 */
	public static RedisConnectionFactory connect(RedisConfiguration server, Duration timeout) {
		return switch (name()) {
			case "jedis" -> jedis(server, timeout);
			case "lettuce" -> lettuce(server, timeout);
			default -> throw new IllegalStateException("Unknown client '" + name() + "' in " + PROPERTY);
		};
	}

	private static RedisConnectionFactory jedis(RedisConfiguration server, Duration timeout) {
		ConnectionPoolConfig pool = new ConnectionPoolConfig();
		pool.setMaxTotal(POOL_SIZE);
		pool.setMaxIdle(POOL_SIZE);
		JedisClientConfiguration client = JedisClientConfiguration.builder()
			.readTimeout(timeout)
			.usePooling()
			.poolConfig(pool)
			.build();
		JedisConnectionFactory factory = (server instanceof RedisClusterConfiguration cluster)
				? new JedisConnectionFactory(cluster, client)
				: new JedisConnectionFactory((RedisStandaloneConfiguration) server, client);
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	private static RedisConnectionFactory lettuce(RedisConfiguration server, Duration timeout) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(server,
				LettuceClientConfiguration.builder().commandTimeout(timeout).build());
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * Closes connections.
	 * @param connections what {@link #connect} returned
	 */
	public static void close(RedisConnectionFactory connections) {
		try {
			((DisposableBean) connections).destroy();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Connections do not close", ex);
		}
	}

}
