package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.ExecutionStore;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerLease;
import io.rq.redis.WorkerStore;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers whose Redis is away for longer than their leases last: who was cut
 * off itself does not take the others for dead.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "sends POSIX signals")
@OneRedis("stops a server of its own")
class OutageLongerThanLeaseTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int WORKERS = 4;

	private static final int JOBS = 20;

	private static final WorkerOptions.Timing TIMING = new WorkerOptions.Timing(Duration.ofSeconds(2),
			Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(1),
			Duration.ofMillis(500));

	private final TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always");

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final Map<String, Integer> runs = new ConcurrentHashMap<>();

	@AfterEach
	void close() {
		this.bench.close();
		this.redis.close();
	}

	private List<Job> run() {
		this.bench.handle("long", (context, args) -> {
			this.runs.merge(context.job().id(), 1, Integer::sum);
			TimeUnit.SECONDS.sleep(16);
			return "done";
		});
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < JOBS; i++) {
			requests.add(JobRequest.of("long"));
		}
		List<Job> jobs = this.bench.jobs().enqueueAll(requests);
		for (int i = 0; i < WORKERS; i++) {
			this.bench.worker("worker-" + i, (options) -> options.withTiming(TIMING).withConcurrency(JOBS / WORKERS));
		}
		await().atMost(PATIENCE).until(() -> this.runs.size() == JOBS);
		await().pollDelay(TIMING.lease()).until(() -> true);
		return jobs;
	}

	private void assertNoneDoubled(List<Job> jobs) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs).allMatch((job) -> this.bench.status(job) == JobStatus.FINISHED));
		assertThat(this.runs.values()).hasSize(JOBS).containsOnly(1);
	}

	@Test
	void runsGoOnAfterRedisHungAndNoneIsDoubled() {
		List<Job> jobs = run();
		this.redis.pause();
		await().pollDelay(TIMING.lease().multipliedBy(3)).until(() -> true);
		this.redis.resume();
		assertNoneDoubled(jobs);
	}

	@Test
	void runsGoOnAfterRedisWasRestartedAndNoneIsDoubled() {
		List<Job> jobs = run();
		this.redis.stop();
		await().pollDelay(TIMING.lease().multipliedBy(3)).until(() -> true);
		this.redis.restart();
		assertNoneDoubled(jobs);
	}

	@Test
	void aWorkerThatIsCutOffTriesToBeatTwiceInEachInterval() {
		Duration interval = Duration.ofMillis(200);
		Clock clock = Clock.systemUTC();
		AtomicInteger rounds = new AtomicInteger();
		WorkerOptions options = WorkerOptions.of("worker-1", "default")
			.withTiming(new WorkerOptions.Timing(TIMING.lease(), interval, TIMING.maintenanceInterval(),
					TIMING.shutdownTimeout(), TIMING.longestWait(), TIMING.timeoutGrace()));
		RedisConnectionFactory connections = this.redis.connectionFactory();
		Registration registration = new Registration(new WorkerStore(new RedisScripts(connections), clock), options,
				Set::of, TimeSource.of(clock));
		Heartbeater heartbeater = new Heartbeater(
				new ExecutionStore(new RedisScripts(connections), clock,
						new WorkerLease(options.name(), TIMING.lease(), interval), TestStores.MAX_PAYLOAD),
				registration, new ActiveRuns(), options, () -> "idle " + rounds.incrementAndGet(), Listeners.none(),
				TimeSource.of(clock));
		RoundLoop loop = new RoundLoop("rq-beat-worker-1", SafeLog.of(getClass()), heartbeater);
		this.redis.stop();
		loop.start();
		await().atMost(Duration.ofSeconds(15)).until(() -> rounds.get() > 30);
		loop.terminate(TIMING.lease(), TIMING.lease());
		this.redis.restart();
	}

	@Test
	void jobsOfADeadWorkerAreReclaimedByASingleOneThatHasJustStarted() {
		this.bench.handle("short", (context, args) -> this.runs.merge(context.job().id(), 1, Integer::sum));
		Job job = this.bench.jobs().enqueue("short");
		new ExecutionStore(new RedisScripts(this.redis.connectionFactory()), Clock.systemUTC(),
				new WorkerLease("dead", TIMING.lease(), TIMING.heartbeatInterval()), TestStores.MAX_PAYLOAD)
			.claim(List.of("default"), 1, false);
		this.bench.worker("worker-1", (options) -> options.withTiming(TIMING));
		await().atMost(PATIENCE).until(() -> this.bench.status(job) == JobStatus.FINISHED);
		assertThat(this.runs).hasSize(1);
	}

}
