package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.ConnectionListener;
import io.rq.redis.connection.ConnectionTrouble;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers and callers whose connections to Redis are of no use any more while
 * new ones are fine.
 */
@OneRedis("has a proxy before a server of its own")
class ConnectionFaultTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	/** The time-out and two seconds, and some for a slow machine. */
	private static final Duration SOON = Duration.ofSeconds(6);

	private static final WorkerOptions.Timing TIMING = new WorkerOptions.Timing(Duration.ofSeconds(20),
			Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(500),
			Duration.ofMillis(500));

	private final TestRedis redis = TestRedis.start();

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory application = this.proxy.connect(Duration.ofSeconds(3));

	private final List<ConnectionTrouble> replaced = new CopyOnWriteArrayList<>();

	private final RedisConnectionFactory engine = own(Use.engine(TIMEOUT));

	private final WorkerBench bench = new WorkerBench(this.engine);

	private final WorkerBench feeder = new WorkerBench(this.redis.connectionFactory());

	private final AtomicInteger runs = new AtomicInteger();

	@BeforeEach
	void handle() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
	}

	@AfterEach
	void close() {
		this.bench.close();
		RedisClients.close(this.engine);
		RedisClients.close(this.application);
		this.proxy.close();
		this.redis.close();
	}

	private RedisConnectionFactory own(Use use) {
		RedisConnectionFactory own = OwnConnections.like(this.application, use,
				new Listeners<>(List.<ConnectionListener>of(this.replaced::add)));
		assertThat(own).isNotNull();
		return own;
	}

	private static void finishes(WorkerBench bench, Job job) {
		await().atMost(SOON).until(() -> bench.status(job) == JobStatus.FINISHED);
	}

	private WorkerContainer worker(String... queues) {
		return this.bench.worker("worker-1", (options) -> options.withTiming(TIMING).withQueues(List.of(queues)));
	}

	private static Job enqueue(WorkerBench bench) {
		return bench.jobs().enqueue("count");
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "high,default", "high,default,low" })
	void workGoesOnSoonAfterAllConnectionsHaveGoneDeaf(String queues) {
		worker(queues.split(","));
		finishes(this.feeder, enqueue(this.feeder));
		this.proxy.goDeaf();
		finishes(this.feeder, enqueue(this.feeder));
		await().atMost(SOON).untilAsserted(() -> assertThat(this.replaced).contains(ConnectionTrouble.TIMEOUT));
		assertThat(this.runs).hasValue(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "high,default" })
	void workGoesOnWhereThePrimaryHasGone(String queues) {
		worker(queues.split(","));
		finishes(this.feeder, enqueue(this.feeder));
		try (TestRedis promoted = TestRedis.start()) {
			WorkerBench there = new WorkerBench(promoted.connectionFactory());
			this.proxy.moveTo(promoted);
			makeReplica(this.redis, promoted);
			finishes(there, enqueue(there));
			assertThat(this.replaced).isNotEmpty();
			this.bench.close();
		}
	}

	@Test
	void enqueueGoesOnWhereThePrimaryHasGone() {
		RedisConnectionFactory own = own(Use.APPLICATION);
		WorkerBench caller = new WorkerBench(own);
		enqueue(caller);
		try (TestRedis promoted = TestRedis.start()) {
			this.proxy.moveTo(promoted);
			makeReplica(this.redis, promoted);
			Job job = enqueue(caller);
			assertThat(new WorkerBench(promoted.connectionFactory()).status(job)).isEqualTo(JobStatus.QUEUED);
			assertThat(this.replaced).containsExactly(ConnectionTrouble.REFUSED);
		}
		finally {
			RedisClients.close(own);
		}
	}

	@Test
	void enqueueGoesOnAfterTwoTimeouts() {
		RedisConnectionFactory own = own(new Use(TIMEOUT, true, 2));
		WorkerBench caller = new WorkerBench(own);
		enqueue(caller);
		this.proxy.goDeaf();
		int failures = 0;
		while (failures < 3 && !isEnqueued(caller)) {
			failures++;
		}
		assertThat(failures).isLessThanOrEqualTo(2);
		RedisClients.close(own);
	}

	private boolean isEnqueued(WorkerBench caller) {
		try {
			enqueue(caller);
			return true;
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

	@Test
	void connectionsOfTheApplicationAreLeftAlone() {
		Set<String> others = connectionIds();
		try (RedisConnection connection = this.application.getConnection()) {
			connection.ping();
		}
		Set<String> theirs = connectionIds();
		theirs.removeAll(others);
		assertThat(theirs).isNotEmpty();
		worker("default");
		finishes(this.feeder, enqueue(this.feeder));
		makeReplica(this.redis, this.redis);
		await().atMost(SOON).untilAsserted(() -> assertThat(this.replaced).isNotEmpty());
		assertThat(connectionIds()).containsAll(theirs);
	}

	private Set<String> connectionIds() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Set<String> ids = new HashSet<>();
			connection.serverCommands().getClientList().forEach((client) -> ids.add(client.get("id")));
			return ids;
		}
	}

	private static void makeReplica(TestRedis redis, TestRedis of) {
		try (RedisConnection connection = redis.connectionFactory().getConnection()) {
			connection.execute("REPLICAOF", of.host().getBytes(StandardCharsets.UTF_8),
					String.valueOf(of.port()).getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void workGoesOnWithinASecondOrSoAfterALongOutage() {
		worker("default");
		finishes(this.feeder, enqueue(this.feeder));
		this.proxy.accept(false);
		Job job = enqueue(this.feeder);
		await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
		this.proxy.accept(true);
		await().atMost(Duration.ofSeconds(3)).until(() -> this.feeder.status(job) == JobStatus.FINISHED);
	}

}
