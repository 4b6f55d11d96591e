package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.test.RedisClients;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link QueueWait}.
 */
@Timeout(30)
class QueueWaitTests extends AbstractStoreTests {

	private static final Duration VERY_LONG = Duration.ofMinutes(5);

	private final RedisConnectionFactory engine = Objects.requireNonNull(OwnConnections
		.like(this.redis.connectionFactory(), OwnConnections.Use.engine(VERY_LONG), Listeners.none()));

	private final RedisScripts scripts = new RedisScripts(this.engine);

	private final ExecutionStore store = new ExecutionStore(this.scripts, this.clock,
			new WorkerLease("w1", LEASE, BEATS), TestStores.MAX_PAYLOAD);

	private final QueueWait wait = new QueueWait(this.scripts, "default", "w1", VERY_LONG);

	@AfterEach
	void close() {
		this.wait.close();
		RedisClients.close(this.engine);
	}

	private void awaitBlocked() {
		await().until(() -> {
			try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
				return !"0".equals(Objects.requireNonNull(connection.serverCommands().info("clients"))
					.getProperty("blocked_clients"));
			}
		});
	}

	private <T> CompletableFuture<T> waiting(Supplier<T> call) {
		CompletableFuture<T> answer = CompletableFuture.supplyAsync(call, new SimpleAsyncTaskExecutor());
		awaitBlocked();
		return answer;
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aWaitThatIsCutShortEndsAsItsTimeWould(boolean onRecord) throws Exception {
		for (int i = 0; i < 2; i++) {
			CompletableFuture<Boolean> answer = waiting(() -> this.wait.await(VERY_LONG, onRecord));
			this.wait.cutShort();
			assertThat(answer.get(20, TimeUnit.SECONDS)).isFalse();
		}
		enqueue(job("a"));
		assertThat(this.wait.await(VERY_LONG, onRecord)).isTrue();
		assertThat(this.redis.state().keys().containsKey("rq:takers:default")).isEqualTo(!onRecord);
	}

	@Test
	void whatIsToBeDoneAfterTheWaitIsDoneThen() throws Exception {
		this.store.claim(List.of("default"), 1, false);
		CompletableFuture<Claims> answer = waiting(() -> this.store.claimNext(this.wait, VERY_LONG, 10));
		this.wait.cutShort();
		assertThat(answer.get(20, TimeUnit.SECONDS).claims()).isEmpty();
	}

	@Test
	void whereAllIsSuspendedThatIsHeardAndNothingIsGivenUp() {
		this.store.claim(List.of("default"), 1, false);
		this.template.opsForValue().set("rq:suspended", "1");
		assertThat(this.store.claimNext(this.wait, Duration.ofMillis(100), 10)).isNotNull()
			.extracting(Claims::suspended)
			.isEqualTo(true);
		this.store.claim(List.of("default"), 1, false);
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.contains("claim-epoch"));
	}

	@Test
	void whereNothingWaitsNothingIsCutShort() {
		this.wait.cutShort();
		enqueue(job("a"), job("b"));
		assertThat(this.wait.await(VERY_LONG, true)).isTrue();
		this.wait.cutShort();
		assertThat(this.wait.await(VERY_LONG, true)).isTrue();
	}

}
