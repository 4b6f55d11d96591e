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
		set("stream-node-max-bytes", "4096");
		set("hash-max-ziplist-value", "64");
		assertThat(this.settings.advice()).hasSize(2)
			.anySatisfy((text) -> assertThat(text).startsWith("stream-node-max-bytes 512 (now 4096)"))
			.anySatisfy((text) -> assertThat(text).startsWith("hash-max-listpack-value 1024 (now 64)"));
		set("stream-node-max-bytes", "512");
		assertThat(this.settings.advice()).singleElement().asString().startsWith("hash-max-listpack-value");
		set("hash-max-ziplist-value", "1024");
		assertThat(this.settings.advice()).isEmpty();
	}

	@Test
	void streamsWithoutABoundAreLargeAndWhatIsNotToldIsNotJudged() {
		Properties answer = new Properties();
		assertThat(MemorySettings.advice(answer)).isEmpty();
		answer.setProperty("stream-node-max-bytes", "0");
		answer.setProperty("hash-max-ziplist-value", "many");
		assertThat(MemorySettings.advice(answer)).singleElement().asString().contains("stream-node-max-bytes");
	}

	private void set(String name, String value) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().setConfig(name, value);
		}
	}

}
