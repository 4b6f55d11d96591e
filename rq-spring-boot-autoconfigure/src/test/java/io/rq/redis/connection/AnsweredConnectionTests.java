package io.rq.redis.connection;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.TestRedis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections through Jedis on which a call ends in its middle.
 */
@Timeout(300)
class AnsweredConnectionTests {

	private static final int KEYS = 10;

	private static final int ROUNDS = 8;

	private final TestRedis redis = TestRedis.start();

	private final JedisConnectionFactory application = new JedisConnectionFactory(
			new RedisStandaloneConfiguration(this.redis.host(), this.redis.port()));

	private RedisConnectionFactory connections;

	private int calls;

	@BeforeEach
	void connect() {
		this.application.afterPropertiesSet();
		this.application.start();
		this.connections = Objects
			.requireNonNull(OwnConnections.like(this.application, Use.engine(Duration.ofSeconds(5)), Listeners.none()));
		try (RedisConnection connection = this.connections.getConnection()) {
			for (int i = 0; i < KEYS; i++) {
				connection.stringCommands().set(bytes("key" + i), bytes("value" + i));
			}
		}
	}

	@AfterEach
	void close() throws Exception {
		((DisposableBean) this.connections).destroy();
		this.application.destroy();
		this.redis.close();
	}

	@Test
	void callAfterOneThatEndedWithItsStackGetsItsOwnAnswer() {
		assertAnswers((connection) -> get(connection, this.calls++ % KEYS));
	}

	@Test
	void callAfterAPipelineThatEndedWithItsStackGetsItsOwnAnswer() {
		assertAnswers((connection) -> {
			connection.openPipeline();
			get(connection, this.calls++ % KEYS);
			get(connection, this.calls++ % KEYS);
			connection.closePipeline();
		});
	}

	@Test
	void callAfterAWaitThatEndedWithItsStackGetsItsOwnAnswer() {
		BlockingMove move = new BlockingMove(bytes("from"), bytes("to"), Duration.ofMillis(1), (id) -> {
		});
		assertAnswers((connection) -> {
			if (this.calls++ % 50 == 0) {
				((ReplaceableConnections) this.connections).send(connection, move);
			}
			get(connection, this.calls % KEYS);
		});
	}

	private void assertAnswers(Consumer<RedisConnection> call) {
		for (int round = 0; round < ROUNDS; round++) {
			int first = round;
			Thread deep = new Thread(null, () -> {
				try {
					down(first, call);
				}
				catch (StackOverflowError ex) {
					// as it was to be
				}
			}, "deep", 256 * 1024);
			deep.start();
			Deadline.in(Duration.ofMinutes(1)).await((nanos) -> {
				deep.join(nanos / 1_000_000 + 1);
				return !deep.isAlive();
			});
			for (int i = 0; i < 2 * KEYS; i++) {
				try (RedisConnection connection = this.connections.getConnection()) {
					assertThat(new String(Objects.requireNonNull(get(connection, i % KEYS)), UTF_8))
						.isEqualTo("value" + i % KEYS);
				}
			}
		}
	}

	private int down(int depth, Consumer<RedisConnection> call) {
		if (depth % 10 == 0) {
			try (RedisConnection connection = this.connections.getConnection()) {
				call.accept(connection);
			}
		}
		return down(depth + 1, call) + 1;
	}

	private static byte[] get(RedisConnection connection, int key) {
		return connection.stringCommands().get(bytes("key" + key));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

}
