package io.rq.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqJob;
import io.rq.cron.CronJob;
import io.rq.cron.CronOperations;
import io.rq.cron.Schedule;
import io.rq.handler.CallbackEvent;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Webhook;
import io.rq.template.JobTemplate;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for callbacks and webhooks of jobs that do not come from a plain enqueue.
 */
@RedisTest
class HooksTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final HttpServer server;

	private final ApplicationContextRunner runner;

	HooksTests(TestRedis redis) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withBean(Jobs.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.webhooks.enabled=true",
					"rq.webhooks.allowed=127.0.0.1");
	}

	@BeforeEach
	void start() {
		this.server.createContext("/", (exchange) -> {
			this.received.add(exchange.getRequestURI().toString());
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	private JobRequest request(String function) {
		String url = "http://127.0.0.1:" + this.server.getAddress().getPort() + "/" + function;
		return JobRequest.of("hooks." + function)
			.onSuccess("hooks.note")
			.onFailure("hooks.note")
			.onStopped("hooks.note")
			.webhooks(Webhook.post(url + "/finished"), Webhook.post(url + "/failed").on(JobStatus.FAILED));
	}

	private void awaitAll(Jobs told) {
		await().atMost(PATIENCE).until(() -> told.events.size() >= 3 && this.received.size() >= 2);
		assertThat(told.events).containsExactlyInAnyOrder("hooks.add FINISHED 3", "hooks.fail FAILED null",
				"hooks.endless STOPPED null");
		assertThat(this.received).containsExactlyInAnyOrder("/add/finished", "/fail/failed");
	}

	@Test
	void jobsOfOneCallTellOfTheirEnds() {
		this.runner.run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<Job> all = jobs.enqueueAll(List.of(request("add"), request("fail"), request("endless")));
			Jobs told = context.getBean(Jobs.class);
			told.begun.await();
			jobs.stop(all.get(2).id());
			awaitAll(told);
		});
	}

	@Test
	void jobsOfCronTellOfTheirEnds() {
		this.runner.withBean("add", CronJob.class, () -> cron("add"))
			.withBean("fail", CronJob.class, () -> cron("fail"))
			.withBean("endless", CronJob.class, () -> cron("endless"))
			.run((context) -> {
				CronOperations cron = context.getBean(CronOperations.class);
				cron.trigger("add");
				cron.trigger("fail");
				String endless = cron.trigger("endless");
				Jobs told = context.getBean(Jobs.class);
				told.begun.await();
				context.getBean(JobTemplate.class).stop(endless);
				awaitAll(told);
			});
	}

	private CronJob cron(String function) {
		return CronJob.of(function, request(function), Schedule.cron("@yearly"));
	}

	@Test
	void occurrencesOfCronTellOfTheirEnds() {
		this.runner.withBean(CronJob.class, () -> CronJob.of("add", request("add"), Schedule.cron("* * * * * *")))
			.run((context) -> {
				Jobs told = context.getBean(Jobs.class);
				await().atMost(PATIENCE).until(() -> told.events.size() >= 2 && this.received.size() >= 2);
				assertThat(told.events).containsOnly("hooks.add FINISHED 3");
				assertThat(this.received).containsOnly("/add/finished");
			});
	}

	@Test
	void jobsThatRunOnTheThreadOfTheirCallerTellOfTheirEnds() {
		this.runner.withPropertyValues("rq.template.inline=true").run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Jobs told = context.getBean(Jobs.class);
			assertThat(jobs.enqueue(request("add")).status()).isEqualTo(JobStatus.FINISHED);
			assertThat(told.events).containsExactly("hooks.add FINISHED 3");
			assertThat(jobs.enqueue(request("fail")).status()).isEqualTo(JobStatus.FAILED);
			assertThat(told.events).containsExactly("hooks.add FINISHED 3", "hooks.fail FAILED null");
			assertThat(told.threads).containsOnly(Thread.currentThread());
			await().atMost(PATIENCE).until(() -> this.received.size() >= 2);
			assertThat(this.received).containsExactlyInAnyOrder("/add/finished", "/fail/failed");
		});
	}

	/**
	 * Functions and their callback.
	 */
	static class Jobs {

		final List<String> events = new CopyOnWriteArrayList<>();

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		final CountDownLatch begun = new CountDownLatch(1);

		@RqJob(name = "hooks.add")
		int add() {
			return 3;
		}

		@RqJob(name = "hooks.fail")
		void fail() {
			throw new IllegalStateException("It is no use");
		}

		@RqJob(name = "hooks.endless")
		void endless() throws InterruptedException {
			this.begun.countDown();
			new CountDownLatch(1).await();
		}

		@RqCallback(name = "hooks.note")
		void note(CallbackEvent event) {
			this.events.add(event.run().function() + " " + event.outcome() + " " + event.result());
			this.threads.add(Thread.currentThread());
		}

	}

}
