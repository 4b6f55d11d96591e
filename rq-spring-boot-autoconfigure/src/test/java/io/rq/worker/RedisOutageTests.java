package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a worker whose Redis goes away and comes back.
 */
@OneRedis("stops a server of its own")
class RedisOutageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always");

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.bench.close();
		this.redis.close();
	}

	@Test
	void resumesByItselfAndLosesNoJob() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = this.bench.worker();
		List<Job> jobs = new ArrayList<>();
		for (int round = 0; round < 3; round++) {
			List<JobRequest> requests = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				requests.add(JobRequest.of("count"));
			}
			jobs.addAll(this.bench.jobs().enqueueAll(requests));
			this.redis.kill();
			this.redis.restart();
		}
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs).allMatch((job) -> this.bench.status(job) == JobStatus.FINISHED));
		assertThat(this.runs.get()).isGreaterThanOrEqualTo(1_500);
		await().atMost(PATIENCE).until(() -> worker.state().pendingOutcomes() == 0);
	}

	@Test
	void keepsAnOutcomeUntilRedisIsBack() {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("wait", (context, args) -> {
			this.runs.incrementAndGet();
			release.await();
			return "kept";
		});
		WorkerContainer worker = this.bench.worker("worker-1",
				(options) -> options.withTiming(WorkerOptions.Timing.DEFAULT));
		Job job = this.bench.jobs().enqueue("wait");
		await().atMost(PATIENCE).until(() -> this.runs.get() == 1);
		this.redis.stop();
		release.countDown();
		await().atMost(PATIENCE).until(() -> worker.state().pendingOutcomes() == 1);
		this.redis.restart();
		await().atMost(PATIENCE).until(() -> worker.state().pendingOutcomes() == 0);
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
		assertThat(this.bench.jobs().result(job.id(), String.class)).contains("kept");
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void startsBeforeRedisDoes() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		this.redis.stop();
		this.bench.worker();
		this.redis.restart();
		Job job = this.bench.jobs().enqueue("count");
		await().atMost(PATIENCE).until(() -> this.bench.status(job) == JobStatus.FINISHED);
	}

	@Test
	void stopsInTimeWhileRedisIsAway() throws InterruptedException {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = this.bench.worker();
		Job job = this.bench.jobs().enqueue("count");
		await().atMost(PATIENCE).until(() -> this.bench.status(job) == JobStatus.FINISHED);
		this.redis.stop();
		CountDownLatch stopped = new CountDownLatch(1);
		worker.stop(stopped::countDown);
		assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(worker.isRunning()).isFalse();
		this.redis.restart();
	}

	@Test
	void enqueueDoesNotNoticeThatRedisWasRestartedMeanwhile() throws InterruptedException {
		ExecutorService callers = Executors.newFixedThreadPool(8);
		for (int i = 0; i < 200; i++) {
			callers.execute(() -> this.bench.jobs().enqueue("count"));
		}
		callers.shutdown();
		assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		this.redis.restart();
		for (int i = 0; i < 20; i++) {
			this.bench.jobs().enqueue("count");
		}
		assertThat(this.bench.jobs().count("default")).isEqualTo(220);
	}

	@Test
	void enqueueFailsInBoundedTimeAndLeavesNothingBehind() {
		this.redis.stop();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.bench.jobs().enqueue("count"));
		this.redis.restart();
		assertThat(this.bench.jobs().count("default")).isZero();
	}

}
