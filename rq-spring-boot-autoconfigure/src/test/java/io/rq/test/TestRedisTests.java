package io.rq.test;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TestRedis} and {@link RedisTest}.
 */
@RedisTest
class TestRedisTests {

	@Test
	void sharedServerIsEmptyBeforeEachTest(TestRedis redis) {
		assertThat(redis.state().keys()).isEmpty();
		new StringRedisTemplate(redis.connectionFactory()).opsForValue().set("left-over", "1");
	}

	@Test
	void sharedServerIsEmptyBeforeEachOtherTest(TestRedis redis, RedisConnectionFactory connectionFactory) {
		assertThat(redis.state().keys()).isEmpty();
		new StringRedisTemplate(connectionFactory).opsForValue().set("left-over", "1");
	}

	@Test
	void sharedServerCannotBeStopped(TestRedis redis) {
		assertThatIllegalStateException().isThrownBy(redis::stop);
		assertThatIllegalStateException().isThrownBy(redis::close);
	}

	@Test
	void ownServerComesBackOnTheSamePort() {
		try (TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always")) {
			StringRedisTemplate template = new StringRedisTemplate(redis.connectionFactory());
			template.opsForValue().set("a", "1");
			int port = redis.port();
			long pid = redis.pid();
			redis.kill();
			redis.restart();
			assertThat(redis.port()).isEqualTo(port);
			assertThat(redis.pid()).isNotEqualTo(pid);
			// a client may notice only now that its connection was closed
			await().ignoreException(RedisConnectionFailureException.class)
				.untilAsserted(() -> assertThat(template.opsForValue().get("a")).isEqualTo("1"));
		}
	}

	@Test
	void embeddedServerRunsWhereItIsAskedFor() {
		String before = System.setProperty(TestRedis.PROPERTY, "embedded");
		try (TestRedis redis = TestRedis.start();
				RedisConnection connection = redis.connectionFactory().getConnection()) {
			assertThat(connection.serverCommands().info("server")).hasEntrySatisfying("redis_version",
					(version) -> assertThat(version).asString().startsWith("6.2."));
		}
		finally {
			restore(before);
		}
	}

	@Test
	void unknownServerCannotBeAskedFor() {
		String before = System.setProperty(TestRedis.PROPERTY, "5");
		try {
			assertThatIllegalStateException().isThrownBy(TestRedis::start).withMessageContaining("not '5'");
		}
		finally {
			restore(before);
		}
	}

	private static void restore(@Nullable String before) {
		if (before != null) {
			System.setProperty(TestRedis.PROPERTY, before);
		}
		else {
			System.clearProperty(TestRedis.PROPERTY);
		}
	}

	@Test
	void ownServerIsGoneAfterClose() {
		TestRedis redis = TestRedis.start();
		ProcessHandle process = redis.process();
		assertThat(process.isAlive()).isTrue();
		redis.pause();
		redis.resume();
		redis.close();
		assertThat(process.isAlive()).isFalse();
	}

}
