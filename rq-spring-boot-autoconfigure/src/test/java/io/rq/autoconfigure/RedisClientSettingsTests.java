package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import redis.clients.jedis.ConnectionPoolConfig;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class RedisClientSettingsTests {

	private static final RedisStandaloneConfiguration SERVER = new RedisStandaloneConfiguration();

	private static final RedisSentinelConfiguration SENTINELS = new RedisSentinelConfiguration("rq",
			Set.of("localhost:26379"));

	private static final RedisClusterConfiguration CLUSTER = new RedisClusterConfiguration(List.of("localhost:7000"));

	@Test
	void jedisWithItsPool() {
		ConnectionPoolConfig pool = new ConnectionPoolConfig();
		pool.setMaxTotal(5);
		assertThat(RedisClientSettings.of(new JedisConnectionFactory(SERVER,
				JedisClientConfiguration.builder()
					.readTimeout(Duration.ofSeconds(3))
					.usePooling()
					.poolConfig(pool)
					.build())))
			.isEqualTo(new RedisClientSettings("jedis", false, Duration.ofSeconds(3), 5));
	}

	@Test
	void poolWithoutLimit() {
		ConnectionPoolConfig pool = new ConnectionPoolConfig();
		pool.setMaxTotal(-1);
		assertThat(RedisClientSettings
			.of(new JedisConnectionFactory(SERVER,
					JedisClientConfiguration.builder().usePooling().poolConfig(pool).build()))
			.poolSize()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void jedisWithoutPool() {
		assertThat(
				RedisClientSettings.of(new JedisConnectionFactory(SERVER, JedisClientConfiguration.builder().build()))
					.poolSize())
			.isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void lettuce() {
		assertThat(RedisClientSettings.of(new LettuceConnectionFactory(SERVER,
				LettuceClientConfiguration.builder().commandTimeout(Duration.ofSeconds(4)).build())))
			.isEqualTo(new RedisClientSettings("lettuce", false, Duration.ofSeconds(4), Integer.MAX_VALUE));
	}

	@Test
	void lettuceWithSentinelWaitsForFiveSecondsUnlessTold() {
		assertThat(RedisClientSettings.of(new LettuceConnectionFactory(SERVER)).timeout())
			.isEqualTo(Duration.ofSeconds(60));
		assertThat(RedisClientSettings.of(new LettuceConnectionFactory(SENTINELS)).timeout())
			.isEqualTo(Duration.ofSeconds(5));
		assertThat(RedisClientSettings
			.of(new LettuceConnectionFactory(SENTINELS,
					LettuceClientConfiguration.builder().commandTimeout(Duration.ofSeconds(30)).build()))
			.timeout()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void clusterOfEither() {
		assertThat(RedisClientSettings.of(new JedisConnectionFactory(CLUSTER)).cluster()).isTrue();
		assertThat(RedisClientSettings.of(new LettuceConnectionFactory(CLUSTER)).cluster()).isTrue();
	}

}
