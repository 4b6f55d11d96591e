package io.rq.redis;

import java.util.Properties;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MemorySettings}.
 */
@RedisTest
class MemorySettingsTests {

	private final TestRedis redis = TestRedis.start();

	private final MemorySettings settings = new MemorySettings(new RedisScripts(this.redis.connectionFactory()));

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void whatIsNotSetIsNamedWithItsGain() {
		set("64");
		assertThat(this.settings.advice()).startsWith("hash-max-listpack-value 1024 (now 64)");
		set("1024");
		assertThat(this.settings.advice()).isNull();
	}

	@Test
	void whatIsNotToldIsNotJudged() {
		Properties answer = new Properties();
		assertThat(MemorySettings.advice(answer)).isNull();
		answer.setProperty("hash-max-ziplist-value", "many");
		assertThat(MemorySettings.advice(answer)).isNull();
	}

	private void set(String value) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().setConfig("hash-max-ziplist-value", value);
		}
	}

}
