package io.rq.autoconfigure.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.health.RqHealthIndicator;
import io.rq.job.JobRequest;
import io.rq.monitor.RqMonitor;
import io.rq.scheduler.SchedulerContainer;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what people see of a cron job whose queue the scheduler of Python RQ leads.
 */
@RedisTest
@RequiresPythonRq
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class CronBesidePythonTests {

	private static final Duration LONG = Duration.ofSeconds(40);

	private final PythonRq python;

	private final ApplicationContextRunner runner;

	private final TestRedis redis;

	CronBesidePythonTests(TestRedis redis) {
		this.redis = redis;
		this.python = new PythonRq(redis);
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqHealthContributorAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.enabled=false",
					"rq.worker.with-scheduler=true", "rq.scheduler.lock-lease=1s")
			.withBean(CronJob.class, () -> CronJob.of("poll", JobRequest.of("tasks.poll").queue("mail"),
					Schedule.every(Duration.ofSeconds(1))));
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	@Test
	void thatItIsNotFiredIsInHealthAndWarningsAndOnceInTheLogUntilPythonLeadsNoMore(CapturedOutput output) {
		PythonRq.Worker worker = this.python.startWorker("--with-scheduler", "mail");
		await().atMost(LONG).until(() -> this.redis.state().keys().containsKey("rq:scheduler-lock:mail"));
		this.runner.run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			SchedulerContainer scheduler = context.getBean(SchedulerContainer.class);
			String warning = "Cron jobs [poll] of queue 'mail' are not fired: RQ's own scheduler holds ";
			await().atMost(LONG).until(() -> output.toString().contains(warning));
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(warningOfHealth(context)).asString().startsWith(warning));
			assertThat(warnings(context)).filteredOn((text) -> text.startsWith(warning)).hasSize(1);
			scheduler.stop();
			scheduler.start();
			await().atMost(LONG).until(() -> scheduler.state().queues().get(0).since() != null);
			assertThat(redis.hasKey("rq:queue:mail")).isFalse();

			worker.stop();
			await().atMost(LONG).until(() -> redis.hasKey("rq:queue:mail"));
			assertThat(warnings(context)).noneMatch((text) -> text.contains("are not fired"));
			await().atMost(LONG).untilAsserted(() -> assertThat(warningOfHealth(context)).isNull());
			assertThat(output).containsOnlyOnce("are not fired");
		});
	}

	private static List<String> warnings(ApplicationContext context) {
		return context.getBean(RqMonitor.class).overview().warnings();
	}

	private static Object warningOfHealth(ApplicationContext context) {
		Health health = context.getBean(RqHealthIndicator.class).health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		Object details = health.getDetails().get("schedulers");
		String name = context.getBean(SchedulerContainer.class).state().name();
		for (String step : List.of(name, "queues", "mail")) {
			details = ((Map<?, ?>) details).get(step);
		}
		return ((Map<?, ?>) details).get("warning");
	}

}
