package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.metrics.RqMetricsAutoConfiguration;
import io.rq.handler.JobContext;
import io.rq.handler.JobListener;
import io.rq.handler.QueueTags;
import io.rq.handler.RunInfo;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.QueueMonitor;
import io.rq.scheduler.SchedulerContainer;
import io.rq.scheduler.SchedulerListener;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for an application with jobs on two Redis servers.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("its applications have two servers in RQ's layout")
class RqInstanceTests {

	private final ApplicationContextRunner runner;

	RqInstanceTests(TestRedis redis) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.scheduler.interval=100ms");
	}

	private ApplicationContextRunner with(TestRedis other) {
		return this.runner.withBean("reportsRedis", RedisConnectionFactory.class, other::newConnectionFactory,
				RqInstanceTests::noDefault);
	}

	private static void noDefault(BeanDefinition bean) {
		((AbstractBeanDefinition) bean).setDefaultCandidate(false);
	}

	@Test
	void jobsOfEachRedisStayThereAndRunByTheSameHandlers(CapturedOutput output) {
		try (TestRedis other = TestRedis.start()) {
			with(other).run((context) -> {
				JobTemplate mails = context.getBean("rqJobTemplate", JobTemplate.class);
				JobTemplate reports = context.getBean("reportJobs", JobTemplate.class);
				Job mail = mails.enqueue("work", "mail");
				Job report = reports
					.enqueue(JobRequest.of("work", "report").queue("reports").retry(Retry.max(1).intervals(1)));
				assertThat(mails.awaitResult(mail.id(), Duration.ofSeconds(30), String.class)).contains("mail done");
				assertThat(reports.awaitResult(report.id(), Duration.ofSeconds(30), String.class))
					.contains("report done");
				assertThat(mails.find(report.id())).isEmpty();
				assertThat(reports.find(mail.id())).isEmpty();
				Jobs jobs = context.getBean(Jobs.class);
				assertThat(jobs.attempts).containsExactlyInAnyOrder("mail 1", "report 1", "report 2");
				assertThat(context.getBean(LocalContainers.class).workers()).hasSize(1);
				assertThat(output).doesNotContain("No scheduler looks after queue reports");
			});
		}
	}

	@Test
	void aBurstRunEndsWithTheWorkersAndSchedulersOfBoth() {
		try (TestRedis other = TestRedis.start()) {
			with(other).withPropertyValues("rq.worker.burst=true", "rq.worker.auto-startup=false").run((context) -> {
				JobTemplate reports = context.getBean("reportJobs", JobTemplate.class);
				Job report = reports.enqueue(JobRequest.of("work", "mail").queue("reports"));
				WorkerContainer worker = context.getBean("reportWorker", WorkerContainer.class);
				SchedulerContainer scheduler = context.getBean("reportScheduler", SchedulerContainer.class);
				scheduler.start();
				worker.start();
				assertThat(context.getBean(BurstRun.class).getExitCode()).isZero();
				assertThat(worker.isRunning()).isFalse();
				assertThat(reports.find(report.id())).get().extracting(Job::status).isEqualTo(JobStatus.FINISHED);
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !scheduler.isRunning());
			});
		}
	}

	@Test
	void anotherPrefixIsAnotherSetOfQueuesOnTheSameRedis() {
		this.runner.withPropertyValues("reports.prefix=other").run((context) -> {
			JobTemplate reports = context.getBean("reportJobs", JobTemplate.class);
			Job report = reports.enqueue(JobRequest.of("nobody").queue("aside"));
			assertThat(context.getBean(JobTemplate.class).find(report.id())).isEmpty();
			assertThat(context.getBean(QueueOperations.class).count("aside")).isZero();
			assertThat(context.getBean(RqInstance.class).queueTemplate().count("aside")).isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "100%", "a\"b", " " })
	void itsPrefixIsCheckedToo(String prefix) {
		this.runner.run((context) -> assertThatExceptionOfType(InvalidRqConfigurationException.class)
			.isThrownBy(() -> context.getBean(RqInstanceFactory.class)
				.create(context.getBean(RedisConnectionFactory.class), prefix))
			.withMessageContaining("must not be empty or contain '%'"));
	}

	@Test
	void aListenerMayHearOfTheOwnRedisOnly() {
		Heard own = new Heard(false);
		Heard any = new Heard(true);
		this.runner.withPropertyValues("reports.prefix=other")
			.withBean("own", Heard.class, () -> own)
			.withBean("any", Heard.class, () -> any)
			.run((context) -> {
				JobTemplate reports = context.getBean("reportJobs", JobTemplate.class);
				Job report = reports.enqueue(JobRequest.of("work", "mail").queue("reports"));
				reports.awaitResult(report.id(), Duration.ofSeconds(30));
				JobTemplate mails = context.getBean("rqJobTemplate", JobTemplate.class);
				Job mail = mails.enqueue("work", "mail");
				mails.awaitResult(mail.id(), Duration.ofSeconds(30));
				assertThat(own.jobs).containsExactlyInAnyOrder("enqueued " + mail.id(), "started " + mail.id());
				assertThat(any.jobs).containsExactlyInAnyOrder("enqueued " + report.id(), "started " + report.id(),
						"enqueued " + mail.id(), "started " + mail.id());
				Awaitility.await().until(() -> any.led.containsAll(List.of("default", "reports")));
				assertThat(own.led).contains("default").doesNotContain("reports");
			});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "rq.worker.auto-startup=false", "rq.worker.enabled=false", "rq.worker.with-scheduler=false" })
	void itsSchedulerStartsWhereThatOfTheApplicationWould(String property) {
		this.runner.withPropertyValues("reports.prefix=other", property).run((context) -> {
			SchedulerContainer scheduler = context.getBean("reportScheduler", SchedulerContainer.class);
			assertThat(scheduler.isRunning()).isFalse();
			scheduler.start();
			assertThat(scheduler.isRunning()).isTrue();
		});
	}

	@Test
	void itsSchedulerRunsInAProcessThatOnlySchedules() {
		this.runner
			.withPropertyValues("reports.prefix=other", "rq.worker.enabled=false", "rq.worker.with-scheduler=true")
			.run((context) -> {
				assertThat(context.getBean("reportWorker", WorkerContainer.class).isRunning()).isFalse();
				assertThat(context.getBean("reportScheduler", SchedulerContainer.class).isRunning()).isTrue();
			});
	}

	@Test
	void itsQueuesMustBeNamed() {
		this.runner.withPropertyValues("reports.prefix=other").run((context) -> {
			RqInstance reports = context.getBean(RqInstance.class);
			assertThatIllegalArgumentException().isThrownBy(reports::workerContainer)
				.withMessageContaining("Name the queues");
			assertThatIllegalArgumentException().isThrownBy(reports::schedulerContainer);
		});
	}

	@Test
	void aQueueThatItsWorkerListensToMayBeTheValueOfATag() {
		this.runner.withConfiguration(AutoConfigurations.of(RqMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("reports.prefix=other")
			.run((context) -> {
				JobTemplate reports = context.getBean("reportJobs", JobTemplate.class);
				Job report = reports.enqueue(JobRequest.of("work", "mail").queue("reports"));
				reports.awaitResult(report.id(), Duration.ofSeconds(30));
				assertThat(context.getBean(MeterRegistry.class).get("rq.job.wait").timer().getId().getTag("queue"))
					.isEqualTo("reports");
				assertThat(context.getBean(QueueMonitor.class).names()).doesNotContain("reports");
				assertThat(context.getBean(QueueTags.class).of("nobody's")).isEqualTo("unknown");
			});
	}

	@Test
	void itsConnectionsCloseWithTheApplication() {
		try (TestRedis other = TestRedis.start()) {
			StringRedisTemplate redis = new StringRedisTemplate(other.connectionFactory());
			int before = redis.getClientList().size();
			AtomicReference<RqInstance> instance = new AtomicReference<>();
			with(other).run((context) -> {
				instance.set(context.getBean(RqInstance.class));
				assertThat(instance.get().isRunning()).isTrue();
				assertThat(redis.getClientList().size()).isGreaterThan(before);
				context.getBean("reportJobs", JobTemplate.class).enqueue("nobody");
			});
			assertThat(instance.get().isRunning()).isFalse();
			Awaitility.await().until(() -> redis.getClientList().size() == before);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		RqInstance reports(RqInstanceFactory factory,
				@Qualifier("reportsRedis") ObjectProvider<RedisConnectionFactory> redis, RedisConnectionFactory usual,
				Environment environment) {
			return factory.create(redis.getIfAvailable(() -> usual), environment.getProperty("reports.prefix", "rq"));
		}

		@Bean(defaultCandidate = false)
		JobTemplate reportJobs(RqInstance reports) {
			return reports.jobTemplate();
		}

		@Bean(defaultCandidate = false)
		WorkerContainer reportWorker(RqInstance reports) {
			return reports.workerContainer((options) -> options.withConcurrency(2), "reports");
		}

		@Bean(defaultCandidate = false)
		SchedulerContainer reportScheduler(RqInstance reports) {
			return reports.schedulerContainer("reports");
		}

	}

	private static final class Heard implements JobListener, SchedulerListener {

		private final List<String> jobs = new CopyOnWriteArrayList<>();

		private final Set<String> led = ConcurrentHashMap.newKeySet();

		private final boolean ofAny;

		Heard(boolean ofAny) {
			this.ofAny = ofAny;
		}

		@Override
		public boolean isForAnyRedis() {
			return this.ofAny;
		}

		@Override
		public void enqueued(List<Job> enqueued) {
			enqueued.forEach((job) -> this.jobs.add("enqueued " + job.id()));
		}

		@Override
		public void started(RunInfo run, @Nullable Duration waited) {
			this.jobs.add("started " + run.job().id());
		}

		@Override
		public void leadershipChanged(String queue, boolean leader) {
			if (leader) {
				this.led.add(queue);
			}
		}

	}

	static class Jobs {

		private final List<String> attempts = new CopyOnWriteArrayList<>();

		@RqJob(name = "work")
		String work(String what, JobContext context) {
			this.attempts.add(what + " " + context.attempt());
			if (what.equals("report") && context.attempt() == 1) {
				throw new IllegalStateException("not yet");
			}
			return what + " done";
		}

	}

}
