package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RateLimited;
import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs with rate limits in an application, with its worker and scheduler.
 */
@RedisTest
class RateLimitedApplicationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
				RqAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.redis.url=" + TestRedis.shared().url(), "rq.worker.with-scheduler=true",
				"rq.worker.maintenance-interval=1h");

	@Test
	void methodsBeginNoMoreOftenThanTheLimitAllowsAndAsSoonAsItDoes() {
		this.runner.run((context) -> {
			RateLimit limit = RateLimit.key("api").limit(2, Duration.ofSeconds(1));
			long before = System.nanoTime();
			context.getBean(JobTemplate.class)
				.enqueueAll(
						IntStream.range(0, 6).mapToObj((i) -> JobRequest.of(Jobs::begin, i).rateLimit(limit)).toList());
			List<Long> begun = context.getBean(Jobs.class).begun;
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> begun.size() == 6);
			assertThat(Duration.ofNanos(begun.get(2) - before)).isBetween(Duration.ofSeconds(1),
					Duration.ofSeconds(10));
			assertThat(Duration.ofNanos(begun.get(4) - before)).isBetween(Duration.ofSeconds(2),
					Duration.ofSeconds(20));
			List<Integer> order = context.getBean(Jobs.class).order;
			assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(0, 1);
			assertThat(order.subList(2, 4)).containsExactlyInAnyOrder(2, 3);
		});
	}

	@Test
	void annotatedMethodHasItsLimitAndARequestItsOwn() {
		this.runner.withPropertyValues("rq.worker.enabled=false").run((context) -> {
			JobTemplate template = context.getBean(JobTemplate.class);
			RateLimit declared = RateLimit.key("sms").limit(100, Duration.ofMinutes(1)).burst(5);
			RateLimit other = RateLimit.key("api").concurrency(3);
			assertThat(template.enqueue(JobRequest.of(Jobs::send)).rateLimit()).isEqualTo(declared);
			assertThat(template.enqueue(JobRequest.of(Jobs::send).group("g")).rateLimit()).isEqualTo(declared);
			Job job = template.enqueue(JobRequest.of(Jobs::send).group("g").rateLimit(other));
			assertThat(job.rateLimit()).isEqualTo(other);
			assertThat(template.find(job.id()).orElseThrow().rateLimit()).isEqualTo(other);
			assertThat(template.enqueue(JobRequest.of(Jobs::run)).rateLimit()).isNull();
		});
	}

	@Test
	void noMoreMethodsRunAtATimeThanTheLimitAllows() {
		this.runner.run((context) -> {
			context.getBean(JobTemplate.class)
				.enqueueAll(IntStream.range(0, 30)
					.mapToObj((i) -> JobRequest.of(Jobs::run).rateLimit(RateLimit.key("api").concurrency(3)))
					.toList());
			Jobs jobs = context.getBean(Jobs.class);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> jobs.done.get() == 30);
			assertThat(jobs.most.get()).isBetween(1, 3);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

	}

	static class Jobs {

		final List<Long> begun = new CopyOnWriteArrayList<>();

		final List<Integer> order = new CopyOnWriteArrayList<>();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final AtomicInteger done = new AtomicInteger();

		@RqJob(queue = "limited")
		synchronized void begin(int number) {
			this.begun.add(System.nanoTime());
			this.order.add(number);
		}

		@RqJob(queue = "sms", rateLimit = @RateLimited(key = "sms", limit = 100, per = "1m", burst = 5))
		void send() {
		}

		@RqJob(queue = "limited")
		void run() {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			Thread.yield();
			this.running.decrementAndGet();
			this.done.incrementAndGet();
		}

	}

}
