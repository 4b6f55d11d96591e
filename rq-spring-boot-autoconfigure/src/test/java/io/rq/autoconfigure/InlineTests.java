package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.redis.JobStore;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.InlineRuns;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jobs that are run on the thread that enqueues them.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class InlineTests {

	private final TestRedis redis;

	private final ApplicationContextRunner runner;

	InlineTests(TestRedis redis) {
		this.redis = redis;
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.template.inline=true",
					"rq.worker.enabled=false");
	}

	@BeforeEach
	void forget() {
		Jobs.RUNS.clear();
	}

	private static JobRequest request(String name) {
		return JobRequest.of("inline.run", name).queue("inline");
	}

	@Test
	void jobHasRunOnThisThreadWhenItIsEnqueued() {
		this.runner.run((context) -> {
			MDC.put("rq.job.id", "outer");
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(request("a"));
			assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
			assertThat(job.workerName()).isEqualTo("sync");
			assertThat(Jobs.RUNS).containsEntry("a", List.of(Thread.currentThread().getName()));
			assertThat(jobs.result(job.id(), String.class)).contains("ran a");
			assertThat(this.redis.state().keys()).containsOnlyKeys("rq:queues", key("inline", "rq:queues"),
					key("inline", "rq:finished:inline"), key("inline", "rq:job:" + job.id()),
					key("inline", "rq:results:" + job.id()));
			assertThat(MDC.get("rq.job.id")).isEqualTo("outer");
			MDC.remove("rq.job.id");
		});
	}

	@Test
	void jobsOnQueuesAreRunWhenThatIsAskedFor() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(request("c").in(Duration.ofHours(1)));
			jobs.runNow(job.id());
			Job waiting = jobs.find(job.id()).orElseThrow();
			assertThat(waiting.status()).isEqualTo(JobStatus.QUEUED);
			context.getBean(InlineRuns.class).runQueued(context.getBean(JobStore.class), List.of(waiting));
			assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FINISHED);
			assertThat(jobs.count("inline")).isZero();
		});
	}

	@Test
	void jobWhoseIdMayStandOnAnotherListRunsToo() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(request("d").in(Duration.ofHours(1)));
			new StringRedisTemplate(this.redis.connectionFactory()).opsForHash()
				.put(key("inline", "rq:job:" + job.id()), "stray_id", "1");
			jobs.runNow(job.id());
			context.getBean(InlineRuns.class)
				.runQueued(context.getBean(JobStore.class), jobs.findAll(List.of(job.id())));
			assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FINISHED);
		});
	}

	@Test
	void failureIsRecordedAndNoExceptionOfTheCaller() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job failed = jobs.enqueue(request("fail"));
			assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
			assertThat(jobs.latestResult(failed.id()).orElseThrow().exception()).contains("It is no use");
			assertThat(jobs.enqueue("inline.unknown").status()).isEqualTo(JobStatus.FAILED);
			Job gone = jobs.enqueue(request("b").resultTtl(Duration.ZERO));
			assertThat(gone.id()).isNotEmpty();
			assertThat(jobs.find(gone.id())).isEmpty();
		});
	}

	@Test
	void attemptsFollowAtOnceButThoseThatAreToWait() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(request("twice").retry(Retry.max(2)));
			assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
			assertThat(jobs.results(job.id())).extracting(JobResult::type)
				.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED);
			assertThat(Jobs.RUNS.get("twice")).hasSize(2);
			Job later = jobs.enqueue(request("fail").retry(Retry.max(2).intervals(60)));
			assertThat(later.status()).isEqualTo(JobStatus.SCHEDULED);
		});
	}

	@Test
	void manyJobsRunInTheirOrderWithThoseThatWaitForThem() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> stored = jobs.enqueueAll(List.of(request("p").id("p"), request("q").id("q"),
					request("child").queue("other").dependsOn("p", "q"), request("later").in(Duration.ofHours(1))));
			assertThat(stored).extracting(Job::status)
				.containsExactly(JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.SCHEDULED);
			assertThat(Jobs.ORDER).containsSubsequence("p", "q", "child");
			assertThat(this.redis.state().keys()).doesNotContainKeys(key("inline", "rq:queue:inline"),
					key("other", "rq:queue:other"), key("inline", "rq:takers:inline"), key("other", "rq:takers:other"));
		});
	}

	@Test
	void nobodyElseRunsItThoughAWorkerWaits() {
		this.runner.withPropertyValues("rq.worker.enabled=true").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			for (int i = 0; i < 200; i++) {
				Job job = jobs.enqueue(request("n" + i));
				assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
				assertThat(Jobs.RUNS.get("n" + i)).containsExactly(Thread.currentThread().getName());
			}
		});
	}

	@Test
	void leaseIsRenewedAndTheTimeoutHolds() {
		this.runner.withPropertyValues("rq.worker.lease=3s", "rq.worker.heartbeat-interval=1s").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job slow = jobs.enqueue(request("slow").timeout(Duration.ofSeconds(1)));
			assertThat(slow.status()).isEqualTo(JobStatus.FAILED);
			assertThat(jobs.latestResult(slow.id()).orElseThrow().exception()).contains("JobTimeoutException");
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			assertThat(jobs.enqueue(request("patient")).status()).isEqualTo(JobStatus.FINISHED);
		});
	}

	@Test
	void aLostLeaseEndsTheRunAndIsTold(CapturedOutput output) {
		List<String> told = new CopyOnWriteArrayList<>();
		JobListener listener = new JobListener() {

			@Override
			public void leaseLost(String queue, String jobId) {
				told.add("lost " + jobId);
			}

			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				told.add(outcome + " " + run.job().id());
			}

		};
		Jobs.during = () -> new StringRedisTemplate(this.redis.connectionFactory())
			.delete(key("inline", "rq:wip:inline"));
		this.runner.withPropertyValues("rq.worker.lease=3s", "rq.worker.heartbeat-interval=1s")
			.withBean(JobListener.class, () -> listener)
			.run((context) -> {
				context.getBean(JobTemplate.class).enqueue(request("endless").id("a"));
				Awaitility.await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("lost a", "LOST a"));
				assertThat(output).containsOnlyOnce("Lease of job a was lost");
			});
	}

	@Test
	void whileWorkersAreSuspendedJobsWaitOnTheirQueues() {
		this.runner.run((context) -> {
			new StringRedisTemplate(this.redis.connectionFactory()).opsForValue()
				.set(key("inline", "rq:suspended"), "1");
			Job job = context.getBean(JobTemplate.class).enqueue(request("a"));
			assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
			assertThat(context.getBean(JobTemplate.class).count("inline")).isEqualTo(1);
			assertThat(Jobs.RUNS).isEmpty();
		});
	}

	@Test
	void asManyJobsAsThereAreWaitOnTheirQueuesThen() {
		this.runner.run((context) -> {
			new StringRedisTemplate(this.redis.connectionFactory()).opsForValue()
				.set(key("inline", "rq:suspended"), "1");
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueueAll(IntStream.range(0, 2_500).mapToObj((i) -> request("n" + i)).toList());
			assertThat(jobs.count("inline")).isEqualTo(2_500);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs inlineJobs() {
			return new Jobs();
		}

	}

	static class Jobs {

		static final Map<String, List<String>> RUNS = new ConcurrentHashMap<>();

		static volatile Runnable during = () -> {
		};

		static final List<String> ORDER = new CopyOnWriteArrayList<>();

		private final AtomicInteger attempts = new AtomicInteger();

		@RqJob(name = "inline.run", queue = "inline")
		String run(String name) throws InterruptedException {
			RUNS.computeIfAbsent(name, (any) -> new CopyOnWriteArrayList<>()).add(Thread.currentThread().getName());
			ORDER.add(name);
			switch (name) {
				case "fail" -> throw new IllegalStateException("It is no use");
				case "twice" -> {
					if (this.attempts.incrementAndGet() == 1) {
						throw new IllegalStateException("Not yet");
					}
				}
				case "endless" -> {
					during.run();
					new CountDownLatch(1).await();
				}
				case "slow" -> TimeUnit.SECONDS.sleep(60);
				case "patient" -> TimeUnit.SECONDS.sleep(5);
				default -> {
				}
			}
			return "ran " + name;
		}

	}

}
