package io.rq.interop;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.template.JobOperations;
import io.rq.test.PythonRq;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with a Spring Boot application on one side and Python RQ on the other.
 */
abstract class AbstractApplicationWithPythonTests {

	static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PRELUDE = """
			import os, sys
			from redis import Redis
			from rq import Queue, Retry, Worker
			from rq.job import Job
			from rq.registry import *
			from rq.serializers import JSONSerializer
			connection = Redis.from_url(os.environ['REDIS_URL'])
			java = Queue('java', connection=connection, serializer=JSONSerializer)
			""";

	final PythonRq python;

	final ApplicationContextRunner application;

	private final String prelude;

	/**
	 * Creates the two sides.
	 * @param redis where they meet
	 * @param jobs the configuration or bean with the functions of Java, which works queue
	 * {@code java}
	 * @param prelude what each script of Python has beside {@code connection} and the
	 * queue {@code java}
	 * @param tasks the functions of Python, module {@code tasks}
	 */
	AbstractApplicationWithPythonTests(TestRedis redis, Class<?> jobs, String prelude, String tasks) {
		this.prelude = PRELUDE + prelude;
		this.python = new PythonRq(redis).module("tasks", tasks);
		this.application = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withUserConfiguration(jobs)
			.withPropertyValues("spring.data.redis.url=" + redis.url(),
					"spring.data.redis.client-type=" + RedisClients.name(), "rq.worker.name=java-worker",
					"rq.worker.queues=java");
	}

	@AfterEach
	void closePython() {
		this.python.close();
	}

	/** Returns what a script printed, line by line. */
	final List<String> python(String script, String... arguments) {
		return Arrays.asList(this.python.run(this.prelude + script, arguments).strip().split("\n"));
	}

	final void run(Consumer<AssertableApplicationContext> test) {
		run(this.application, test);
	}

	static void run(ApplicationContextRunner application, Consumer<AssertableApplicationContext> test) {
		application.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	static void awaitStatus(JobOperations jobs, JobStatus status, String... ids) {
		for (String id : ids) {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jobs.find(id)).get().extracting(Job::status).isEqualTo(status));
		}
	}

}
