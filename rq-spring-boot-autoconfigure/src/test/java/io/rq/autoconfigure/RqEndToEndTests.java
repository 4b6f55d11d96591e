package io.rq.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static io.rq.test.TestStores.key;
import static io.rq.test.TestStores.makeKnown;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with jobs, from the start of its context to its end, on a real Redis.
 */
@RedisTest
class RqEndToEndTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.with-scheduler=true");

	@Test
	void jobsRunFailAndAreTriedAgainAtOnceAndLater() {
		this.runner.run(RqEndToEndTests::jobsOfAllKindsEnd);
		assertThat(TestRedis.shared().state().toString()).doesNotContain("workers set", "scheduler-lock:",
				"scheduler:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mail", "mail,print" })
	@OneRedis("counts the commands of one server")
	void aWorkerThatIsStoppedDoesNotGoOnWaitingForJobs(String queues) {
		this.runner.withPropertyValues("rq.worker.queues=" + queues).run((context) -> {
			Awaitility.await().until(() -> statistics("clients", "blocked_clients") >= queues.split(",").length);
			long before = statistics("commandstats", "cmdstat_client");
			context.getBean(WorkerContainer.class).stop();
			assertThat(statistics("commandstats", "cmdstat_client")).isGreaterThan(before);
			assertThat(statistics("clients", "blocked_clients")).isZero();
		});
	}

	/** The sum over all subcommands, which are counted on their own from Redis 7 on. */
	private static long statistics(String section, String name) {
		try (RedisConnection connection = TestRedis.shared().connectionFactory().getConnection()) {
			return Objects.requireNonNull(connection.serverCommands().info(section))
				.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().toString().startsWith(name))
				.mapToLong((entry) -> Long.parseLong(entry.getValue().toString().replaceAll("^calls=|,.*", "")))
				.sum();
		}
	}

	@Test
	void virtualThreadsRunJobsWhereTheyExist() {
		boolean virtual = Runtime.version().feature() >= 21;
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue(Jobs::isVirtual);
			finished(jobs, job);
			assertThat(jobs.result(job.id(), Boolean.class)).contains(virtual);
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void jobOfAnotherProgramThatIsTriedAgainLaterWhereNobodySchedulesIsWarnedOf(CapturedOutput output) {
		this.runner.withPropertyValues("rq.worker.with-scheduler=false").run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			String function = Jobs.class.getName() + ".failTwice";
			redis.opsForHash()
				.putAll(key("flaky", "rq:job:theirs"),
						Map.of("status", "queued", "created_at", "2026-01-31T12:00:00.000000Z", "origin", "flaky",
								"retries_left", "1", "retry_intervals", "[60]", "data",
								"[\"" + function + "\", null, [\"theirs\"], {}]"));
			makeKnown(redis, "flaky");
			redis.opsForList().rightPush(key("flaky", "rq:queue:flaky"), "theirs");
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(
						() -> assertThat(output).contains("No scheduler looks after queue flaky now: job theirs"));
		});
	}

	static void jobsOfAllKindsEnd(ApplicationContext context) {
		JobTemplate jobs = context.getBean(JobTemplate.class);
		Job greeting = jobs.enqueue(Jobs::greet, "Ada");
		Job impatient = jobs.enqueue(Jobs::failTwice, "at once");
		Job patient = jobs.enqueue(Jobs::failTwiceWithWaits, "later");
		Job scheduled = jobs.enqueueIn(Duration.ofSeconds(1), Jobs::greet, "Grace");
		Job hopeless = jobs.enqueue("nobody.knows");
		assertThat(scheduled.status()).isEqualTo(JobStatus.SCHEDULED);
		finished(jobs, greeting);
		assertThat(jobs.result(greeting.id(), String.class)).contains("Hello Ada");
		finished(jobs, impatient);
		assertThat(jobs.results(impatient.id())).extracting(JobResult::type)
			.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED, JobResult.Type.RETRIED);
		finished(jobs, patient);
		List<Instant> attempts = context.getBean(Jobs.class).attempts("later");
		assertThat(Duration.between(attempts.get(0), attempts.get(1))).isBetween(Duration.ofMillis(990),
				Duration.ofSeconds(8));
		assertThat(Duration.between(attempts.get(1), attempts.get(2))).isBetween(Duration.ofMillis(990),
				Duration.ofSeconds(8));
		finished(jobs, scheduled);
		assertThat(jobs.result(scheduled.id(), String.class)).contains("Hello Grace");
		assertThat(status(jobs, hopeless)).isEqualTo(JobStatus.FAILED);
	}

	private static void finished(JobTemplate jobs, Job job) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(status(jobs, job)).isEqualTo(JobStatus.FINISHED));
	}

	private static JobStatus status(JobTemplate jobs, Job job) {
		return jobs.find(job.id()).orElseThrow().status();
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs testJobs() {
			return new Jobs();
		}

	}

	static class Jobs {

		private final Map<String, List<Instant>> attempts = new ConcurrentHashMap<>();

		List<Instant> attempts(String key) {
			return this.attempts.computeIfAbsent(key, (unused) -> new CopyOnWriteArrayList<>());
		}

		@RqJob(queue = "greetings")
		String greet(String name) {
			return "Hello " + name;
		}

		@RqJob(queue = "flaky", retries = 2)
		void failTwice(String key) {
			attempt(key);
		}

		@RqJob(queue = "flaky", retries = 2, intervals = 1)
		void failTwiceWithWaits(String key) {
			attempt(key);
		}

		@RqJob
		boolean isVirtual() throws ReflectiveOperationException {
			return Runtime.version().feature() >= 21
					&& (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
		}

		private void attempt(String key) {
			List<Instant> attempts = attempts(key);
			attempts.add(Instant.now());
			if (attempts.size() < 3) {
				throw new IllegalStateException("Attempt " + attempts.size() + " fails");
			}
		}

	}

}
