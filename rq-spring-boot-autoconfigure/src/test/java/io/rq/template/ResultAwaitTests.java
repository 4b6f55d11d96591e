package io.rq.template;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.JobResult;
import io.rq.job.ResultTimeoutException;
import io.rq.redis.AwaitedResults;
import io.rq.redis.RedisScripts;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for waits for results while Redis does not answer.
 */
@Timeout(120)
class ResultAwaitTests {

	/** Below what a single command may take. */
	private static final long SHORT = TimeUnit.SECONDS.toNanos(8);

	@Test
	void waitEndsInItsTimeThoughRedisDoesNotAnswer() {
		try (TestRedis redis = TestRedis.start()) {
			RedisConnectionFactory connections = redis.connectionFactory();
			JobTemplate jobs = AbstractControlTests.jobs(connections);
			String awaited = jobs.enqueue("a").id();
			String next = jobs.enqueue("b").id();
			RedisScripts scripts = TestStores.scripts(connections);
			try (AwaitedResults results = TestStores.results(scripts)) {
				ResultAwait waits = new ResultAwait(TestStores.jobs(scripts, Clock.systemUTC()), results);
				waits.begin(awaited);
				awaitBlocked(redis);
				redis.pause();
				long start = System.nanoTime();
				CompletableFuture<JobResult> other = waits.begin(awaited);
				assertThatExceptionOfType(ResultTimeoutException.class)
					.isThrownBy(() -> waits.await(next, Duration.ofSeconds(1)));
				assertThat(System.nanoTime() - start).isLessThan(SHORT);
				assertThat(other).isNotDone();
			}
			finally {
				redis.resume();
			}
		}
	}

	@Test
	void waitsThatEndWhileRedisDoesNotAnswerLeaveOneThreadBehind() {
		try (TestRedis redis = TestRedis.start()) {
			RedisConnectionFactory connections = redis.connectionFactory();
			String awaited = AbstractControlTests.jobs(connections).enqueue("a").id();
			RedisScripts scripts = TestStores.scripts(connections);
			try (AwaitedResults results = TestStores.results(scripts)) {
				ResultAwait waits = new ResultAwait(TestStores.jobs(scripts, Clock.systemUTC()), results);
				await().untilAsserted(() -> assertThatExceptionOfType(ResultTimeoutException.class)
					.isThrownBy(() -> waits.await(awaited, Duration.ofMillis(1)))
					.withMessageContaining("it is queued"));
				redis.pause();
				for (int i = 0; i < 4; i++) {
					assertThatExceptionOfType(ResultTimeoutException.class)
						.isThrownBy(() -> waits.await(awaited, Duration.ofMillis(1)));
					assertThat(asking()).isLessThanOrEqualTo(1);
				}
			}
			finally {
				redis.resume();
			}
		}
	}

	private static long asking() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("rq-results-status"))
			.count();
	}

	private static void awaitBlocked(TestRedis redis) {
		try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
			await().until(() -> jedis.clientList().lines().anyMatch((client) -> client.matches(".* flags=[^ ]*b.*")));
		}
	}

}
