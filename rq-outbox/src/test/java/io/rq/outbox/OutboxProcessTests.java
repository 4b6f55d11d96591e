package io.rq.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import io.rq.job.Job;
import io.rq.outbox.OutboxProcess.Moment;
import io.rq.test.FaultProxy;
import io.rq.test.JavaProcess;
import io.rq.test.TestRedis;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes that share a database, and are killed at the worst of moments.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxProcessTests {

	private static final String[] NODE = { "db-scheduler.polling-interval=100ms",
			"db-scheduler.heartbeat-interval=100ms", "db-scheduler.missed-heartbeats-limit=4" };

	private final List<String> database = Postgres.shared().properties();

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final OutboxApplication node = OutboxApplication.start(this.redis.url(), this.database,
			Stream.concat(Stream.of(NODE), Stream.of("rq.worker.enabled=true", "rq.worker.name=node"))
				.toArray(String[]::new));

	private final Scheduler scheduler = this.node.bean(Scheduler.class);

	@TempDir
	private Path directory;

	private int faults;

	@BeforeEach
	void empty() {
		this.redis.flush();
	}

	@AfterAll
	void close() {
		this.node.close();
		this.proxy.close();
		this.redis.close();
	}

	private static ConditionFactory patiently() {
		return await().atMost(ofSeconds(30));
	}

	/** Lets no job of this id through to Redis. */
	private void hold(String job) {
		this.scheduler.pause();
		this.faults = this.proxy.faults();
		this.proxy.hold((request) -> request.contains(job));
	}

	private void awaitPush() {
		patiently().until(() -> this.proxy.faults() > this.faults);
	}

	private JavaProcess start(Moment moment, String job) {
		String[] arguments = Stream
			.concat(Stream.of(moment.name(), "redis://127.0.0.1:" + this.proxy.port(), job), this.database.stream())
			.toArray(String[]::new);
		return JavaProcess.start(OutboxProcess.class, this.directory.resolve("process.log"), arguments);
	}

	@Test
	void killedBetweenCommitAndPushAnotherDeliversOnce() {
		try (JavaProcess process = start(Moment.COMMITTED, "order-1")) {
			patiently().until(() -> this.node.notes().equals(List.of("order-1")) && this.node.rows() == 0);
			process.signal("KILL");
			process.awaitEnd();
		}
		assertThat(this.node.notes()).containsExactly("order-1");
	}

	@Test
	void killedWhilePushingAnotherDeliversOnce() {
		hold("order-2");
		try (JavaProcess process = start(Moment.DELIVERED, "order-2")) {
			awaitPush();
			process.signal("KILL");
			process.awaitEnd();
		}
		this.scheduler.resume();
		patiently().until(() -> this.node.notes().equals(List.of("order-2")) && this.node.rows() == 0);
		this.proxy.release();
		await().until(() -> this.proxy.connections() == 0);
		await().until(() -> this.redis.state().keys().keySet().stream().noneMatch((key) -> key.startsWith("rq:job:")));
		assertThat(this.node.notes()).as("with the push that came late").containsExactly("order-2");
	}

	/** The job has run and left nothing. */
	@Test
	void killedBetweenPushAndTheRemovalOfTheRowNobodyDeliversAgain() throws SQLException {
		hold("order-3");
		try (JavaProcess process = start(Moment.DELIVERED, "order-3");
				Connection connection = this.node.bean(DataSource.class).getConnection();
				Statement statement = connection.createStatement()) {
			awaitPush();
			connection.setAutoCommit(false);
			statement.executeQuery("select * from scheduled_tasks for update");
			this.proxy.release();
			patiently().until(() -> this.node.notes().equals(List.of("order-3")));
			await().until(() -> !this.node.jobs().exists("order-3"));
			assertThat(this.redis.state().keys().entrySet())
				.filteredOn((key) -> key.getKey().startsWith("rq:enqueued:"))
				.singleElement()
				.satisfies((marker) -> assertThat(marker.getValue().ttl()).isGreaterThan(ofDays(6).toSeconds()));
			process.signal("KILL");
			process.awaitEnd();
			statement
				.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
						+ "and query like 'delete from scheduled_tasks%'");
			connection.rollback();
		}
		assertThat(this.node.rows()).isOne();
		this.scheduler.resume();
		patiently().until(() -> this.node.rows() == 0);
		assertThat(this.node.notes()).containsExactly("order-3");
		assertThat(this.redis.state().list("rq:queue:default")).isNullOrEmpty();
	}

	@Test
	void twoNodesDeliverEachJobOnce() {
		try (OutboxApplication other = OutboxApplication.start(this.redis.url(), this.database, NODE)) {
			List<String> texts = IntStream.range(0, 400).mapToObj((i) -> "n" + i).toList();
			List<String> ids = texts.parallelStream()
				.map((text) -> (text.hashCode() % 2 == 0) ? this.node.enqueue(text) : other.enqueue(text))
				.map(Job::id)
				.toList();
			assertThat(ids).doesNotHaveDuplicates();
			patiently().until(() -> this.node.rows() == 0 && this.node.notes().size() >= texts.size());
			assertThat(this.node.notes()).containsExactlyInAnyOrderElementsOf(texts);
		}
	}

}
