package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the scripts in a Redis that answers and takes no writes for a while: what it
 * refuses is no fault of a key, and nothing is taken for done or lost.
 */
class RefusedWritesTests extends AbstractStoreTests {

	RefusedWritesTests() {
		// where nobody can write a file
		super(TestRedis.start("--dir", "/proc"));
	}

	@AfterEach
	void close() {
		this.redis.close();
	}

	private void execute(String command, String... arguments) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.execute(command,
					Stream.of(arguments)
						.map((argument) -> argument.getBytes(StandardCharsets.UTF_8))
						.toArray(byte[][]::new));
		}
	}

	private static void refused(Refusal refusal, Runnable call) {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(call::run)
			.havingRootCause()
			.withMessageContaining(refusal.name());
	}

	@ParameterizedTest
	@EnumSource
	void jobsAreTakenWhenItIsOver(Refusal refusal) {
		enqueue(job("a"), job("b"));
		String before = state();
		refusal.begin(this);
		refused(refusal, () -> claim(2));
		assertThat(state()).isEqualTo(before);
		refusal.end(this);
		assertThat(claim(2)).extracting(Execution::jobId).containsExactly("a", "b");
	}

	@ParameterizedTest
	@EnumSource
	void idThatTheWaitTookFromAPausedQueueGoesBackWhenItIsOver(Refusal refusal) {
		enqueue(job("a"));
		this.queueControl.pause("default", "");
		this.template.rename("rq:queue:default", "rq:taken:default:w1");
		refusal.begin(this);
		refused(refusal, () -> claim(1));
		refusal.end(this);
		assertThat(claim(1)).isEmpty();
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@ParameterizedTest
	@EnumSource
	void outcomesAreRecordedWhenItIsOver(Refusal refusal) {
		enqueue(job("a"), job("b"), job("c"));
		List<Execution> runs = claim(3);
		String before = state();
		refusal.begin(this);
		refused(refusal, () -> this.executions.finish(List.of(success(runs.get(0), 500))));
		refused(refusal, () -> this.executions.retry(List.of(retry(runs.get(1), 10, false, null, null))));
		refused(refusal, () -> this.executions.release(List.of(runs.get(2))));
		refused(refusal, () -> this.executions.beat("busy", List.of("default"), List.of()));
		assertThat(state()).isEqualTo(before);
		refusal.end(this);
		assertThat(this.executions.finish(List.of(success(runs.get(0), 500)))).isEmpty();
		assertThat(this.executions.retry(List.of(retry(runs.get(1), 10, false, null, null)))).isEmpty();
		assertThat(this.executions.release(List.of(runs.get(2)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(field("b", "status")).isEqualTo("scheduled");
		assertThat(list("rq:queue:default")).containsExactly("c");
	}

	/**
	 * Why Redis takes no writes, as its error begins.
	 */
	private enum Refusal {

		NOREPLICAS {
			@Override
			void begin(RefusedWritesTests redis) {
				redis.execute("CONFIG", "SET", "min-replicas-to-write", "1");
			}

			@Override
			void end(RefusedWritesTests redis) {
				redis.execute("CONFIG", "SET", "min-replicas-to-write", "0");
			}
		},

		READONLY {
			@Override
			void begin(RefusedWritesTests redis) {
				redis.execute("REPLICAOF", "127.0.0.1", "1");
			}

			@Override
			void end(RefusedWritesTests redis) {
				redis.execute("REPLICAOF", "NO", "ONE");
			}
		},

		MISCONF {
			@Override
			void begin(RefusedWritesTests redis) {
				redis.execute("CONFIG", "SET", "save", "900 1");
				redis.execute("BGSAVE");
				await().until(() -> {
					try (RedisConnection connection = redis.redis.connectionFactory().getConnection()) {
						return "err".equals(
								connection.serverCommands().info("persistence").getProperty("rdb_last_bgsave_status"));
					}
				});
			}

			@Override
			void end(RefusedWritesTests redis) {
				redis.execute("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
			}
		};

		abstract void begin(RefusedWritesTests redis);

		abstract void end(RefusedWritesTests redis);

	}

}
