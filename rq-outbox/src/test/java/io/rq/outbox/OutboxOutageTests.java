package io.rq.outbox;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import io.rq.job.Job;
import io.rq.test.FaultProxy;
import io.rq.test.TestRedis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the outbox while Redis or the database is away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxOutageTests {

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy redisProxy = FaultProxy.to(this.redis);

	private final FaultProxy database = FaultProxy.to(Postgres.shared().port());

	private final OutboxApplication application = OutboxApplication.start("redis://127.0.0.1:" + this.redisProxy.port(),
			Postgres.shared().properties(this.database.port()), "db-scheduler.polling-interval=100ms",
			"db-scheduler.heartbeat-interval=100ms", "db-scheduler.missed-heartbeats-limit=4",
			"spring.datasource.hikari.connection-timeout=500", "spring.datasource.hikari.validation-timeout=250");

	@BeforeEach
	void empty() {
		this.redis.flush();
	}

	@AfterAll
	void close() {
		this.application.close();
		this.database.close();
		this.redisProxy.close();
		this.redis.close();
	}

	private List<String> queue() {
		return this.redis.state().list("rq:queue:default");
	}

	@Test
	void whatCommitsWhileRedisIsAwayIsDeliveredWhenItIsBack() {
		this.redisProxy.accept(false);
		List<String> ids = List.of(this.application.enqueue("a").id(), this.application.enqueue("b").id());
		await().atMost(ofSeconds(30)).until(() -> this.application.failures() >= 2);
		assertThat(this.application.rows()).isEqualTo(2);
		assertThat(this.application.bean(MeterRegistry.class)
			.get("dbscheduler_task_completions")
			.tags("task", "rq-outbox", "result", "failed")
			.counter()
			.count()).isGreaterThanOrEqualTo(2);
		this.redisProxy.accept(true);
		await().atMost(ofSeconds(30)).until(() -> this.application.rows() == 0);
		assertThat(queue()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(this.application.lost()).isEmpty();
	}

	@Test
	void whileTheDatabaseIsAwayTransactionsFailAndAfterItTheyGoOn() {
		Job before = this.application.enqueue("a");
		await().atMost(ofSeconds(30)).until(() -> this.application.rows() == 0);
		this.database.accept(false);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.application.enqueue("b"));
		this.database.accept(true);
		await().atMost(ofSeconds(30)).ignoreExceptions().until(() -> this.application.enqueue("c") != null);
		await().atMost(ofSeconds(30)).until(() -> this.application.rows() == 0);
		assertThat(queue()).startsWith(before.id()).hasSize(2);
	}

	@Test
	void aTransactionWhoseDatabaseGoesAwayFailsAndEnqueuesNothing() {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.application.inTransaction((jobs) -> {
			jobs.enqueue(OutboxApplication.note("a"));
			this.database.accept(false);
			return null;
		}));
		this.database.accept(true);
		await().atMost(ofSeconds(30)).ignoreExceptions().until(() -> this.application.rows() == 0);
		assertThat(queue()).isNullOrEmpty();
		assertThat(this.application.lost()).isEmpty();
	}

}
