package io.rq.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.ConnectionPoolConfig;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.task.ThreadPoolTaskExecutorCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqJob;
import io.rq.annotation.RqJobDefinitionException;
import io.rq.annotation.RqJobDefinitions;
import io.rq.autoconfigure.endpoint.RqEndpointAutoConfiguration;
import io.rq.handler.CallbackHandler;
import io.rq.handler.JobContext;
import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Partitions;
import io.rq.job.QueueFullException;
import io.rq.job.Retry;
import io.rq.lifecycle.Recovery;
import io.rq.operations.RqOperations;
import io.rq.redis.connection.OwnConnections;
import io.rq.scheduler.SchedulerContainer;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;
import io.rq.template.JobOperations;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.template.QueueTemplate;
import io.rq.template.TemplateOptions;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.worker.DequeueStrategy;
import io.rq.worker.InlineRuns;
import io.rq.worker.WorkerContainer;
import io.rq.worker.WorkerContainerFactory;
import io.rq.worker.WorkerOptions;

import static io.rq.test.TestStores.key;
import static io.rq.test.TestStores.makeKnown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RqAutoConfiguration}.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class RqAutoConfigurationTests {

	private final ApplicationContextRunner unconnected = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.unconnected
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	@Test
	void configuresWhatItTakesToEnqueue() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(JobTemplate.class)
				.hasSingleBean(JobOperations.class)
				.hasSingleBean(QueueTemplate.class)
				.hasSingleBean(RqJobDefinitions.class)
				.hasSingleBean(JacksonJobSerializer.class)
				.doesNotHaveBean(Clock.class);
			Job job = context.getBean(JobOperations.class).enqueue("billing.tasks.invoice", 42);
			assertThat(job.queue()).isEqualTo("default");
			assertThat(job.options().timeout()).isEqualTo(Duration.ofSeconds(180));
			assertThat(job.options().resultTtl()).isNull();
			assertThat(job.options().failureTtl()).isNull();
		});
	}

	@Test
	void backsOffWithoutRedis() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RqAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobOperations.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RqAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(RedisConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobOperations.class));
	}

	@Test
	void whoEnablesWebhooksWithoutTheirHttpClientIsToldWhatToAdd() {
		ApplicationContextRunner without = this.runner.withClassLoader(new FilteredClassLoader("org.apache.hc"));
		without.withPropertyValues("rq.webhooks.enabled=true").run((context) -> {
			FailureAnalysis analysis = new InvalidRqConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'rq.webhooks.enabled'", "class path");
			assertThat(analysis.getAction()).contains("org.apache.httpcomponents.client5:httpclient5");
		});
		without.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(JobOperations.class));
	}

	@Test
	void jobsGetWhatDiffersFromRqsDefaults() {
		this.runner
			.withPropertyValues("rq.default-queue=low", "rq.job.timeout=-1", "rq.job.result-ttl=60",
					"rq.job.failure-ttl=7d")
			.run((context) -> {
				Job job = context.getBean(JobOperations.class).enqueue("a.b");
				assertThat(job.queue()).isEqualTo("low");
				assertThat(job.options().timeout()).isEqualTo(JobOptions.UNLIMITED);
				assertThat(job.options().resultTtl()).isEqualTo(Duration.ofMinutes(1));
				assertThat(job.options().failureTtl()).isEqualTo(Duration.ofDays(7));
			});
	}

	@Test
	void jobsOfAQueueGetItsDefaultsBeforeThoseOfAll() {
		this.runner
			.withPropertyValues("rq.job.retries=2", "rq.job.intervals=5s,1m", "rq.job.timeout=1h",
					"rq.queues.low.timeout=2m", "rq.queues.low.retries=0", "rq.queues[a.b].intervals=7",
					"rq.queues[a.b].retries=1", "rq.queues[a.b].result-ttl=60", "rq.queues[a.b].failure-ttl=-1")
			.run((context) -> {
				JobOperations jobs = context.getBean(JobOperations.class);
				JobOptions common = jobs.enqueue("f").options();
				assertThat(common.retry()).isEqualTo(Retry.max(2).intervals(5, 60));
				assertThat(common.timeout()).isEqualTo(Duration.ofHours(1));
				JobOptions low = jobs.enqueue(JobRequest.of("f").queue("low")).options();
				assertThat(low.retry()).isEqualTo(Retry.NONE);
				assertThat(low.timeout()).isEqualTo(Duration.ofMinutes(2));
				JobOptions other = jobs.enqueue(JobRequest.of("f").queue("a.b")).options();
				assertThat(other.retry()).isEqualTo(Retry.max(1).intervals(7));
				assertThat(other.resultTtl()).isEqualTo(Duration.ofMinutes(1));
				assertThat(other.failureTtl()).isEqualTo(JobOptions.UNLIMITED);
				assertThat(other.timeout()).isEqualTo(Duration.ofHours(1));
				assertThat(jobs.enqueue(JobRequest.of("f").queue("low").retry(Retry.max(9))).options().retry())
					.isEqualTo(Retry.max(9));
			});
	}

	@Test
	void aQueueTakesAsManyJobsAsMayWait() {
		this.runner.withPropertyValues("rq.queue.max-length=2", "rq.queues.low.max-length=1").run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			jobs.enqueueAll(List.of(JobRequest.of("f"), JobRequest.of("f")));
			jobs.enqueue(JobRequest.of("f").queue("low"));
			for (String queue : List.of("default", "low")) {
				assertThatExceptionOfType(QueueFullException.class)
					.isThrownBy(() -> jobs.enqueue(JobRequest.of("f").queue(queue)))
					.withMessageContaining("'" + queue + "'");
			}
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "rq.job.retries=-1|'rq.job.retries'|must not be negative",
					"rq.job.intervals=5|'rq.job.intervals'|needs 'rq.job.retries' of at least 1",
					"rq.queues.low.timeout=0|'rq.queues.low.timeout'|must be a whole number of seconds",
					"rq.queues.low.retries=-2|'rq.queues.low.retries'|must not be negative",
					"rq.queue.max-length=-1|'rq.queue.max-length'|must not be negative",
					"rq.queues.low.max-length=-1|'rq.queues.low.max-length'|must not be negative",
					"rq.retention.failed.max-count=-1|'rq.retention.failed.max-count'|must not be negative",
					"rq.retention.finished.max-size=-1B|'rq.retention.finished.max-size'|must not be negative",
					"rq.retention.canceled.max-age=0|'rq.retention.canceled.max-age'|a whole number of seconds",
					"rq.queues[a,b].timeout=5|'rq.queues'|no name of a queue" })
	void malformedDefaultsOfJobsStopTheStart(String property, String name, String rule) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(name)
				.hasMessageContaining(rule));
	}

	@Test
	void exceptionHandlersOfTheApplicationDecideInTheirOrder() {
		this.runner.withUserConfiguration(FailingJobs.class).run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job swallowed = jobs.enqueue("swallowed");
			Job failed = jobs.enqueue("failed");
			await().until(() -> jobs.find(swallowed.id()).orElseThrow().status() == JobStatus.FINISHED);
			await().until(() -> jobs.find(failed.id()).orElseThrow().status() == JobStatus.FAILED);
			assertThat(jobs.find(failed.id()).orElseThrow().run().attempts()).isZero();
		});
	}

	@Test
	@OneRedis("the other layout has tags of its own")
	void allKeysBeginWithThePrefix() {
		this.runner.withUserConfiguration(Jobs.class).withPropertyValues("rq.key-prefix={shop}:rq").run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = jobs.enqueue(Jobs::send, "ada@example.org");
			Job later = jobs.enqueueIn(Duration.ofMillis(50), Jobs::send, "bob@example.org");
			for (Job each : List.of(job, later)) {
				await().until(() -> jobs.find(each.id()).orElseThrow().status() == JobStatus.FINISHED);
			}
			assertThat(jobs.results(job.id())).hasSize(1);
			Set<String> keys = context.getBean(StringRedisTemplate.class).keys("*");
			assertThat(keys).contains("{shop}:rq:job:" + job.id(), "{shop}:rq:workers", "{shop}:rq:scheduler-lock:mail")
				.allMatch((key) -> key.startsWith("{shop}:rq:"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a%b", "a'b", "a\"b", "a\\b" })
	void aPrefixThatRqRefusesStopsTheStart(String prefix) {
		this.runner
			.withInitializer((context) -> TestPropertyValues.of(Map.of("rq.key-prefix", prefix)).applyTo(context))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'rq.key-prefix'")
				.hasMessageContaining("must not be empty"));
	}

	@Test
	void jobsLargerThanThePropertyAllowsAreNeitherWrittenNorRun() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.job.max-payload-size=1KB")
			.run((context) -> {
				JobOperations jobs = context.getBean(JobOperations.class);
				assertThatIllegalArgumentException().isThrownBy(() -> jobs.enqueue("a.b", "x".repeat(1_100)))
					.withMessageContaining("'rq.job.max-payload-size' allows 1024");
				StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
				redis.opsForHash()
					.putAll(key("mail", "rq:job:big"), Map.of("status", "queued", "origin", "mail", "data",
							"[\"f\", null, [\"" + "x".repeat(1_100) + "\"], {}]"));
				makeKnown(redis, "mail");
				assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> jobs.find("big"))
					.withMessageContaining("1024");
				redis.opsForList().rightPush(key("mail", "rq:queue:mail"), "big");
				await().until(() -> !jobs.results("big").isEmpty());
				assertThat(jobs.results("big").get(0).exception()).contains("longer than 1024 bytes");
			});
	}

	@ParameterizedTest
	@CsvSource({ "json, false", "pickle, true", "auto, false" })
	void jobsAreWrittenInTheChosenFormat(String serializer, boolean pickled) {
		this.runner.withPropertyValues("rq.serializer=" + serializer).run((context) -> {
			Job job = context.getBean(JobOperations.class).enqueue("a.b", 1);
			assertThat(job.payload().data()[0]).isEqualTo(pickled ? (byte) 0x80 : (byte) '[');
		});
	}

	@Test
	void anUnknownFormatEndsTheStartAndIsNamed() {
		this.runner.withPropertyValues("rq.serializer=yaml")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("rq.serializer")
				.hasStackTraceContaining("SerializerFormat.yaml"));
	}

	@Test
	void jobsThatFailBecauseTheirQueueIsEmptiedAreKeptAsThePropertySays() {
		this.runner.withPropertyValues("rq.job.failure-ttl=60").run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			Job job = context.getBean(JobOperations.class).enqueue("a.b");
			redis.opsForHash()
				.putAll(key("rq:job:child"), Map.of("status", "deferred", "origin", "default", "data", "x"));
			redis.opsForSet().add(key("rq:job:" + job.id() + ":dependents"), "child");
			assertThat(context.getBean(QueueOperations.class).empty("default")).isEqualTo(1);
			assertThat(redis.getExpire(key("rq:job:child"))).isBetween(50L, 60L);
		});
	}

	@Test
	void backsOffFromQueueOperationsOfTheApplication() {
		this.runner.withBean(QueueOperations.class, () -> mock(QueueOperations.class))
			.run((context) -> assertThat(context).hasSingleBean(QueueOperations.class)
				.doesNotHaveBean(QueueTemplate.class));
	}

	@Test
	void backsOffFromBeansOfTheApplication() {
		this.runner.withUserConfiguration(OwnParts.class)
			.run((context) -> assertThat(context).hasSingleBean(JobSerializer.class)
				.doesNotHaveBean(JacksonJobSerializer.class)
				.doesNotHaveBean(JobTemplate.class));
	}

	@Test
	void startsNoWorkerWithoutHandlers(CapturedOutput output) {
		this.runner.run((context) -> assertThat(worker(context).isRunning()).isFalse());
		assertThat(output).contains("No worker is started: there is no @RqJob method and no JobHandler bean");
	}

	@Test
	void startsAWorkerWithoutHandlersIfTold() {
		this.runner.withPropertyValues("rq.worker.enabled=true").run((context) -> {
			assertThat(worker(context).isRunning()).isTrue();
			assertThat(worker(context).options().queues()).containsExactly("default");
		});
	}

	@Test
	void startsAWorkerOfTheQueuesOfItsHandlers() {
		this.runner.withUserConfiguration(Jobs.class, Handlers.class).run((context) -> {
			assertThat(worker(context).isRunning()).isTrue();
			assertThat(worker(context).options().queues()).containsExactly("default", "invoices", "mail");
			assertThat(context.getBean(JobHandlerRegistry.class).names())
				.containsExactlyInAnyOrder(Jobs.class.getName() + ".send", "billing.tasks.invoice", "other");
		});
	}

	@Test
	void startsNoWorkerIfDisabled() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WorkerContainer.class));
	}

	@Test
	void workerGetsTheProperties() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.queues=high,mail,default", "rq.worker.concurrency=3", "rq.worker.name=ada",
					"rq.worker.dequeue-strategy=round-robin", "rq.worker.burst=true", "rq.worker.max-jobs=7",
					"rq.worker.max-idle-time=90", "rq.worker.lease=20", "rq.worker.heartbeat-interval=2s",
					"rq.worker.maintenance-interval=700ms", "rq.worker.shutdown-timeout=3s", "rq.worker.max-reclaims=0",
					"spring.data.redis.timeout=400ms", "rq.job.timeout=9m", "rq.job.result-ttl=1h",
					"rq.recovery.min-pause=50ms", "rq.recovery.max-pause=4", "rq.worker.unknown-function-grace=1m")
			.run((context) -> {
				WorkerOptions options = worker(context).options();
				assertThat(options.name()).isEqualTo("ada");
				assertThat(options.queues()).containsExactly("high", "mail", "default");
				assertThat(options.concurrency()).isEqualTo(3);
				assertThat(options.strategy()).isEqualTo(DequeueStrategy.ROUND_ROBIN);
				assertThat(options.limits()).isEqualTo(new WorkerOptions.Limits(true, 7, Duration.ofSeconds(90)));
				Duration longestWait = OwnConnections.longestWait(
						context.getBean(RqConnections.class).engine(Duration.ofSeconds(20)), Duration.ofMillis(400));
				assertThat(options.timing()).isEqualTo(new WorkerOptions.Timing(Duration.ofSeconds(20),
						Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofSeconds(3), longestWait,
						Duration.ofSeconds(5), new Recovery(Duration.ofMillis(50), Duration.ofSeconds(4))));
				assertThat(options.defaults().jobs().common())
					.isEqualTo(JobOptions.NONE.withTimeout(Duration.ofMinutes(9))
						.withResultTtl(Duration.ofHours(1))
						.withFailureTtl(Duration.ofDays(365)));
				assertThat(options.defaults().maxReclaims()).isZero();
				assertThat(options.defaults().unknownFunctionGrace()).isEqualTo(Duration.ofMinutes(1));
			});
	}

	@Test
	void defaultsOfThePropertiesAreThoseOfTheEngine() {
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			WorkerOptions options = worker(context).options();
			assertThat(options).usingRecursiveComparison()
				.ignoringFields("timing.longestWait")
				.isEqualTo(WorkerOptions.of(options.name(), "mail"));
			assertThat(context.getBean(RqOptions.class).template()).isEqualTo(
					new TemplateOptions("default", JobDefaults.of(JobOptions.NONE.withTimeout(Duration.ofSeconds(180))),
							DataSize.ofMegabytes(10).toBytes(), Partitions.NONE));
		});
	}

	@Test
	void nameOfTheWorkerIsReadableAndUnique() {
		this.runner.withPropertyValues("spring.application.name=my shop")
			.run((context) -> assertThat(worker(context).options().name()).matches("my-shop-[0-9a-f]{8}"));
	}

	@Test
	void applicationDeclaresSeveralWorkers() {
		this.runner.withUserConfiguration(Jobs.class, TwoWorkers.class)
			.withPropertyValues("rq.worker.name=ada")
			.run((context) -> {
				assertThat(context.getBeansOfType(WorkerContainer.class)).containsOnlyKeys("mailWorker",
						"reportWorker");
				WorkerContainer mail = context.getBean("mailWorker", WorkerContainer.class);
				WorkerContainer reports = context.getBean("reportWorker", WorkerContainer.class);
				assertThat(mail.isRunning() && reports.isRunning()).isTrue();
				assertThat(mail.options().queues()).containsExactly("mail");
				assertThat(reports.options().queues()).containsExactly("reports", "default");
				assertThat(List.of(mail.options().name(), reports.options().name())).containsExactlyInAnyOrder("ada",
						"ada-2");
				assertThat(reports.options().concurrency()).isEqualTo(2);
			});
	}

	@Test
	void disablingTheWorkerKeepsDeclaredOnesFromStarting() {
		this.runner.withUserConfiguration(TwoWorkers.class)
			.withPropertyValues("rq.worker.enabled=false")
			.run((context) -> assertThat(context.getBeansOfType(WorkerContainer.class).values())
				.noneMatch(WorkerContainer::isRunning));
	}

	@Test
	void containersThatDoNotStartByThemselvesAreStartedByHand() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.auto-startup=false")
			.run((context) -> {
				assertThat(worker(context).isRunning()).isFalse();
				SchedulerContainer scheduler = context.getBean(SchedulerContainer.class);
				assertThat(scheduler.isRunning()).isFalse();
				worker(context).start();
				scheduler.start();
				assertThat(worker(context).options().queues()).containsExactly("mail");
				String id = context.getBean(JobOperations.class).enqueue(JobRequest.of(Jobs::send, "ada")).id();
				await().until(() -> context.getBean(JobOperations.class)
					.find(id)
					.orElseThrow()
					.status() == JobStatus.FINISHED);
				assertThat(scheduler.state().queues()).extracting("queue").containsExactly("mail", "default");
			});
		this.runner.withUserConfiguration(TwoWorkers.class)
			.withPropertyValues("rq.worker.auto-startup=false", "rq.worker.enabled=true")
			.run((context) -> assertThat(context.getBeansOfType(WorkerContainer.class).values()).hasSize(2)
				.noneMatch(WorkerContainer::isRunning));
	}

	@Test
	void nothingOfItIsThereWhenItIsSwitchedOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ours()))
			.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.enabled=false",
					"management.endpoints.web.exposure.include=rq")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(RedisConnectionFactory.class);
				assertThat(context.getBeanNamesForType(Object.class)).noneMatch((name) -> {
					Class<?> type = context.getType(name);
					return type != null && type.getName().startsWith("io.rq.");
				});
			});
	}

	private static Class<?>[] ours() {
		List<Class<?>> all = new ArrayList<>(List.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class));
		ClassLoader loader = RqAutoConfiguration.class.getClassLoader();
		for (String name : ImportCandidates.load(AutoConfiguration.class, loader)) {
			if (name.startsWith("io.rq.")) {
				all.add(ClassUtils.resolveClassName(name, loader));
			}
		}
		assertThat(all).contains(RqEndpointAutoConfiguration.class);
		return all.toArray(Class<?>[]::new);
	}

	@Test
	void schedulerRunsWhereverAWorkerDoes() {
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			SchedulerContainer scheduler = context.getBean(SchedulerContainer.class);
			assertThat(scheduler.isRunning()).isTrue();
			assertThat(scheduler.state().queues()).extracting("queue").containsExactly("mail", "default");
		});
		this.runner.withUserConfiguration(TwoWorkers.class)
			.run((context) -> assertThat(context.getBean(SchedulerContainer.class).isRunning()).isTrue());
	}

	@Test
	void schedulerDoesNotRunWithoutWorkerUnlessItIsSet() {
		this.runner.run((context) -> assertThat(context.getBean(SchedulerContainer.class).isRunning()).isFalse());
		ApplicationContextRunner disabled = this.runner.withUserConfiguration(Jobs.class, TwoWorkers.class)
			.withPropertyValues("rq.worker.enabled=false");
		disabled.run((context) -> assertThat(context.getBean(SchedulerContainer.class).isRunning()).isFalse());
		disabled.withPropertyValues("rq.worker.with-scheduler=true")
			.run((context) -> assertThat(context.getBean(SchedulerContainer.class).isRunning()).isTrue());
	}

	@Test
	void schedulerDoesNotRunBesideAWorkerIfItIsSwitchedOff() {
		this.runner.withUserConfiguration(Jobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false")
			.run((context) -> assertThat(context).doesNotHaveBean(SchedulerContainer.class));
	}

	@Test
	void schedulerLeadsTheQueuesOfWorkersAndJobs() {
		this.runner.withUserConfiguration(Jobs.class, Handlers.class)
			.withPropertyValues("rq.worker.queues=high", "rq.default-queue=low")
			.run((context) -> {
				SchedulerContainer scheduler = context.getBean(SchedulerContainer.class);
				assertThat(scheduler.isRunning()).isTrue();
				assertThat(scheduler.state().queues()).extracting("queue")
					.containsExactly("high", "invoices", "low", "mail");
			});
	}

	@Test
	void schedulerRunsWithoutWorker() {
		this.runner
			.withPropertyValues("rq.worker.with-scheduler=true", "rq.worker.enabled=false", "rq.scheduler.queues=a,b")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(WorkerContainer.class);
				assertThat(context.getBean(SchedulerContainer.class).state().queues()).extracting("queue")
					.containsExactly("a", "b");
			});
	}

	@Test
	@OneRedis("has connections of its own to one server")
	void qualifiedConnectionsMayBeTheOnlyOnes() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, RqAutoConfiguration.class))
			.withUserConfiguration(OwnRedis.class)
			.run((context) -> {
				context.getBean(JobOperations.class).enqueue("a.b");
				assertThat(TestRedis.shared().state().toString()).contains(key("rq:queue:default"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "true,true", "YES,true", "on,true", "1,true", "false,false", "no,false", "off,false", "0,false" })
	void flagsAreReadAsTheyAreBound(String text, boolean on) {
		this.runner.withPropertyValues("rq.worker.enabled=" + text, "rq.template.inline=" + text).run((context) -> {
			assertThat(context.getBeanNamesForType(WorkerContainer.class)).hasSize(on ? 1 : 0);
			assertThat(context.getBeanNamesForType(InlineRuns.class)).hasSize(on ? 1 : 0);
		});
	}

	@Test
	void anEmptyFlagIsNotSet() {
		this.runner.withPropertyValues("rq.worker.enabled=")
			.run((context) -> assertThat(context).hasSingleBean(WorkerContainer.class));
	}

	@Test
	void aFlagThatIsNoneEndsTheStart() {
		this.runner.withPropertyValues("rq.worker.enabled=maybe")
			.run((context) -> assertThat(failure(context, BindException.class).getName())
				.hasToString("rq.worker.enabled"));
	}

	@Test
	@OneRedis("has connections of its own to one server")
	void qualifiedConnectionsHoldTheJobs() {
		this.runner.withUserConfiguration(OwnRedis.class)
			.withPropertyValues("spring.data.redis.url=redis://nowhere.invalid:1")
			.run((context) -> {
				assertThat(context.getBean(RedisConnectionFactory.class)).isNotSameAs(context.getBean("jobRedis"));
				context.getBean(JobOperations.class).enqueue("a.b");
				assertThat(TestRedis.shared().state().toString()).contains(key("rq:queue:default"));
			});
	}

	@Test
	void worksWithLazyInitialization() {
		this.runner.withUserConfiguration(Jobs.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(worker(context).isRunning()).isTrue();
				assertThat(worker(context).options().queues()).containsExactly("mail");
			});
	}

	@Test
	void jobMayHandTasksToTheExecutorWhileItsWorkerStops() throws Exception {
		this.runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withBean(ThreadPoolTaskExecutorCustomizer.class,
					() -> (executor) -> executor.setAcceptTasksAfterContextClose(true))
			.withUserConfiguration(LastJobs.class)
			.run((context) -> {
				context.getBean(JobOperations.class).enqueue(JobRequest.of(LastJobs::last));
				assertThat(LastJobs.begun.await(20, TimeUnit.SECONDS)).isTrue();
			});
		assertThat(LastJobs.taken.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void warnsOfAShutdownThatOutlastsItsPhase(CapturedOutput output) {
		this.runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=20s").run((context) -> {
		});
		assertThat(output).contains("'rq.worker.shutdown-timeout' (PT25S) should be less than");
	}

	@Test
	void anEmptyTimeOfAPhaseIsNone() {
		this.runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/** As docs/configuration.md tells: Spring Boot makes that of the keys of a map. */
	@ParameterizedTest
	@CsvSource({ "mail,mail", "mail-2,mail-2", "mail_eu,mail_eu", "mailEU,mailEU", "mail:eu,maileu", "mail/eu,maileu",
			"mail eu,maileu", "büro,bro", "[mail:eu],mail:eu", "[mail.eu],mail.eu", "[büro],büro" })
	void namesOfQueuesLoseWhatOnlyBracketsKeep(String key, String queue) {
		Map<String, Object> properties = Map.of("rq.queues." + key + ".retries", 3);
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", properties)))
			.run((context) -> assertThat(context.getBean(RqProperties.class).queues()).containsOnlyKeys(queue));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			rq.default-queue                | a,b  | comma
			rq.job.timeout                  | 0    | at least 1, or -1
			rq.job.timeout                  | 1500ms | whole number
			rq.job.result-ttl               | -2   | -1 for ever
			rq.job.failure-ttl              | 10ms | whole number
			rq.job.timeout                  | 9223372036854775807 | 100 years
			rq.job.max-payload-size         | 0    | positive
			rq.template.min-replicas        | -1   | negative
			rq.template.min-replicas-timeout | 0   | at least 1 ms
			rq.job.max-payload-size         | 1GB  | 512MB
			rq.job.result-ttl               | 36526d | 100 years
			rq.job.failure-ttl              | 36526d | 100 years
			rq.worker.lease                 | 36526d | 100 years
			rq.worker.shutdown-timeout      | 36526d | 100 years
			rq.scheduler.lock-lease         | 36526d | 100 years
			rq.scheduler.interval           | 36526d | 100 years
			rq.worker.queues                | x:intermediate | :intermediate
			rq.worker.concurrency           | 0    | at least 1
			rq.worker.max-jobs              | -1   | negative
			rq.worker.max-idle-time         | -1s  | negative
			rq.worker.lease                 | 1s   | at least 2
			rq.worker.lease                 | -1   | at least 2
			rq.worker.heartbeat-interval    | 16s  | half of 'rq.worker.lease', which is PT30S
			rq.worker.heartbeat-interval    | 0    | at least 1 ms
			rq.worker.maintenance-interval  | 0    | at least 1 ms
			rq.worker.heartbeat-interval    | 1ns  | at least 1 ms
			rq.worker.maintenance-interval  | 1ns  | at least 1 ms
			rq.scheduler.interval           | 1ns  | at least 1 ms
			rq.worker.shutdown-timeout      | -1   | negative
			rq.worker.max-reclaims          | -1   | negative
			rq.scheduler.queues             | x:intermediate | :intermediate
			rq.scheduler.interval           | 0    | at least 1 ms
			rq.scheduler.lock-lease         | 50ms | at least
			rq.recovery.min-pause           | 0    | at least 1 ms
			rq.recovery.max-pause           | 50ms | at least 'rq.recovery.min-pause', which is PT0.1S
			rq.recovery.max-pause           | 16s  | half of 'rq.worker.lease', which is PT30S
			rq.health.max-lateness          | 0    | at least 1 ms
			rq.operations.undo              | -1s  | at least 1 ms
			rq.operations.undo              | 500us | at least 1 ms
			rq.operations.undo              | 36526d | 100 years
			rq.operations.undo              | 9223372036854775807s | 100 years
			rq.operations.undo              | -9223372036854775808s | at least 1 ms
			rq.recovery.min-pause           | 9223372036854775807s | 100 years
			rq.recovery.min-pause           | -9223372036854775808s | at least 1 ms
			rq.recovery.max-pause           | 9223372036854775807s | half of 'rq.worker.lease', which is PT30S
			rq.template.min-replicas-timeout | 9223372036854775807s | 100 years
			rq.worker.max-idle-time         | 9223372036854775807s | 100 years
			rq.worker.heartbeat-interval    | 9223372036854775807s | 100 years
			rq.worker.maintenance-interval  | 9223372036854775807s | 100 years
			rq.worker.unknown-function-grace | 9223372036854775807s | 100 years
			rq.health.max-lateness          | 9223372036854775807s | 100 years
			rq.job.intervals                | 9223372036854775807s | needs 'rq.job.retries'
			rq.webhooks.retries             | 1001 | at most 1000
			rq.worker.name                  | mail:1 | must not contain ':'
			rq.operations.roles.viewer      | ''   | must name an authority
			rq.operations.roles.operator    | ''   | must name an authority
			rq.operations.roles.admin       | ' '  | must name an authority
			""")
	void invalidPropertyIsNamed(String property, String value, String rule) {
		ApplicationContextRunner invalid = this.runner.withPropertyValues(property + "=" + value);
		isNamed(invalid, property, rule);
		isNamed(invalid.withPropertyValues("rq.worker.enabled=false"), property, rule);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rq.default-queue", "rq.worker.queues", "rq.scheduler.queues" })
	void bracesInTheNameOfAQueueAreRefusedWhereTheLayoutNeedsThem(String property) {
		isNamed(this.runner.withPropertyValues("rq.layout=cluster", property + "=a{b}"), property, "no braces");
	}

	private static void isNamed(ApplicationContextRunner invalid, String property, String rule) {
		invalid.run((context) -> {
			InvalidRqConfigurationException failure = failure(context, InvalidRqConfigurationException.class);
			assertThat(new InvalidRqConfigurationFailureAnalyzer().analyze(failure)).satisfies((analysis) -> {
				assertThat(analysis.getDescription()).contains("'" + property + "'", rule);
				assertThat(analysis.getAction()).contains("'" + property + "'");
			});
		});
	}

	@Test
	void clusterIsRefused() {
		this.unconnected
			.withPropertyValues("rq.layout=rq", "spring.data.redis.cluster.nodes=localhost:7000",
					"spring.data.redis.client-type=lettuce")
			.run((context) -> assertThat(failure(context, InvalidRqConfigurationException.class))
				.hasMessageContaining("is a cluster"));
	}

	@Test
	void sharedPoolTooSmallForAllThatWaitsIsRefused(CapturedOutput output) {
		this.unconnected.withUserConfiguration(ForeignRedis.class)
			.withPropertyValues("rq.worker.queues=high,default,low", "rq.worker.with-scheduler=true")
			.run((context) -> {
				InvalidRqConfigurationException failure = failure(context, InvalidRqConfigurationException.class);
				assertThat(failure).hasMessageContainingAll("pool of 4 connections", "together 5");
				assertThat(new InvalidRqConfigurationFailureAnalyzer().analyze(failure).getAction())
					.contains("'spring.data.redis.jedis.pool.max-active' to 13");
			});
		assertThat(output).contains("cannot be copied");
	}

	@Test
	void sharedPoolTooSmallForTheQueuesOfTheJobsIsRefused() {
		this.unconnected.withUserConfiguration(ForeignRedis.class, Jobs.class, Handlers.class)
			.withPropertyValues("rq.worker.with-scheduler=true")
			.run((context) -> assertThat(failure(context, InvalidRqConfigurationException.class))
				.hasMessageContainingAll("pool of 4 connections", "together 5"));
	}

	@Test
	void handlerThatIsNullIsNone() {
		this.runner.withUserConfiguration(AbsentHandler.class, Jobs.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void handlersOfOneNameAreRefused() {
		this.runner.withUserConfiguration(Handlers.class, Duplicate.class)
			.run((context) -> assertThat(failure(context, InvalidRqConfigurationException.class))
				.hasMessageContainingAll("'duplicate'", "'invoice'", "billing.tasks.invoice"));
	}

	@Test
	void handlersAndMethodsOfOneNameAreRefused() {
		this.runner.withBean("mail", Handler.class, () -> new Handler(Jobs.class.getName() + ".send", null))
			.withUserConfiguration(Jobs.class)
			.run((context) -> assertThat(failure(context, RqJobDefinitionException.class))
				.hasMessageContainingAll("Jobs.send(String)", "is that of the handler Handler[name="));
	}

	@Test
	void aHandlerMayNeedWhatNeedsTheHandlers() {
		this.runner.withUserConfiguration(OperatingHandlers.class)
			.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class)).satisfies((registry) -> {
				assertThat(registry.names()).containsExactly("operating");
				assertThat(registry.findCallback("operated")).isNotNull();
			}));
	}

	@Test
	void aScopedHandlerIsRegisteredOnce() {
		this.runner
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.withUserConfiguration(ScopedHandlers.class)
			.run((context) -> assertThat(context.getBean(JobHandlerRegistry.class).names()).containsExactly("scoped"));
	}

	@Test
	void wrongDefinitionIsAnalyzed() {
		this.runner.withUserConfiguration(WrongJobs.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(new RqJobDefinitionFailureAnalyzer().analyze(context.getStartupFailure()))
				.satisfies((analysis) -> {
					assertThat(analysis.getDescription()).contains(WrongJobs.class.getName() + ".wrong()",
							"retries is -2", "bean '");
					assertThat(analysis.getAction()).isEqualTo("Give 0 or more retries.");
				});
		});
	}

	@Test
	void wrongCallbackIsAnalyzedAsOne() {
		this.runner.withUserConfiguration(WrongCallbacks.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(new RqJobDefinitionFailureAnalyzer().analyze(context.getStartupFailure()))
				.satisfies((analysis) -> assertThat(analysis.getDescription())
					.contains(WrongCallbacks.class.getName() + ".wrong()", "cannot be a callback: it is static.")
					.doesNotContain("job"));
		});
	}

	@Test
	void failureIsExplainedOnTheConsole(CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(Bootable.class).web(WebApplicationType.NONE)
			.run("--spring.data.redis.url=" + TestRedis.shared().url(), "--rq.worker.heartbeatInterval=20"));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"Property 'rq.worker.heartbeat-interval' is PT20S but must be at most half of 'rq.worker.lease'",
				"Correct the value of 'rq.worker.heartbeat-interval', or remove it to use the default.");
	}

	@Test
	void unknownStrategyIsExplainedOnTheConsole(CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(Bootable.class).web(WebApplicationType.NONE)
			.run("--spring.data.redis.url=" + TestRedis.shared().url(), "--rq.worker.dequeue-strategy=fastest"));
		assertThat(output).contains("APPLICATION FAILED TO START", "rq.worker.dequeue-strategy", "fastest",
				"ROUND_ROBIN");
	}

	@Test
	void aNameThatIsEnqueuedTooEarlyIsWarnedOfAndAMethodReferenceIsKnown(CapturedOutput output) {
		this.runner.withPropertyValues("rq.worker.enabled=false")
			.withUserConfiguration(EarlyJobs.class)
			.run((context) -> assertThat(context.getBean("queues")).isEqualTo(List.of("default", "mail", "default")));
		// what the start checks of the tests before had to say may come late
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN  [main]"))).singleElement()
			.asString()
			.contains("Job 'early' was enqueued by its name while the application was starting, before "
					+ EarlyJobs.class.getName() + ".early() of bean")
			.contains("Enqueue it by a method reference");
	}

	private static WorkerContainer worker(AssertableApplicationContext context) {
		return context.getBean(WorkerContainer.class);
	}

	private static <T extends Throwable> T failure(AssertableApplicationContext context, Class<T> type) {
		Throwable failure = context.getStartupFailure();
		while (failure != null && !type.isInstance(failure)) {
			failure = failure.getCause();
		}
		assertThat(failure).as("cause of the failed start").isNotNull();
		return type.cast(failure);
	}

	@Configuration(proxyBeanMethods = false)
	static class LastJobs implements ApplicationListener<ContextClosedEvent> {

		static CountDownLatch begun = new CountDownLatch(1);

		static CountDownLatch closing = new CountDownLatch(1);

		static CountDownLatch taken = new CountDownLatch(1);

		private final AsyncTaskExecutor executor;

		LastJobs(@Lazy AsyncTaskExecutor executor) {
			this.executor = executor;
		}

		@Override
		public void onApplicationEvent(ContextClosedEvent event) {
			// called after the executor has heard of it, as it has no order
			closing.countDown();
		}

		@RqJob
		void last() throws InterruptedException {
			begun.countDown();
			if (closing.await(20, TimeUnit.SECONDS)) {
				this.executor.execute(taken::countDown);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Bootable {

	}

	@Configuration(proxyBeanMethods = false)
	static class ForeignRedis {

		@Bean
		RedisConnectionFactory foreignRedis() {
			ConnectionPoolConfig pool = new ConnectionPoolConfig();
			pool.setMaxTotal(4);
			return new JedisConnectionFactory(new RedisStandaloneConfiguration(),
					JedisClientConfiguration.builder().usePooling().poolConfig(pool).build()) {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnParts {

		@Bean
		JobSerializer serializer() {
			return mock();
		}

		@Bean
		JobOperations jobs() {
			return mock();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(queue = "mail")
		void send(String address) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingJobs {

		@RqJob(name = "swallowed", retries = 3)
		void swallowed() {
			throw new IllegalStateException("swallowed");
		}

		@RqJob(name = "failed", retries = 3, noRetryFor = UnsupportedOperationException.class)
		void failed() {
			throw new IllegalStateException(new UnsupportedOperationException("failed"));
		}

		@Bean
		@Order(2)
		JobExceptionHandler failing() {
			return (run, failure) -> JobExceptionHandler.Decision.FAIL;
		}

		@Bean
		@Order(1)
		JobExceptionHandler swallowing() {
			return (run, failure) -> run.function().equals("swallowed") ? JobExceptionHandler.Decision.SWALLOW : null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyJobs {

		@Bean
		List<String> queues(JobOperations jobs) {
			return List.of(jobs.enqueue("early").queue(), jobs.enqueue(EarlyJobs::early).queue(),
					jobs.enqueue("no.such.function").queue());
		}

		@RqJob(name = "early", queue = "mail")
		void early() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrongJobs {

		@RqJob(retries = -2)
		void wrong() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrongCallbacks {

		@RqCallback
		static void wrong() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@Bean
		Handler invoice() {
			return new Handler("billing.tasks.invoice", "invoices");
		}

		@Bean
		Handler other() {
			return new Handler("other", null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AbsentHandler {

		@Bean
		@Nullable JobHandler absent() {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Duplicate {

		@Bean
		Handler duplicate() {
			return new Handler("billing.tasks.invoice", null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OperatingHandlers {

		@Bean
		JobHandler operating(RqOperations operations) {
			assertThat(operations).isNotNull();
			return new Handler("operating", null);
		}

		@Bean
		CallbackHandler operated(RqOperations operations) {
			CallbackHandler callback = mock();
			given(callback.name()).willReturn("operated");
			return callback;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedHandlers {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
		JobHandler scoped() {
			return new Handler("scoped", null);
		}

	}

	record Handler(String name, @Nullable String queue) implements JobHandler {

		@Override
		public @Nullable Object handle(JobContext context, SerializedCall call) {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoWorkers {

		@Bean
		WorkerContainer mailWorker(WorkerContainerFactory workers) {
			return workers.create("mail");
		}

		@Bean
		WorkerContainer reportWorker(WorkerContainerFactory workers) {
			return workers.create((options) -> options.withConcurrency(2), "reports", "default");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRedis {

		@Bean(defaultCandidate = false)
		@RqRedis
		LettuceConnectionFactory jobRedis() {
			return new LettuceConnectionFactory(TestRedis.shared().host(), TestRedis.shared().port());
		}

	}

}
