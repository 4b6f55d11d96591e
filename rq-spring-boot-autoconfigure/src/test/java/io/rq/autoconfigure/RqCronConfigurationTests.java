package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.cron.CronJob;
import io.rq.cron.CronJobInfo;
import io.rq.cron.CronJobs;
import io.rq.cron.CronOperations;
import io.rq.cron.Schedule;
import io.rq.job.JobRequest;
import io.rq.scheduler.QueueLeadership;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobOperations;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RqCronConfiguration}.
 */
@RedisTest
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RqCronConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@Test
	void methodsAndBeansAreFiredAndRun() {
		Jobs.ran = new CountDownLatch(2);
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			assertThat(Jobs.ran.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(context.getBean(CronOperations.class).list()).extracting(CronJobInfo::name)
				.containsExactly("print", "tick");
			assertThat(context.getBean(SchedulerContainer.class).state().queues()).extracting(QueueLeadership::queue)
				.contains("paper", "ticks");
		});
	}

	@Test
	void theApplicationMayHaveATemplateOfItsOwn() {
		for (Class<? extends JobOperations> type : List.of(JobOperations.class, JobTemplate.class)) {
			Jobs.ran = new CountDownLatch(2);
			this.runner.withUserConfiguration(Jobs.class)
				.withBean(JobOperations.class, () -> mock(type))
				.run((context) -> assertThat(Jobs.ran.await(30, TimeUnit.SECONDS)).isTrue());
		}
	}

	@Test
	void operationsTriggerAndPauseByName() {
		Jobs.ran = new CountDownLatch(1);
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false", "rq.worker.enabled=false")
			.run((context) -> {
				CronOperations operations = context.getBean(CronOperations.class);
				String id = operations.trigger("print");
				assertThat(context.getBean(JobTemplate.class).find(id))
					.hasValueSatisfying((job) -> assertThat(job.queue()).isEqualTo("paper"));
				assertThat(operations.jobIds("print")).containsExactly(id);
				String later = operations.trigger("print");
				assertThat(operations.jobIds("print")).containsExactly(later, id);
				operations.pause("print", "no paper");
				assertThat(operations.list().get(0).paused()).isNotNull()
					.extracting(CronJobInfo.Pause::reason)
					.isEqualTo("no paper");
				assertThat(operations.list().get(0).lastJobId()).isEqualTo(later);
				assertThat(operations.resume("print")).isTrue();
				assertThatIllegalArgumentException().isThrownBy(() -> operations.resume("pring"))
					.withMessageContaining("[print, tick]");
			});
	}

	@Test
	void withoutASchedulerTheStartSaysWhoIsLeftToOthers(CapturedOutput output) {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.enabled=false")
			.run((context) -> assertThat(output).contains("Cron jobs [print, tick] are left to other processes"));
	}

	@Test
	void aChildThatStartsLaterDoesNotSayItAgain(CapturedOutput output) {
		this.runner.withUserConfiguration(Jobs.class).withPropertyValues("rq.worker.enabled=false").run((parent) -> {
			try (GenericApplicationContext child = new GenericApplicationContext(parent)) {
				child.refresh();
			}
			assertThat(output).containsOnlyOnce("are left to other processes");
		});
	}

	@Test
	void aQueueThatIsNotScheduledHereIsAWarning(CapturedOutput output) {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.scheduler.queues=ticks", "rq.worker.with-scheduler=true")
			.run((context) -> assertThat(output).contains("Cron jobs of queues [paper] are not fired here"));
	}

	@Test
	void switchedOffThereAreNone() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.cron.enabled=false", "rq.worker.with-scheduler=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CronJobs.class)
				.doesNotHaveBean(CronOperations.class));
	}

	@Test
	void twoOfOneNameEndTheStart() {
		this.runner.withUserConfiguration(Jobs.class)
			.withBean("another", CronJob.class, () -> CronJob.of("tick", JobRequest.of("a.b"), Schedule.cron("@daily")))
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("Two cron jobs are named"));
	}

	@Test
	void aRequestThatCannotBeEnqueuedEndsTheStart() {
		this.runner.withPropertyValues("rq.job.max-payload-size=20B")
			.withBean(CronJob.class,
					() -> CronJob.of("big", JobRequest.of("a.b", "x".repeat(100)), Schedule.cron("@daily")))
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("Cron job 'big' cannot be enqueued"));
	}

	@Test
	void bothDayFieldsAreAWarning(CapturedOutput output) {
		this.runner
			.withBean(CronJob.class, () -> CronJob.of("unlucky", JobRequest.of("a.b"), Schedule.cron("0 0 13 * FRI")))
			.run((context) -> assertThat(output).contains("Cron job 'unlucky' restricts both day fields"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		private static volatile CountDownLatch ran = new CountDownLatch(0);

		@Bean
		CronJob printing() {
			return CronJob.of("print", JobRequest.of(Jobs::print, "page").queue("paper"),
					Schedule.every(Duration.ofHours(1)));
		}

		@RqJob(name = "tick", queue = "ticks")
		@RqCron(every = "1s")
		void tick() {
			ran.countDown();
		}

		@RqJob(name = "print")
		void print(String page) {
			ran.countDown();
		}

	}

}
