package io.rq.interop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.job.JobRequest;
import io.rq.operations.JobArguments;
import io.rq.operations.Operation;
import io.rq.operations.QueueDescriptor;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that Python's RQ counts the same as we do after each operation.
 */
@RedisTest
@RequiresPythonRq
class OperationsWithPythonTests {

	private static final String COUNT = """
			import os, sys
			from redis import Redis
			from rq import Queue
			from rq.cli import main
			connection = Redis.from_url(os.environ['REDIS_URL'])
			for queue in Queue.all(connection=connection):
			    for registry in ('started', 'scheduled', 'deferred', 'finished', 'failed', 'canceled'):
			        print(queue.name, registry, getattr(queue, registry + '_job_registry').count)
			sys.argv = ['rq', 'info', '--raw', '--url', os.environ['REDIS_URL']]
			main()
			""";

	private static final Pattern REGISTRY = Pattern.compile("(?m)^(\\w+) (\\w+) (\\d+)(,.*)?$");

	private static CountDownLatch release = new CountDownLatch(1);

	private final PythonRq python;

	private final ApplicationContextRunner runner;

	OperationsWithPythonTests(TestRedis redis) {
		release = new CountDownLatch(1);
		this.python = new PythonRq(redis);
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withUserConfiguration(Jobs.class)
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=mail", "rq.worker.name=ada");
	}

	@AfterEach
	void end() {
		release.countDown();
		this.python.close();
	}

	@ParameterizedTest
	@EnumSource
	void pythonCountsTheSame(Operation operation) {
		this.runner.run((context) -> {
			RqOperations operations = context.getBean(RqOperations.class);
			prepare(context);
			assertThat(counts(operations)).isEqualTo(python()).hasSize(3 * 7);
			Map<String, Long> before = counts(operations);
			carryOut(operation, operations);
			Map<String, Long> after = counts(operations);
			assertThat(after).isEqualTo(python());
			switch (operation) {
				case READ, PAUSE_QUEUE, RESUME_QUEUE, PAUSE_CRON, RESUME_CRON, SUSPEND, RESUME, EDIT, RESCHEDULE, UNDO,
						STACK ->
					assertThat(after).isEqualTo(before);
				default -> assertThat(after).isNotEqualTo(before);
			}
			release.countDown();
		});
	}

	/**
	 * Jobs in each state: on the worker's queue one that has failed and one that runs.
	 */
	private static void prepare(ApplicationContext context) {
		JobTemplate jobs = context.getBean(JobTemplate.class);
		QueueOperations queues = context.getBean(QueueOperations.class);
		jobs.enqueue(JobRequest.of("mail.send", 0).id("finished").queue("mail"));
		jobs.enqueue(JobRequest.of("mail.send", -1).id("failed").queue("mail"));
		await().until(() -> queues.count("mail", Registry.FINISHED) == 1 && queues.count("mail", Registry.FAILED) == 1);
		jobs.enqueue(JobRequest.of("mail.send", 1).id("running").queue("mail"));
		await().until(() -> queues.count("mail", Registry.STARTED) == 1);
		jobs.enqueue(JobRequest.of("paper.print", 1).id("waiting").queue("paper"));
		jobs.enqueue(JobRequest.of("paper.print", 1).id("other").queue("paper"));
		jobs.enqueue(JobRequest.of("paper.print", 1).id("dependent").queue("paper").dependsOn("waiting"));
		jobs.enqueue(JobRequest.of("paper.print", 1).id("later").queue("paper").in(Duration.ofHours(5)));
		jobs.enqueue(JobRequest.of("paper.print", 1).id("canceled").queue("shelf"));
		jobs.cancel("canceled");
	}

	private static void carryOut(Operation operation, RqOperations operations) {
		switch (operation) {
			case READ -> assertThat(operations.job("waiting")).isPresent();
			case ENQUEUE -> operations.enqueue(JobRequest.of("paper.print").queue("paper"));
			case REQUEUE -> assertThat(operations.requeue("canceled", true)).isTrue();
			case RUN_NOW -> assertThat(operations.runNow("later", true)).isTrue();
			case RESCHEDULE -> assertThat(operations.reschedule("later", Instant.now().plusSeconds(900))).isTrue();
			case RUN_AGAIN -> assertThat(operations.runAgain("canceled")).isPresent();
			case CANCEL -> assertThat(operations.cancel("waiting", true)).isTrue();
			case STOP -> assertThat(operations.stop("running")).isTrue();
			case MOVE -> assertThat(operations.move("waiting", "shelf")).isTrue();
			case EDIT -> assertThat(operations.edit("waiting", new JobArguments(List.of(2), Map.of()))).isTrue();
			case DELETE -> assertThat(operations.delete("waiting", true)).isTrue();
			case STACK -> assertThat(operations.stack("running")).hasValueSatisfying((stack) -> {
				assertThat(stack.worker()).isEqualTo("ada");
				assertThat(stack.frames())
					.anyMatch((frame) -> frame.contains(OperationsWithPythonTests.class.getName()));
			});
			case UNDO -> {
				assertThat(operations.delete("waiting", false)).isTrue();
				assertThat(operations.undo("waiting")).isTrue();
			}
			case EMPTY -> assertThat(operations.empty("paper")).isEqualTo(2);
			case PAUSE_QUEUE -> operations.pauseQueue("paper", "a test");
			case RESUME_QUEUE -> operations.resumeQueue("paper");
			case SUSPEND -> operations.suspend(Duration.ofMinutes(1));
			case RESUME -> operations.resume();
			case TRIGGER_CRON -> operations.triggerCron("nightly");
			case PAUSE_CRON -> operations.pauseCron("nightly", "a test");
			case RESUME_CRON -> operations.resumeCron("nightly");
			case STOP_WORKER -> {
				release.countDown();
				assertThat(operations.stopWorker("ada")).isTrue();
			}
			default -> throw new IllegalStateException("How is " + operation + " done?");
		}
	}

	private static Map<String, Long> counts(RqOperations operations) {
		Map<String, Long> counts = new TreeMap<>();
		for (String name : List.of("mail", "paper", "shelf")) {
			QueueDescriptor queue = operations.queue(name).orElseThrow().queue();
			counts.put(name + " queued", queue.queued());
			counts.put(name + " started", queue.started());
			counts.put(name + " scheduled", queue.scheduled());
			counts.put(name + " deferred", queue.deferred());
			counts.put(name + " finished", queue.finished());
			counts.put(name + " failed", queue.failed());
			counts.put(name + " canceled", queue.canceled());
		}
		return counts;
	}

	private Map<String, Long> python() {
		Map<String, Long> counts = new TreeMap<>();
		REGISTRY.matcher(this.python.run(COUNT)).results().forEach((line) -> {
			boolean info = line.group(1).equals("queue");
			counts.put(info ? line.group(2) + " queued" : line.group(1) + " " + line.group(2),
					Long.parseLong(line.group(3)));
		});
		return counts;
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@RqJob(name = "mail.send", queue = "mail")
		void send(int what) throws InterruptedException {
			if (what < 0) {
				throw new IllegalStateException("no luck");
			}
			if (what > 0) {
				release.await(60, TimeUnit.SECONDS);
			}
		}

		@Bean
		CronJob nightly() {
			return CronJob.of("nightly", JobRequest.of("paper.print", 1).queue("shelf"),
					Schedule.every(Duration.ofDays(1)));
		}

	}

}
