package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.redis.KeyLayout;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RqConnections} in an application.
 */
@RedisTest
class RqConnectionsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.with-scheduler=true");

	private static void finishes(ApplicationContext context, Job job) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> context.getBean(JobTemplate.class)
				.find(job.id())
				.orElseThrow()
				.status() == JobStatus.FINISHED);
	}

	@Test
	void jobsThatUseUpTheConnectionsOfTheApplicationRunOnce() {
		this.runner
			.withPropertyValues("spring.data.redis.jedis.pool.max-active=2", "spring.data.redis.timeout=6s",
					"rq.worker.lease=2s", "rq.worker.heartbeat-interval=500ms", "rq.worker.maintenance-interval=300ms")
			.run((context) -> {
				JobTemplate jobs = context.getBean(JobTemplate.class);
				Job[] all = { jobs.enqueue(Jobs::block), jobs.enqueue(Jobs::block), jobs.enqueue(Jobs::block) };
				for (Job job : all) {
					finishes(context, job);
				}
				assertThat(context.getBean(Jobs.class).runs).hasValue(3);
			});
	}

	@Test
	void smallestPoolIsEnoughForManyQueues() {
		String queues = IntStream.range(0, 12).mapToObj((i) -> "q" + i).collect(Collectors.joining(","));
		this.runner.withPropertyValues("spring.data.redis.jedis.pool.max-active=1", "rq.worker.queues=" + queues)
			.run((context) -> {
				Job job = context.getBean(JobTemplate.class).enqueue(Jobs::last);
				finishes(context, job);
			});
	}

	@Test
	void thoseToAClusterThatCannotBeCopiedAreRefused() {
		RedisClusterConfiguration cluster = new RedisClusterConfiguration(List.of("localhost:6379"));
		RqConnections connections = new RqConnections(new LettuceConnectionFactory(cluster) {
		}, KeyLayout.tagged("rq"), Listeners.none());
		assertThatExceptionOfType(InvalidRqConfigurationException.class).isThrownBy(connections::application)
			.withMessageContaining("Redis Cluster")
			.withMessageContaining("cannot be copied");
	}

	@Test
	void stopAndStartWithTheContext() {
		this.runner.run((context) -> {
			finishes(context, context.getBean(JobTemplate.class).enqueue(Jobs::run));
			((ConfigurableApplicationContext) context).stop();
			((ConfigurableApplicationContext) context).start();
			finishes(context, context.getBean(JobTemplate.class).enqueue(Jobs::run));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs testJobs(StringRedisTemplate redis) {
			return new Jobs(redis);
		}

	}

	static class Jobs {

		private final StringRedisTemplate redis;

		private final AtomicInteger runs = new AtomicInteger();

		Jobs(StringRedisTemplate redis) {
			this.redis = redis;
		}

		@RqJob
		void block() {
			this.runs.incrementAndGet();
			this.redis.opsForList().leftPop("nothing-ever", Duration.ofSeconds(5));
		}

		@RqJob
		void run() {
			this.runs.incrementAndGet();
		}

		@RqJob(queue = "q11")
		void last() {
			this.runs.incrementAndGet();
		}

	}

}
