package io.rq.autoconfigure.endpoint;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.operations.CronDescriptor;
import io.rq.operations.QueueDescriptor;
import io.rq.actuate.endpoint.QueueDetailsDescriptor;
import io.rq.actuate.endpoint.RqDescriptor;
import io.rq.actuate.endpoint.RqEndpoint;
import io.rq.actuate.endpoint.RqEndpointWebExtension;
import io.rq.operations.SchedulerDescriptor;
import io.rq.operations.WorkerDescriptor;
import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronJob;
import io.rq.cron.CronOperations;
import io.rq.cron.Schedule;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.queue.QueuePause;
import io.rq.queue.RateLimitSnapshot;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqEndpointAutoConfiguration} and {@link RqEndpoint}.
 */
@RedisTest
class RqEndpointAutoConfigurationTests {

	private final ApplicationContextRunner unexposed = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqEndpointAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url());

	private final ApplicationContextRunner runner = this.unexposed
		.withPropertyValues("management.endpoints.web.exposure.include=rq", "rq.worker.name=ada")
		.withUserConfiguration(Jobs.class);

	@Test
	void backsOff() {
		this.unexposed.run((context) -> assertThat(context).doesNotHaveBean(RqEndpoint.class));
		this.runner.withPropertyValues("management.endpoint.rq.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(RqEndpoint.class));
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RqEndpoint.class));
	}

	@Test
	void oneAuthorityMayStandForSeveralRoles() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class, RqEndpointAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(),
					"management.endpoints.web.exposure.include=rq", "rq.operations.roles.operator=ROLE_ADMIN",
					"rq.operations.roles.admin=ROLE_ADMIN")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RqEndpointWebExtension.class));
	}

	@Test
	void showsQueuesWorkersAndSchedulers() {
		this.runner.withPropertyValues("rq.worker.with-scheduler=true").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueue("elsewhere.task", "secret argument");
			jobs.enqueueAll(List.of(
					JobRequest.of("elsewhere.task").rateLimit(RateLimit.key("smtp").limit(1, Duration.ofMinutes(1))),
					JobRequest.of("elsewhere.task").rateLimit(RateLimit.key("api").concurrency(1)),
					JobRequest.of("elsewhere.task").rateLimit(RateLimit.key("api").concurrency(1))));
			Job running = jobs.enqueue(Jobs::block);
			Jobs.started.await(10, TimeUnit.SECONDS);
			jobs.enqueueIn(Duration.ofHours(1), Jobs::block);
			RqEndpoint endpoint = context.getBean(RqEndpoint.class);
			Awaitility.await().until(() -> endpoint.rq().schedulers().get(0).leader() != null);
			RqDescriptor rq = endpoint.rq();
			assertThat(rq.suspended()).isFalse();
			assertThat(rq.queues()).extracting(QueueDescriptor::name).containsExactly("default", "slow");
			QueueDescriptor slow = rq.queues().get(1);
			assertThat(slow.started()).isOne();
			assertThat(slow.scheduled()).isOne();
			assertThat(slow.queued()).isZero();
			assertThat(slow.nextDue()).isAfter(Instant.now().plusSeconds(3000));
			WorkerDescriptor worker = rq.workers().get(0);
			assertThat(worker.name()).isEqualTo("ada");
			assertThat(worker.queues()).containsExactly("slow");
			assertThat(worker.runtime()).startsWith("Java ");
			assertThat(worker.lastHeartbeat()).isNotNull();
			assertThat(worker.local()).isEqualTo(new WorkerDescriptor.Local(true, 10, 1, 0));
			SchedulerDescriptor scheduler = rq.schedulers().get(1);
			assertThat(scheduler.queue()).isEqualTo("slow");
			assertThat(scheduler.local()).isNotNull();
			assertThat(scheduler.leader()).isNotNull();
			assertThat(scheduler.local().role()).isEqualTo("leader");
			assertThat(scheduler.leader().name()).isEqualTo(scheduler.local().name());
			assertThat(scheduler.leader().pid()).isEqualTo(Long.toString(ProcessHandle.current().pid()));
			assertThat(rq.rateLimits()).containsExactly(new RateLimitSnapshot("api", 1, null, null, 1, 1),
					new RateLimitSnapshot("smtp", 1, Duration.ofMinutes(1), null, 1, 0));
			assertThat(rq.warnings()).containsExactly("Queue 'default' has waiting jobs and no worker");
			QueueDetailsDescriptor details = endpoint.queue("slow");
			assertThat(details).isNotNull();
			assertThat(details.jobs().get("started")).containsExactly(running.id());
			assertThat(details.jobs().get("scheduled")).hasSize(1);
			assertThat(details.jobs().get("failed")).isEmpty();
			assertThat(details.workers()).containsExactly("ada");
			assertThat(endpoint.queue("nowhere")).isNull();
			assertThat(endpoint.queue("default").toString() + rq).doesNotContain("secret");
			Jobs.release.countDown();
		});
	}

	@Test
	void showsCronJobs() {
		CronJob report = CronJob.of("report", JobRequest.of("tasks.report").queue("slow"),
				Schedule.every(Duration.ofHours(1)));
		this.runner.withBean(CronJob.class, () -> report)
			.withPropertyValues("rq.worker.with-scheduler=true")
			.run((context) -> {
				RqEndpoint endpoint = context.getBean(RqEndpoint.class);
				Awaitility.await().until(() -> endpoint.rq().cron().get(0).nextFire() != null);
				CronOperations operations = context.getBean(CronOperations.class);
				String id = operations.trigger("report");
				Awaitility.await().until(() -> id.equals(endpoint.rq().cron().get(0).lastJob()));
				CronDescriptor cron = endpoint.rq().cron().get(0);
				assertThat(cron.name()).isEqualTo("report");
				assertThat(cron.queue()).isEqualTo("slow");
				assertThat(cron.schedule()).isEqualTo("every 3600 s");
				assertThat(cron.lastFire()).isNotNull();
				assertThat(cron.nextFire()).isAfter(Instant.now().plusSeconds(3000));
				operations.pause("report", "holidays");
				Awaitility.await().until(() -> "holidays".equals(endpoint.rq().cron().get(0).pauseReason()));
				assertThat(endpoint.rq().cron().get(0).pausedSince()).isNotNull();
				assertThat(endpoint.rq().cron().get(0).nextFire()).isNull();
			});
		this.runner.withBean(CronJob.class, () -> report)
			.withPropertyValues("rq.cron.enabled=false")
			.run((context) -> assertThat(context.getBean(RqEndpoint.class).rq().cron()).isEmpty());
	}

	@Test
	void showsWhatOtherProcessesHaveWritten() {
		this.runner.withPropertyValues("rq.worker.enabled=false").run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			redis.opsForHash()
				.putAll(key("high", "rq:worker:py"),
						Map.of("birth", "2026-01-31T12:00:00.000000Z", "last_heartbeat", "nonsense", "queues",
								"high,default", "state", "busy", "pid", "42", "hostname", "box", "version", "1.13",
								"python_version", "3.11", "successful_job_count", "7", "total_working_time", "1.5"));
			redis.opsForSet()
				.add(key("high", "rq:workers"), key("high", "rq:worker:py"), key("high", "rq:worker:gone"));
			redis.opsForSet().add("rq:queues", key("high", "rq:queue:high"));
			redis.opsForValue().set(key("high", "rq:scheduler-lock:high"), "26016");
			redis.opsForValue().set("rq:suspended", "1");
			redis.opsForValue()
				.set(key("high", "rq:paused-queues"), "{\"high\":[\"2026-01-31T12:00:00.123456Z\",\"why\"]}");
			redis.opsForZSet().add(key("slow", "rq:scheduled:slow"), "x", Instant.now().getEpochSecond() - 100);
			RqDescriptor rq = context.getBean(RqEndpoint.class).rq();
			assertThat(rq.suspended()).isTrue();
			assertThat(rq.queues()).extracting(QueueDescriptor::name).containsExactly("high");
			assertThat(rq.queues().get(0).pause())
				.isEqualTo(new QueuePause(Instant.parse("2026-01-31T12:00:00.123456Z"), "why"));
			WorkerDescriptor worker = rq.workers().get(0);
			assertThat(rq.workers()).hasSize(1);
			assertThat(worker.birth()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
			assertThat(worker.lastHeartbeat()).isNull();
			assertThat(worker.successfulJobs()).isEqualTo(7);
			assertThat(worker.workingTime()).isEqualTo(Duration.ofMillis(1500));
			assertThat(worker.local()).isNull();
			assertThat(rq.schedulers().get(0).leader())
				.isEqualTo(new SchedulerDescriptor.Leader("26016", null, null, null));
			assertThat(rq.schedulers().get(0).local()).isNull();
			assertThat(rq.warnings()).singleElement().asString().contains("rq.worker.with-scheduler");
		});
	}

	@Test
	void answersOverHttp() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WebApplication.class).run(
				"--server.port=0", "--spring.data.redis.url=" + TestRedis.shared().url(),
				"--management.endpoints.web.exposure.include=rq,health",
				"--management.endpoint.health.show-details=always", "--rq.worker.enabled=true",
				"--rq.worker.with-scheduler=true")) {
			String base = "http://localhost:" + context.getEnvironment().getProperty("local.server.port")
					+ "/actuator/";
			Awaitility.await().untilAsserted(() -> assertThat(get(base + "health").statusCode()).isEqualTo(200));
			JsonNode rq = json(get(base + "rq"));
			assertThat(rq.path("queues").get(0).path("overdue").asString()).isEqualTo("PT0S");
			assertThat(rq.path("schedulers").get(0).path("local").path("role").asString()).isEqualTo("leader");
			assertThat(json(get(base + "rq/default")).path("jobs").path("queued").isArray()).isTrue();
			assertThat(get(base + "rq/nowhere").statusCode()).isEqualTo(404);
			JsonNode health = json(get(base + "health"));
			assertThat(health.path("components").path("rq").path("status").asString()).isEqualTo("UP");
			assertThat(get(base + "health/liveness").body()).doesNotContain("rq");
		}
	}

	private static HttpResponse<String> get(String uri) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		static CountDownLatch started = new CountDownLatch(1);

		static CountDownLatch release = new CountDownLatch(1);

		@RqJob(queue = "slow", retries = 1, intervals = 5)
		void block() throws InterruptedException {
			started.countDown();
			release.await(10, TimeUnit.SECONDS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WebApplication {

	}

}
