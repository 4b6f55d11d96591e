package io.rq.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.connection.ShareableConnections;

/**
 * Chooses the Redis that holds the jobs among those of the application.
 */
final class JobRedis {

	private static final String REMEDY = "Mark the one whose Redis holds the jobs with @RqRedis "
			+ "(io.rq.autoconfigure.RqRedis), or make one of them @Primary.";

	private JobRedis() {
	}

	/**
	 * Returns the connections for the jobs: those that say that they are to be shared,
	 * else those that are marked, else those of the application.
	 * @throws InvalidRqConfigurationException if several could be meant
	 */
	static RedisConnectionFactory choose(ObjectProvider<RedisConnectionFactory> connections,
			ObjectProvider<RedisConnectionFactory> marked) {
		RedisConnectionFactory shareable = marked.stream()
			.filter(ShareableConnections.class::isInstance)
			.findFirst()
			.orElse(null);
		if (shareable != null) {
			return shareable;
		}
		RedisConnectionFactory chosen = unique(marked, "RedisConnectionFactory beans with @RqRedis",
				"Mark one of them only, or make one @Primary.");
		if (chosen == null) {
			chosen = unique(connections, "RedisConnectionFactory beans, and none is primary", REMEDY);
		}
		return (chosen != null) ? chosen : connections.getObject();
	}

	private static @Nullable RedisConnectionFactory unique(ObjectProvider<RedisConnectionFactory> connections,
			String what, String remedy) {
		RedisConnectionFactory unique = connections.getIfUnique();
		long count = (unique == null) ? connections.stream().count() : 1;
		if (count > 1) {
			throw new InvalidRqConfigurationException("There are " + count + " " + what + ".", remedy);
		}
		return unique;
	}

}
