package io.rq.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.JobRequest;
import io.rq.metrics.JobMetrics;
import io.rq.metrics.QueueMetrics;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqMetricsAutoConfiguration}, {@link JobMetrics} and
 * {@link QueueMetrics}.
 */
@RedisTest
class RqMetricsAutoConfigurationTests {

	private final ApplicationContextRunner unmeasured = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class, RqMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url())
		.withUserConfiguration(Jobs.class);

	private final ApplicationContextRunner runner = this.unmeasured.withBean(SimpleMeterRegistry.class);

	@Test
	void backsOff() {
		this.unmeasured.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobMetrics.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RqMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobMetrics.class));
	}

	@Test
	void drainRateIsThatOfAllProcesses() {
		this.runner.withPropertyValues("rq.worker.enabled=false").run((observer) -> {
			this.unmeasured.run((worker) -> {
				JobTemplate jobs = worker.getBean(JobTemplate.class);
				IntStream.range(0, 1_000).forEach((i) -> jobs.enqueue("measured.job", false));
				QueueOperations queues = worker.getBean(QueueOperations.class);
				await(() -> assertThat(queues.count("measured", Registry.FINISHED)).isEqualTo(1_000));
			});
			MeterRegistry meters = observer.getBean(MeterRegistry.class);
			await(() -> assertThat(gauge(meters, "rq.queue.drain.rate", "queue", "measured")).isBetween(1.0, 1_000.0));
		});
		this.runner.withPropertyValues("rq.history.enabled=false")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("rq.queue.drain.rate").gauges())
				.isEmpty());
	}

	@Test
	void measuresJobs() {
		this.runner.withPropertyValues("rq.worker.with-scheduler=true").run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			JobTemplate jobs = context.getBean(JobTemplate.class);
			jobs.enqueue("measured.job", false);
			jobs.enqueueIn(Duration.ofMillis(500), "measured.job", false);
			jobs.enqueue("measured.job", true);
			jobs.enqueue(JobRequest.of("no.such.function").queue("measured"));
			await(() -> {
				assertThat(timer(meters, "rq.job.execution", "queue", "measured", "job", "measured.job", "outcome",
						"finished"))
					.isEqualTo(2);
				assertThat(timer(meters, "rq.job.execution", "queue", "measured", "job", "measured.job", "outcome",
						"retried"))
					.isEqualTo(1);
				assertThat(timer(meters, "rq.job.execution", "queue", "measured", "job", "measured.job", "outcome",
						"failed"))
					.isEqualTo(1);
				assertThat(
						timer(meters, "rq.job.execution", "queue", "measured", "job", "unknown", "outcome", "failed"))
					.isEqualTo(1);
				assertThat(meters.counter("rq.job.retries", "queue", "measured", "job", "measured.job").count())
					.isEqualTo(1);
				assertThat(meters.counter("rq.job.failed", "queue", "measured", "job", "measured.job").count())
					.isEqualTo(1);
				assertThat(meters.counter("rq.job.failed", "queue", "measured", "job", "unknown").count()).isEqualTo(1);
				assertThat(meters.get("rq.scheduler.lateness").tag("queue", "measured").timer().count()).isEqualTo(1);
				assertThat(gauge(meters, "rq.scheduler.leader", "queue", "measured")).isEqualTo(1);
			});
			assertThat(meters.get("rq.job.wait").tag("queue", "measured").timer().count()).isGreaterThanOrEqualTo(4);
			assertThat(meters.get("rq.job.wait").tag("queue", "measured").timer().max(TimeUnit.SECONDS)).isLessThan(20);
			assertThat(meters.get("rq.scheduler.lateness").tag("queue", "measured").timer().max(TimeUnit.SECONDS))
				.isLessThan(10);
			await(() -> {
				assertThat(gauge(meters, "rq.queue.size", "queue", "measured", "state", "finished")).isEqualTo(2);
				assertThat(gauge(meters, "rq.queue.size", "queue", "measured", "state", "failed")).isEqualTo(2);
			});
		});
	}

	@Test
	void autoscalersFindTheNamesThatAreDocumented() throws IOException {
		Set<String> names = Pattern.compile("\\brq_[a-z_]+")
			.matcher(Files.readString(Path.of("..", "docs", "kubernetes.md")))
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toSet());
		assertThat(names).contains("rq_queue_oldest_age_seconds", "rq_queue_busy_share");
		this.unmeasured
			.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
			.run((context) -> {
				context.getBean(JobTemplate.class).enqueue("measured.job", false);
				PrometheusMeterRegistry meters = context.getBean(PrometheusMeterRegistry.class);
				await(() -> assertThat(names)
					.allSatisfy((name) -> assertThat(meters.scrape()).containsPattern("(?m)^" + name + "\\{")));
				assertThat(meters.scrape()).containsPattern("rq_queue_busy_share\\{queue=\"measured\"} [01]\\.");
				assertThat(meters.scrape()).contains("rq_queue_size{queue=\"measured\",state=\"queued\"}");
			});
	}

	@Test
	void measuresReclaimedJobs() {
		this.runner.run((context) -> {
			StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
			redis.opsForZSet().add(key("measured", "rq:wip:measured"), "00000000-0000-0000-0000-000000000000:x", 1);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			await(() -> assertThat(
					meters.counter("rq.job.reclaimed", "queue", "measured", "outcome", "dropped").count())
				.isEqualTo(1));
		});
	}

	@Test
	@OneRedis("stops a server of its own")
	void gaugesShareOneLookAndHaveNoValueWhileRedisIsAway() {
		try (TestRedis redis = TestRedis.start()) {
			this.runner
				.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.enabled=false",
						"spring.data.redis.timeout=5s")
				.run((context) -> {
					MeterRegistry meters = context.getBean(MeterRegistry.class);
					context.getBean(JobTemplate.class).enqueue("measured.job", false);
					await(() -> assertThat(gauge(meters, "rq.queue.size", "queue", "measured", "state", "queued"))
						.isEqualTo(1));
					await(() -> assertThat(gauge(meters, "rq.queue.oldest.age", "queue", "measured")).isPositive());
					assertThat(gauge(meters, "rq.worker.busy")).isZero();
					redis.pause();
					await(() -> assertThat(gauge(meters, "rq.queue.size", "queue", "measured", "state", "queued"))
						.isNaN());
					long start = System.nanoTime();
					meters.getMeters()
						.stream()
						.filter((meter) -> meter.getId().getName().startsWith("rq.queue"))
						.forEach((meter) -> meter.measure().forEach((value) -> value.getValue()));
					assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
					redis.resume();
					await(() -> assertThat(gauge(meters, "rq.queue.size", "queue", "measured", "state", "queued"))
						.isEqualTo(1));
				});
		}
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
	}

	private static long timer(MeterRegistry meters, String name, String... tags) {
		return meters.timer(name, tags).count();
	}

	private static double gauge(MeterRegistry meters, String name, String... tags) {
		return meters.get(name).tags(tags).gauge().value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "measured.job", queue = "measured", retries = 1)
		@Nullable String work(boolean fail) {
			if (fail) {
				throw new IllegalStateException("As asked");
			}
			return null;
		}

	}

}
