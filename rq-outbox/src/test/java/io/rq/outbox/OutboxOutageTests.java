package io.rq.outbox;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
class OutboxOutageTests {

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy database = FaultProxy.to(Postgres.shared().port());

	private final OutboxApplication application = OutboxApplication.start(this.redis.url(),
			Postgres.shared().properties(this.database.port()), "db-scheduler.polling-interval=100ms",
			"db-scheduler.heartbeat-interval=100ms", "db-scheduler.missed-heartbeats-limit=4",
			"spring.datasource.hikari.connection-timeout=500", "spring.datasource.hikari.validation-timeout=250");

	@AfterEach
	void close() {
		this.application.close();
		this.database.close();
		this.redis.close();
	}

	@Test
	void whatCommitsWhileRedisIsAwayIsDeliveredWhenItIsBack() {
		this.redis.stop();
		List<String> ids = List.of(this.application.enqueue("a").id(), this.application.enqueue("b").id());
		await().until(() -> this.application.failures() >= 2);
		assertThat(this.application.rows()).isEqualTo(2);
		this.redis.restart();
		await().atMost(ofSeconds(30)).until(() -> this.application.rows() == 0);
		assertThat(this.application.queue()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(this.application.lost()).isEmpty();
	}

	@Test
	void whileTheDatabaseIsAwayTransactionsFailAndAfterItTheyGoOn() {
		Job before = this.application.enqueue("a");
		await().until(() -> this.application.rows() == 0);
		this.database.accept(false);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.application.enqueue("b"));
		this.database.accept(true);
		await().atMost(ofSeconds(30)).ignoreExceptions().until(() -> this.application.enqueue("c") != null);
		await().atMost(ofSeconds(30)).until(() -> this.application.rows() == 0);
		assertThat(this.application.queue()).startsWith(before.id()).hasSize(2);
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
		assertThat(this.application.queue()).isEmpty();
		assertThat(this.application.lost()).isEmpty();
	}

}
