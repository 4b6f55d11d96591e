package io.rq.redis.connection;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

import io.rq.lifecycle.Listeners;

/**
 * Makes connections like those of the application, to the same Redis with the same
 * rights, that nobody else uses: nothing an application does can use them up, and they
 * can be replaced without harm to the application when they are of no use any more.
 */
public final class OwnConnections {

	/** Before Spring Boot 4.1 there is nothing by which clients of Jedis are replaced. */
	private static final boolean COPIES_JEDIS = ClassUtils.isPresent(
			"org.springframework.data.redis.connection.jedis.JedisClientBuilderCustomizer",
			OwnConnections.class.getClassLoader());

	private static final Supplier<String> NO_CLUSTER = () -> {
		throw new IllegalArgumentException("Connections to a Redis Cluster need the layout of the keys");
	};

	private OwnConnections() {
	}

	/**
	 * Returns connections of our own to a Redis that is no cluster. They are started
	 * already; the caller has to stop and destroy them.
	 * @param application the connections of the application
	 * @param use what they are used for
	 * @param listeners hear when they are replaced
	 * @return the connections, or {@code null} if those of the application are of a kind
	 * that cannot be copied
	 */
	public static @Nullable RedisConnectionFactory like(RedisConnectionFactory application, Use use,
			Listeners<ConnectionListener> listeners) {
		return like(application, NO_CLUSTER, use, listeners);
	}

	/**
	 * Returns connections of our own; in a cluster to each node that has keys. They are
	 * started already; the caller has to stop and destroy them.
	 * @param application the connections of the application
	 * @param commonKey gives the key that decides, in a cluster, where that goes which
	 * belongs to no key
	 * @param use what they are used for
	 * @param listeners hear when they are replaced
	 * @return the connections, or {@code null} if those of the application are of a kind
	 * that cannot be copied
	 * @throws IllegalArgumentException if it is a cluster, and there is no such key
	 */
	public static @Nullable RedisConnectionFactory like(RedisConnectionFactory application, Supplier<String> commonKey,
			Use use, Listeners<ConnectionListener> listeners) {
		Object target = AopProxyUtils.getSingletonTarget(application);
		Object factory = (target != null) ? target : application;
		if (factory.getClass() == JedisConnectionFactory.class && COPIES_JEDIS) {
			return JedisConnections.like((JedisConnectionFactory) factory, commonKey, use, listeners);
		}
		if (factory.getClass() == LettuceConnectionFactory.class) {
			return LettuceConnections.like((LettuceConnectionFactory) factory, commonKey, use, listeners);
		}
		return null;
	}

	/**
	 * Returns how long a call of the application through connections of ours may take.
	 * @param application the connections of the application
	 * @return the time-out, zero for none
	 */
	public static Duration timeout(LettuceConnectionFactory application) {
		return LettuceConnections.timeout(application);
	}

	/**
	 * Returns how long a command may block on the server.
	 * @param connections the connections, ours or others
	 * @param timeout how long a command may take on them
	 * @return the time, well below that of the reads
	 */
	public static Duration longestWait(RedisConnectionFactory connections, Duration timeout) {
		return (connections instanceof JedisConnections) ? timeout : timeout.dividedBy(2);
	}

	/**
	 * What connections are used for.
	 *
	 * @param timeout how long a command may take at most, or {@code null} for as long as
	 * the application allows
	 * @param limited whether there may be no more of them than of the application's
	 * @param patience after how many time-outs in a row they are replaced
	 */
	public record Use(@Nullable Duration timeout, boolean limited, int patience) {

		/** For the calls of an application, which has as many callers as it likes. */
		public static final Use APPLICATION = new Use(null, true, 2);

		/**
		 * For the threads of the engine, of which there are only as many as it needs.
		 * @param timeout how long a command may take at most
		 * @return the use
		 */
		public static Use engine(Duration timeout) {
			return new Use(timeout, false, 1);
		}

		/** Returns the time-out, given the application's own, which is zero for none. */
		Duration timeout(Duration given) {
			if (this.timeout == null) {
				return given;
			}
			return (given.isZero() || given.compareTo(this.timeout) > 0) ? this.timeout : given;
		}

	}

}
