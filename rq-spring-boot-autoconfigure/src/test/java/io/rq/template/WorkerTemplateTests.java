package io.rq.template;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.queue.RegisteredWorker;
import io.rq.queue.ShutdownTimeoutException;
import io.rq.redis.RedisScripts;
import io.rq.redis.Subscription;
import io.rq.redis.WorkerCommands;
import io.rq.redis.WorkerStore;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WorkerTemplate} with workers that are only registered.
 */
@RedisTest
class WorkerTemplateTests {

	private static final String KEY = key("rq:worker:w1");

	private final StringRedisTemplate template;

	private final RedisScripts scripts;

	private final WorkerTemplate workers;

	private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

	WorkerTemplateTests(TestRedis redis) {
		this.template = new StringRedisTemplate(redis.connectionFactory());
		this.scripts = TestStores.scripts(redis.connectionFactory());
		this.workers = new WorkerTemplate(new WorkerStore(this.scripts, Clock.systemUTC()));
	}

	private void register() {
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"));
		this.template.opsForHash().put(KEY, "birth", "2026-01-31T12:00:00.123456Z");
	}

	private Subscription listening() {
		return new WorkerCommands(this.scripts, "w1").subscribe(new WorkerCommands.Listener() {

			@Override
			public void commanded(String message) {
				WorkerTemplateTests.this.heard.add(message);
			}

			@Override
			public void subscriptionLost() {
			}

		});
	}

	private CompletableFuture<Boolean> shutdown() {
		return CompletableFuture.supplyAsync(() -> this.workers.shutdown("w1"));
	}

	@Test
	void livingWorkersAreReadAndCountedByQueue() {
		WorkerStore store = new WorkerStore(this.scripts, Clock.systemUTC());
		WorkerIdentity ada = worker("ada", "mail", "default");
		store.register(ada, TestStores.UNTOLD, Duration.ofMinutes(1));
		store.register(worker("bob", "default"), TestStores.UNTOLD, Duration.ofMinutes(1));
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"), key("mail", "rq:queue:mail"));
		this.template.opsForSet().add(key("rq:workers"), key("rq:worker:gone"));
		assertThat(this.workers.all()).extracting(RegisteredWorker::name).containsExactly("ada", "bob");
		assertThat(this.workers.all("mail")).extracting(RegisteredWorker::name).containsExactly("ada");
		assertThat(this.workers.find("ada")).map(RegisteredWorker::queues).contains(List.of("mail", "default"));
		assertThat(this.workers.find("gone")).isEmpty();
		assertThat(this.workers.count()).isEqualTo(2);
		assertThat(this.workers.count("default")).isEqualTo(2);
		assertThat(this.workers.count("other")).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> this.workers.count("a,b"));
		store.unregister(ada);
		assertThat(this.workers.count()).isOne();
		assertThat(this.workers.count("mail")).isZero();
	}

	private static WorkerIdentity worker(String name, String... queues) {
		return new WorkerIdentity(name, List.of(queues), "here", 1, Instant.EPOCH, "0.1.0", "Java 17");
	}

	@Test
	void returnsWhenTheWorkerHasSignedOff() throws Exception {
		register();
		try (Subscription subscription = listening()) {
			assertThat(subscription).isNotNull();
			CompletableFuture<Boolean> shutdown = shutdown();
			assertThat(this.heard.take()).isEqualTo("{\"command\": \"shutdown\"}");
			assertThat(shutdown).isNotDone();
			this.template.opsForHash().put(KEY, "death", "2026-01-31T12:00:01.123456Z");
			assertThat(shutdown.get()).isTrue();
		}
	}

	@Test
	void returnsWhenItsRegistrationIsGoneOrAnothers() throws Exception {
		for (Runnable end : List.<Runnable>of(() -> this.template.delete(KEY),
				() -> this.template.opsForHash().put(KEY, "birth", "2026-01-31T13:00:00.123456Z"))) {
			register();
			try (Subscription subscription = listening()) {
				assertThat(subscription).isNotNull();
				CompletableFuture<Boolean> shutdown = shutdown();
				this.heard.take();
				end.run();
				assertThat(shutdown.get()).isTrue();
			}
		}
	}

	/** Python's worker would kill its job at the second. */
	@Test
	void whoHasHeardItDoesNotHearItTwice() throws Exception {
		register();
		try (Subscription subscription = listening()) {
			assertThat(subscription).isNotNull();
			assertThatExceptionOfType(ShutdownTimeoutException.class)
				.isThrownBy(() -> this.workers.shutdown("w1", Duration.ofMillis(2500)))
				.withMessageContainingAll("Worker 'w1' is still on record after PT2.5S", "has been told")
				.satisfies((ex) -> assertThat(ex.getWorker()).isEqualTo("w1"));
			assertThat(this.heard).hasSize(1);
		}
	}

	@Test
	void itIsSentAgainUntilSomebodyHasHeardIt() throws Exception {
		register();
		assertThatExceptionOfType(ShutdownTimeoutException.class)
			.isThrownBy(() -> this.workers.shutdown("w1", Duration.ofMillis(50)))
			.withMessageContaining("nobody listens");
		CompletableFuture<Boolean> shutdown = shutdown();
		await().until(() -> !shutdown.isDone());
		try (Subscription subscription = listening()) {
			assertThat(subscription).isNotNull();
			assertThat(this.heard.take()).contains("shutdown");
			this.template.delete(KEY);
			assertThat(shutdown.get()).isTrue();
		}
	}

	@Test
	void whoIsNotThereOrHasSignedOffIsNotTold() {
		assertThat(this.workers.shutdown("none")).isFalse();
		this.template.opsForHash().putAll(KEY, Map.of("birth", "then", "death", "now"));
		assertThat(this.workers.shutdown("w1")).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> this.workers.shutdown(""));
		assertThatIllegalArgumentException().isThrownBy(() -> this.workers.shutdown("w1", Duration.ZERO));
	}

}
