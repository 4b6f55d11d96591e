package io.rq.outbox;

import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.job.Job;
import io.rq.test.TestRedis;
import io.rq.test.TestTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What the outbox does on each database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractOutboxTests {

	private final TestRedis redis = TestRedis.start();

	private OutboxApplication application;

	/** The properties that connect to the database. */
	abstract List<String> database();

	@BeforeAll
	void start() {
		this.application = OutboxApplication.start(this.redis.url(), database(), "spring.autoconfigure.exclude=");
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.redis.close();
	}

	@BeforeEach
	void empty() {
		assertThat(this.application.rows()).isZero();
		this.application.lost().clear();
		this.redis.flush();
	}

	private void awaitDelivery() {
		await().until(() -> this.application.rows() == 0);
	}

	@Test
	void aJobIsInTheDatabaseUntilTheCommitAndInRedisAfterIt() {
		Job job = this.application.inTransaction((jobs) -> {
			Job pending = jobs.enqueue(OutboxApplication.note("a"));
			assertThat(pending.isPending()).isTrue();
			assertThat(this.application.heard()).doesNotContain(pending.id());
			return pending;
		});
		awaitDelivery();
		assertThat(this.application.queue()).containsExactly(job.id());
		assertThat(this.application.heard()).contains(job.id());
		String marker = "rq:enqueued:" + job.id() + ".1";
		assertThat(this.redis.state().string(marker)).isEqualTo("[0]");
		await().untilAsserted(() -> assertThat(this.redis.state().ttl(marker)).isBetween(1L, 3_600L));
	}

	@Test
	void aRollbackLeavesNothing() {
		this.application.transaction().executeWithoutResult((status) -> {
			this.application.jobs().enqueue(OutboxApplication.note("a"));
			status.setRollbackOnly();
		});
		assertThatIllegalStateException().isThrownBy(() -> this.application.inTransaction((jobs) -> {
			jobs.enqueue(OutboxApplication.note("a"));
			throw new IllegalStateException("no");
		}));
		assertThat(this.application.rows()).isZero();
		assertThat(this.redis.state().keys()).isEmpty();
	}

	@Test
	void manyJobsKeepTheirOrder() {
		List<String> ids = IntStream.range(0, 2_500).mapToObj((i) -> "j" + i).toList();
		this.application.inTransaction((jobs) -> {
			ids.forEach((id) -> jobs.enqueue(OutboxApplication.note(id).id(id)));
			return null;
		});
		awaitDelivery();
		assertThat(this.application.queue()).isEqualTo(ids);
	}

	@Test
	void whatComesAfterASavepointGoesWithIt() {
		TransactionTemplate jdbc = new TransactionTemplate(
				new JdbcTransactionManager(this.application.bean(DataSource.class)));
		TransactionTemplate nested = new TransactionTemplate(jdbc.getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		jdbc.executeWithoutResult((status) -> {
			this.application.jobs().enqueue(OutboxApplication.note("a").id("a"));
			nested.executeWithoutResult((inner) -> {
				this.application.jobs().enqueue(OutboxApplication.note("b").id("b"));
				inner.setRollbackOnly();
			});
			this.application.jobs().enqueue(OutboxApplication.note("c").id("c"));
		});
		awaitDelivery();
		assertThat(this.application.queue()).containsExactly("a", "c");
	}

	@Test
	void jobsOfListenersBeforeTheCommitAreWrittenToo() {
		this.application.transaction().executeWithoutResult((status) -> {
			this.application.publish(OutboxApplication.note("a").id("first"));
			this.application.jobs().enqueue(OutboxApplication.note("b").id("second"));
		});
		this.application.transaction()
			.executeWithoutResult((status) -> this.application.publish(OutboxApplication.note("c").id("only")));
		awaitDelivery();
		assertThat(this.application.queue()).containsExactlyInAnyOrder("first", "second", "only");
		assertThat(this.redis.state().keys().keySet()).filteredOn((key) -> key.startsWith("rq:enqueued:"))
			.as("one for each row")
			.hasSizeBetween(2, 3);
	}

	@Test
	void jobsOfATransactionBegunAfterARollbackAreWrittenToo() {
		TransactionTemplate next = this.application.transaction();
		next.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.application.transaction().executeWithoutResult((status) -> {
			OutboxApplication.afterCompletion(() -> next
				.executeWithoutResult((inner) -> this.application.jobs().enqueue(OutboxApplication.note("b").id("b"))));
			this.application.jobs().enqueue(OutboxApplication.note("a").id("a"));
			status.setRollbackOnly();
		});
		awaitDelivery();
		assertThat(this.application.queue()).containsExactly("b");
		assertThat(this.redis.state().keys().keySet()).filteredOn((key) -> key.startsWith("rq:enqueued:")).hasSize(1);
	}

	@Test
	void aUniqueJobWhoseIdIsTakenMeanwhileIsToldAndTheOthersAreEnqueued() {
		this.application.inTransaction((jobs) -> {
			jobs.enqueue(OutboxApplication.note("a").id("a"));
			jobs.enqueue(OutboxApplication.note("b").id("b").unique());
			return jobs.enqueue(OutboxApplication.note("b").id("b").immediately());
		});
		awaitDelivery();
		assertThat(this.application.queue()).containsExactly("b", "a");
		assertThat(this.application.lost()).containsExactly("b");
	}

	@Test
	void aJobOfTheSameIdMayComeAgainWhileTheFirstWaits() {
		this.application.inTransaction((jobs) -> jobs.enqueue(OutboxApplication.note("a").id("a")));
		this.application.inTransaction((jobs) -> jobs.enqueue(OutboxApplication.note("b").id("a")));
		awaitDelivery();
		assertThat(this.application.queue()).containsExactly("a");
	}

	@Test
	void withoutATransactionAJobIsEnqueuedAtOnce() {
		Job job = this.application.jobs().enqueue(OutboxApplication.note("a"));
		assertThat(this.application.queue()).containsExactly(job.id());
	}

	@Test
	void aTransactionThatOnlyReadsHasNoRow() {
		TransactionTemplate reading = this.application.transaction();
		reading.setReadOnly(true);
		Job job = reading.execute((status) -> this.application.jobs().enqueue(OutboxApplication.note("a")));
		assertThat(this.application.queue()).containsExactly(job.id());
	}

	@Test
	void transactionsOfJpaAndOfJdbcAreItsOwn() {
		assertThat(this.application.bean(PlatformTransactionManager.class).getClass().getSimpleName())
			.isEqualTo("JpaTransactionManager");
		assertThat(this.application.bean(EntityManagerFactory.class)).isNotNull();
		TransactionTemplate jdbc = new TransactionTemplate(
				new JdbcTransactionManager(this.application.bean(DataSource.class)));
		for (TransactionTemplate transaction : List.of(jdbc, this.application.transaction())) {
			transaction.executeWithoutResult((status) -> {
				this.application.jobs().enqueue(OutboxApplication.note("a"));
				assertThat(this.application.rows()).isZero();
				OutboxApplication.beforeCompletion(() -> assertThat(this.application.rows()).isEqualTo(1));
			});
			awaitDelivery();
		}
		assertThat(this.application.queue()).hasSize(2);
	}

	@Test
	void othersTransactionsAreNotAndTheirJobsAreEnqueuedAfterThem() {
		TransactionTemplate other = new TransactionTemplate(new TestTransactionManager());
		JdbcTemplate jdbc = this.application.bean(JdbcTemplate.class);
		other.executeWithoutResult((status) -> this.application.jobs().enqueue(OutboxApplication.note("a").id("a")));
		other.executeWithoutResult((status) -> {
			jdbc.queryForList("select 1");
			this.application.jobs().enqueue(OutboxApplication.note("b").id("b"));
		});
		other.executeWithoutResult((status) -> {
			jdbc.queryForList("select 1");
			this.application.jobs().enqueue(OutboxApplication.note("c").id("c"));
			status.setRollbackOnly();
		});
		assertThat(this.application.queue()).containsExactly("a", "b");
		assertThat(this.application.rows()).isZero();
	}

	@Test
	void whatStandsInTheDatabaseIsJson() {
		this.application.transaction().executeWithoutResult((status) -> {
			this.application.jobs().enqueue(OutboxApplication.note("a").id("a"));
			OutboxApplication.beforeCompletion(() -> {
				byte[] data = this.application.bean(JdbcTemplate.class)
					.queryForObject("select task_data from scheduled_tasks", byte[].class);
				assertThat(data).asString().startsWith("[{\"job\":{\"id\":\"a\",\"queue\":\"default\"");
			});
		});
		awaitDelivery();
	}

}
