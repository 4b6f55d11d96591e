package io.rq.autoconfigure.health;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.health.RqHealthIndicator;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqHealthContributorAutoConfiguration} and {@link RqHealthIndicator}.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class RqHealthContributorAutoConfigurationTests {

	private static final String[] SHORT_LEASE = { "rq.worker.name=ada", "rq.worker.lease=2",
			"rq.worker.heartbeat-interval=500ms", "rq.worker.maintenance-interval=500ms",
			"rq.worker.shutdown-timeout=2s" };

	private final ApplicationContextRunner unconnected = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqHealthContributorAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.unconnected
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url())
		.withUserConfiguration(Jobs.class);

	@Test
	void isUpWithDetailsOfWorkerAndScheduler() {
		this.runner.withPropertyValues("rq.worker.with-scheduler=true", "rq.worker.name=ada").run((context) -> {
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("rq")).isNotNull();
			Health health = awaitStatus(context, Status.UP);
			assertThat(map(health.getDetails(), "workers", "ada")).containsEntry("state", "idle")
				.containsEntry("queues", List.of("default"))
				.containsKey("lastHeartbeat");
			String scheduler = context.getBean(SchedulerContainer.class).state().name();
			Awaitility.await()
				.untilAsserted(() -> assertThat(
						map(health(context).getDetails(), "schedulers", scheduler, "queues", "default"))
					.containsEntry("role", "leader"));
		});
	}

	@Test
	void backsOff() {
		this.runner.withPropertyValues("management.health.rq.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RqHealthIndicator.class));
		this.runner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RqHealthIndicator.class));
		this.runner.withBean("rqHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).doesNotHaveBean(RqHealthIndicator.class));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RqHealthContributorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("rqHealthContributor"));
		this.unconnected.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).doesNotHaveBean("rqHealthContributor"));
	}

	@Test
	void isUpWithoutWorkerToRun() {
		this.runner.withPropertyValues("rq.worker.enabled=false").run((context) -> awaitStatus(context, Status.UP));
	}

	@Test
	void aStoppedWorkerIsDown() {
		this.runner.withPropertyValues("rq.worker.name=ada").run((context) -> {
			awaitStatus(context, Status.UP);
			context.getBean(WorkerContainer.class).stop();
			assertThat(problems(health(context))).containsExactly("Worker 'ada' does not run");
			context.getBean(WorkerContainer.class).start();
			awaitStatus(context, Status.UP);
		});
	}

	@ParameterizedTest
	@CsvSource({ "rq:queue:default, rq-fetch-ada, rq:queue:default", "rq:failed:default, rq-maintain-ada, WRONGTYPE" })
	void aPartOfAWorkerThatFailsForLongerThanALeaseIsDownWithTheCauseUntilItWorks(String key, String part,
			String cause) {
		this.runner.withPropertyValues(SHORT_LEASE).run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			awaitStatus(context, Status.UP);
			redis.opsForValue().set(key(key), "of another type");
			awaitProblem(context, "Worker 'ada': " + part + " has failed for ", key(cause));
			redis.delete(key(key));
			awaitStatus(context, Status.UP);
		});
	}

	@Test
	@OneRedis("has a proxy before one server")
	void outcomesThatCannotBeRecordedForLongerThanALeaseAreDown() {
		String recorded = Base64.getEncoder().encodeToString("\"a rare result\"".getBytes(StandardCharsets.UTF_8));
		try (FaultProxy proxy = FaultProxy.to(TestRedis.shared())) {
			this.unconnected.withUserConfiguration(Jobs.class)
				.withPropertyValues(SHORT_LEASE)
				.withPropertyValues("spring.data.redis.url=redis://127.0.0.1:" + proxy.port())
				.run((context) -> {
					awaitStatus(context, Status.UP);
					proxy.loseReplyTo((request) -> request.contains(recorded));
					context.getBean(JobOperations.class).enqueue("rare");
					awaitProblem(context, "Worker 'ada': rq-finish-ada has failed for ", "");
					proxy.loseReplyTo(null);
					awaitStatus(context, Status.UP);
				});
		}
	}

	@Test
	void aPartOfAWorkerThatHangsForLongerThanALeaseIsDown() {
		CountDownLatch release = new CountDownLatch(1);
		HangingLog hanging = new HangingLog(release);
		LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
		logging.addTurboFilter(hanging);
		try {
			this.runner.withUserConfiguration(LosingJobs.class).withPropertyValues(SHORT_LEASE).run((context) -> {
				awaitStatus(context, Status.UP);
				context.getBean(JobOperations.class).enqueue("lose");
				awaitProblem(context, "Worker 'ada': rq-finish-ada has hung for ", "");
				release.countDown();
				awaitStatus(context, Status.UP);
			});
		}
		finally {
			logging.getTurboFilterList().remove(hanging);
		}
	}

	@Test
	void aWorkerThatHasDoneItsWorkIsNoReason() {
		this.runner.withPropertyValues("rq.worker.burst=true").run((context) -> {
			Awaitility.await().until(() -> "exhausted".equals(context.getBean(WorkerContainer.class).state().state()));
			awaitStatus(context, Status.UP);
		});
	}

	@Test
	void aSchedulerThatEndedWithItsWorkerIsNoReason() {
		this.runner.withPropertyValues("rq.worker.max-jobs=1").run((context) -> {
			SchedulerContainer scheduler = context.getBean(SchedulerContainer.class);
			assertThat(scheduler.isRunning()).isTrue();
			context.getBean(JobOperations.class).enqueue("none");
			Awaitility.await().until(() -> !scheduler.isRunning());
			awaitStatus(context, Status.UP);
			scheduler.start();
			assertThat(scheduler.isExhausted()).isFalse();
		});
	}

	@Test
	void aStoppedSchedulerIsDown() {
		this.runner.run((context) -> {
			awaitStatus(context, Status.UP);
			context.getBean(SchedulerContainer.class).stop();
			assertThat(problems(health(context))).singleElement()
				.asString()
				.startsWith("Scheduler '")
				.endsWith("' does not run");
		});
	}

	@Test
	void overdueJobsThatNobodySchedulesAreDown() {
		this.runner.withPropertyValues("rq.health.max-lateness=30s", "rq.worker.with-scheduler=false")
			.run((context) -> {
				StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
				long now = Instant.now().getEpochSecond();
				redis.opsForZSet().add(key("rq:scheduled:default"), "late", now - 2);
				awaitStatus(context, Status.UP);
				redis.opsForZSet().add(key("rq:scheduled:default"), "later", now - 60);
				Health down = awaitStatus(context, Status.DOWN);
				assertThat(problems(down)).singleElement()
					.asString()
					.contains("queue 'default'", "overdue for PT1M", "no scheduler");
				redis.opsForValue().set(key("rq:scheduler-lock:default"), "python");
				assertThat(awaitStatus(context, Status.UP).getDetails()).containsKey("overdue");
			});
	}

	@Test
	void queuesThatArePausedAreToldAndFine() {
		this.runner.run((context) -> {
			context.getBean(QueueOperations.class).pause("default", "the disk is full");
			Awaitility.await()
				.untilAsserted(() -> assertThat(awaitStatus(context, Status.UP).getDetails()).containsEntry("paused",
						Map.of("default", "the disk is full")));
		});
	}

	@Test
	@OneRedis("stops a server of its own")
	void tellsSoonWhenRedisIsAway() {
		try (TestRedis redis = TestRedis.start()) {
			this.unconnected.withUserConfiguration(Jobs.class)
				.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.lease=2",
						"rq.worker.heartbeat-interval=500ms", "rq.worker.with-scheduler=true",
						"rq.worker.shutdown-timeout=1s")
				.run((context) -> {
					awaitStatus(context, Status.UP);
					redis.pause();
					Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
						long start = System.nanoTime();
						Health health = health(context);
						assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
						assertThat(health.getStatus()).isEqualTo(Status.DOWN);
						assertThat(problems(health)).anySatisfy((text) -> assertThat(text).contains("has not answered"))
							.anySatisfy((text) -> assertThat(text).contains("its lease of PT2S has run out"));
					});
					redis.resume();
					awaitStatus(context, Status.UP);
				});
		}
	}

	@Test
	void warnsOfDelayedRetriesThatNobodySchedules(CapturedOutput output) {
		this.runner.withUserConfiguration(PatientJobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false")
			.run((context) -> Awaitility.await()
				.untilAsserted(() -> assertThat(output).contains("Job '" + PatientJobs.class.getName() + ".patient' ",
						"its queue 'slow' now", "'rq.worker.with-scheduler'")));
		assertThat(output).doesNotContain("hasty' waits");
	}

	@Test
	void doesNotWarnWhereASchedulerRuns(CapturedOutput output) {
		this.runner.withUserConfiguration(PatientJobs.class)
			.run((context) -> this.runner.withUserConfiguration(PatientJobs.class)
				.withPropertyValues("rq.worker.with-scheduler=false")
				.run((other) -> awaitStatus(other, Status.UP)));
		assertThat(output).doesNotContain("waits between its attempts");
	}

	private static Health awaitStatus(ApplicationContext context, Status status) {
		Health[] last = new Health[1];
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			last[0] = health(context);
			assertThat(last[0].getStatus()).as(last[0].toString()).isEqualTo(status);
		});
		return last[0];
	}

	private static void awaitProblem(ApplicationContext context, String beginning, String cause) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(problems(health(context)))
				.anySatisfy((problem) -> assertThat(problem).startsWith(beginning).contains(cause)));
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(RqHealthIndicator.class).health();
	}

	@SuppressWarnings("unchecked")
	private static List<String> problems(Health health) {
		assertThat(health.getStatus()).as(health.toString()).isEqualTo(Status.DOWN);
		return (List<String>) health.getDetails().get("problems");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> map, String... path) {
		Map<String, Object> current = map;
		for (String step : path) {
			assertThat(current).containsKey(step);
			current = (Map<String, Object>) current.get(step);
		}
		return current;
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob
		void work() {
		}

		@RqJob(name = "rare")
		String rare() {
			return "a rare result";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LosingJobs {

		private final StringRedisTemplate redis;

		LosingJobs(StringRedisTemplate redis) {
			this.redis = redis;
		}

		@RqJob(name = "lose")
		void lose() {
			this.redis.delete(key("rq:wip:default"));
		}

	}

	/**
	 * Keeps whoever logs that a lease was lost.
	 */
	private static final class HangingLog extends TurboFilter {

		private final CountDownLatch release;

		HangingLog(CountDownLatch release) {
			this.release = release;
		}

		@Override
		public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
				Object @Nullable [] params, @Nullable Throwable failure) {
			if (format != null && format.startsWith("Lease of job {} was lost before its outcome")) {
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return FilterReply.NEUTRAL;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PatientJobs {

		@RqJob(queue = "slow", retries = Integer.MAX_VALUE, intervals = 10)
		void patient() {
		}

		@RqJob(queue = "slow", retries = Integer.MAX_VALUE)
		void hasty() {
		}

	}

}
