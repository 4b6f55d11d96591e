package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers on a Redis that has reached {@code maxmemory} and evicts nothing.
 */
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a server of its own that is full")
class FullRedisTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final TestRedis redis = TestRedis.start("--maxmemory-policy", "noeviction");

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.bench.close();
		this.redis.close();
	}

	private void fill() {
		this.bench.redis((connection) -> {
			connection.serverCommands().setConfig("maxmemory", "1");
			return true;
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other,default" })
	void backlogThatFilledRedisIsDrainedToTheEnd(String queues, CapturedOutput output) {
		this.bench.handle("count", (context, args) -> {
			this.runs.incrementAndGet();
			context.progress(0.5);
			return "done";
		});
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < 1_000; i++) {
			requests.add(JobRequest.of("count"));
		}
		List<Job> jobs = this.bench.jobs().enqueueAll(requests);
		fill();
		this.bench.worker("worker-1", (options) -> options.withQueues(List.of(queues.split(","))));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs).allMatch((job) -> this.bench.status(job) == JobStatus.FINISHED));
		assertThat(this.runs).hasValue(1_000);
		assertThat(output).doesNotContain("register");
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "other,default" })
	void jobThatBecomesDueIsFoundWithoutTheWaitThatRedisRefuses(String queues) {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		Job job = this.bench.jobs().enqueueIn(Duration.ofMillis(1500), "count");
		fill();
		this.bench.worker("worker-1", (options) -> options.withQueues(List.of(queues.split(","))));
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
			this.bench.promote("default");
			return this.bench.status(job) == JobStatus.FINISHED;
		});
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void runningJobKeepsItsLease() {
		this.bench.handle("long", (context, args) -> {
			this.runs.incrementAndGet();
			TimeUnit.SECONDS.sleep(8);
			return "done";
		});
		Job job = this.bench.jobs().enqueue("long");
		this.bench.worker("worker-1", (options) -> options);
		this.bench.worker("worker-2", (options) -> options);
		await().atMost(PATIENCE).until(() -> this.runs.get() == 1);
		fill();
		await().atMost(PATIENCE).until(() -> this.bench.status(job) == JobStatus.FINISHED);
		assertThat(this.runs).hasValue(1);
	}

}
