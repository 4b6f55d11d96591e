package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for outcomes whose recording Redis has carried out while its reply was lost with
 * the connection: each is recorded and told once, and nothing is taken for lost.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a proxy before one server")
class LostReplyTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final FaultProxy proxy;

	private final RedisConnectionFactory application;

	private final RedisConnectionFactory engine;

	private final WorkerBench bench;

	private final WorkerBench feeder;

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger runs = new AtomicInteger();

	LostReplyTests(TestRedis redis) {
		this.proxy = FaultProxy.to(redis);
		this.application = this.proxy.connect(Duration.ofSeconds(2));
		this.engine = Objects
			.requireNonNull(OwnConnections.like(this.application, Use.engine(Duration.ofSeconds(2)), Listeners.none()));
		this.bench = new WorkerBench(this.engine);
		this.feeder = new WorkerBench(redis.connectionFactory());
	}

	/** So that Redis knows the scripts before a reply is lost. */
	@BeforeEach
	void runOneThatIsTriedAgain() {
		this.bench.handle("second", (context, args) -> {
			if (this.runs.incrementAndGet() % 2 == 1) {
				throw new IllegalStateException("again");
			}
			return "done";
		});
		this.bench.handle("fine", (context, args) -> "done");
		this.bench.worker();
		finishes(this.feeder.jobs().enqueue(JobRequest.of("second").retry(Retry.max(1))));
		this.bench.listen(new JobListener() {
			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				LostReplyTests.this.events.add("ended " + outcome);
			}

			@Override
			public void leaseLost(String queue, String jobId) {
				LostReplyTests.this.events.add("lost");
			}
		});
		this.bench.close();
		this.bench.worker("worker-2", (options) -> options);
	}

	@AfterEach
	void close() {
		this.bench.close();
		RedisClients.close(this.engine);
		RedisClients.close(this.application);
		this.proxy.close();
	}

	private void finishes(Job job) {
		await().atMost(PATIENCE).until(() -> this.feeder.status(job) == JobStatus.FINISHED);
	}

	/** Runs a job with the reply lost to the first request that names it: its outcome. */
	private Job run(JobRequest request) {
		AtomicInteger requests = new AtomicInteger();
		String id = "job-with-a-chosen-id";
		this.proxy.loseReplyTo((text) -> text.contains(id) && requests.getAndIncrement() == 0);
		Job job = this.feeder.jobs().enqueue(request.id(id));
		finishes(job);
		await().atMost(PATIENCE).until(() -> this.events.contains("ended FINISHED"));
		assertThat(this.proxy.faults()).isOne();
		return job;
	}

	private List<JobResult.Type> results(Job job) {
		return this.feeder.jobs().results(job.id()).stream().map(JobResult::type).toList();
	}

	private static void assertNothingIsTakenForLost(CapturedOutput output) {
		assertThat(output).doesNotContain("was lost before its outcome", "was lost while it ran");
	}

	@Test
	void successIsRecordedAndToldOnce(CapturedOutput output) {
		Job job = run(JobRequest.of("fine"));
		assertThat(this.events).containsExactly("ended FINISHED");
		assertThat(results(job)).containsExactly(JobResult.Type.SUCCESSFUL);
		assertNothingIsTakenForLost(output);
	}

	@Test
	void failureThatIsTriedAgainUsesOneRetry(CapturedOutput output) {
		Job job = run(JobRequest.of("second").retry(Retry.max(5)));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.events).containsExactlyInAnyOrder("ended RETRIED", "ended FINISHED"));
		assertThat(results(job)).containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED);
		assertThat(this.feeder.jobs().find(job.id()).orElseThrow().options().retry()).isEqualTo(Retry.max(4));
		assertThat(this.runs).hasValue(4);
		assertNothingIsTakenForLost(output);
	}

}
