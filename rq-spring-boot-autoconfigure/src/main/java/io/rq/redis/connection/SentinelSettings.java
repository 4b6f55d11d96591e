package io.rq.redis.connection;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

import org.springframework.data.redis.connection.NamedNode;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.util.Assert;

/**
 * How to ask Sentinels through Jedis.
 *
 * @param primary the name that they have for the primary
 * @param nodes where they are
 * @param config how to connect to them: with what is configured for the primary, the
 * credentials apart
 */
record SentinelSettings(String primary, Set<HostAndPort> nodes, JedisClientConfig config) {

	/** For how long one of them may keep the others from being asked. */
	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);

	static SentinelSettings of(RedisSentinelConfiguration sentinels, JedisClientConfiguration client) {
		NamedNode primary = sentinels.getMaster();
		Assert.state(primary != null && primary.getName() != null, "Whoever asks Sentinels asks for a name");
		Set<HostAndPort> nodes = sentinels.getSentinels()
			.stream()
			.map((node) -> new HostAndPort(node.getRequiredHost(), node.getPortOr(RedisNode.DEFAULT_SENTINEL_PORT)))
			.collect(Collectors.toSet());
		return new SentinelSettings(primary.getName(), nodes, config(sentinels, client));
	}

	private static JedisClientConfig config(RedisSentinelConfiguration sentinels, JedisClientConfiguration client) {
		DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder().ssl(client.isUseSsl());
		client.getSslSocketFactory().ifPresent(config::sslSocketFactory);
		JedisTls.parameters(client).ifPresent(config::sslParameters);
		client.getHostnameVerifier().ifPresent(config::hostnameVerifier);
		client.getClientName().ifPresent(config::clientName);
		config.user(sentinels.getSentinelUsername());
		sentinels.getSentinelPassword().toOptional().map(String::valueOf).ifPresent(config::password);
		client.getClientConfigCustomizer().ifPresent((customizer) -> customizer.customize(config));
		// they are silent until something happens, and who hangs up misses it
		return config.connectionTimeoutMillis(shorter(client.getConnectTimeout()))
			.socketTimeoutMillis(shorter(client.getReadTimeout()))
			.blockingSocketTimeoutMillis(0)
			.build();
	}

	private static int shorter(Duration timeout) {
		boolean longer = timeout.isZero() || timeout.compareTo(LONGEST_ANSWER) > 0;
		return (int) (longer ? LONGEST_ANSWER : timeout).toMillis();
	}

}
