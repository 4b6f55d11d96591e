package io.rq.interop;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.queue.ExecutionId;
import io.rq.queue.RegisteredWorker;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.template.WorkerOperations;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of commands between the languages: sent by RQ's own functions to a Java worker,
 * and by Java to a Python worker.
 */
@RedisTest
@RequiresPythonRq
@Timeout(120)
class CommandsWithPythonTests extends AbstractApplicationWithPythonTests {

	private static final String PRELUDE = """
			from rq.command import send_kill_horse_command, send_shutdown_command, send_stop_job_command
			""";

	private static final BlockingQueue<String> started = new LinkedBlockingQueue<>();

	private final StringRedisTemplate template;

	CommandsWithPythonTests(TestRedis redis) {
		super(redis, JavaJobs.class, PRELUDE, """
				import os, time
				from redis import Redis
				def wait():
				    Redis.from_url(os.environ['REDIS_URL']).set('waiting', '1')
				    time.sleep(120)
				def brief():
				    Redis.from_url(os.environ['REDIS_URL']).set('waiting', '1')
				    time.sleep(3)
				def stopped(job, connection):
				    # a kill of the worker's process group shall spare the tests
				    os.setpgrp()
				    time.sleep(3)
				""");
		started.clear();
		this.template = new StringRedisTemplate(redis.connectionFactory());
	}

	/** Enqueues a job for Java, and waits until it runs and its worker listens. */
	private Job running(JobOperations jobs, JobRequest request) {
		Job job = jobs.enqueue(request);
		await().atMost(PATIENCE).until(() -> started.poll(1, TimeUnit.SECONDS) != null);
		await().atMost(PATIENCE)
			.until(() -> this.template.execute((connection) -> connection.publish(bytes("rq:pubsub:java-worker"),
					bytes("{\"command\": \"stop-job\", \"job_id\": \"x\"}")), false) == 1);
		return job;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void pythonStopsAJobOfAJavaWorker() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = running(jobs, JobRequest.of("wait").retry(Retry.max(2)));
			python("send_stop_job_command(connection, sys.argv[1], serializer=JSONSerializer)", job.id());
			awaitStatus(jobs, JobStatus.STOPPED, job.id());
			assertThat(python("""
					job = Job.fetch(sys.argv[1], connection=connection, serializer=JSONSerializer)
					failed = FailedJobRegistry('java', connection=connection, serializer=JSONSerializer)
					print(job.is_stopped, job.latest_result().type.value, job.latest_result().exc_string,
					      job.id in failed.get_job_ids())
					""", job.id())).containsExactly("True 2 Job stopped by user, work-horse terminated. True");
		});
	}

	@Test
	void pythonKillsTheRunsOfAJavaWorker() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = running(jobs, JobRequest.of("wait"));
			python("send_kill_horse_command(connection, 'java-worker')");
			awaitStatus(jobs, JobStatus.FAILED, job.id());
			assertThat(jobs.results(job.id()).get(0).exception()).contains("Work-horse terminated unexpectedly");
		});
	}

	@Test
	void pythonShutsAJavaWorkerDown() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = running(jobs, JobRequest.of("brief"));
			python("send_shutdown_command(connection, 'java-worker')");
			WorkerContainer worker = context.getBean(WorkerContainer.class);
			await().atMost(PATIENCE).until(() -> !worker.isRunning());
			assertThat(jobs.find(job.id())).get().extracting(Job::status).isEqualTo(JobStatus.FINISHED);
			assertThat(python("print(Worker.all(connection=connection))")).containsExactly("[]");
		});
	}

	@Test
	void javaShutsWorkersOfBothLanguagesDownWarm() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			WorkerOperations workers = context.getBean(WorkerOperations.class);
			Job java = running(jobs, JobRequest.of("brief"));
			assertThat(workers.shutdown("java-worker", PATIENCE)).isTrue();
			assertThat(jobs.find(java.id())).get().extracting(Job::status).isEqualTo(JobStatus.FINISHED);
			assertThat(workers.shutdown("java-worker", PATIENCE)).isFalse();
			PythonRq.Worker worker = this.python.startWorker("python");
			Job python = jobs.enqueue(JobRequest.of("tasks.brief").queue("python"));
			await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(this.template.hasKey("waiting")));
			String name = python("print(Worker.all(connection=connection)[0].name)").get(0);
			assertThat(workers.shutdown(name, PATIENCE)).isTrue();
			assertThat(jobs.find(python.id())).get().extracting(Job::status).isEqualTo(JobStatus.FINISHED);
			worker.stop();
		});
	}

	@Test
	void workersOfBothLanguagesAreCountedAlike() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			WorkerOperations workers = context.getBean(WorkerOperations.class);
			PythonRq.Worker worker = this.python.startWorker("python");
			Job job = jobs.enqueue(JobRequest.of("tasks.wait").queue("python"));
			await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(this.template.hasKey("waiting")));
			assertThat(workers.all("java")).extracting(RegisteredWorker::name).containsExactly("java-worker");
			RegisteredWorker python = workers.all("python").get(0);
			assertThat(workers.find(python.name())).contains(python);
			assertThat(python("""
					from rq import Queue
					def count(name):
					    return Worker.count(queue=Queue(name, connection=connection))
					print(Worker.count(connection=connection), count('java'), count('python'))
					""")).containsExactly("2 1 1")
				.containsExactly("%d %d %d".formatted(workers.count(), workers.count("java"), workers.count("python")));
			assertThat(context.getBean(QueueOperations.class).executionIds("python", 0, 10))
				.extracting(ExecutionId::jobId)
				.containsExactly(job.id());
			jobs.stop(job.id(), PATIENCE);
			worker.stop();
			await().atMost(PATIENCE).until(() -> workers.count() == 1);
		});
	}

	@Test
	void javaStopsAJobOfAPythonWorker() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			PythonRq.Worker worker = this.python.startWorker("python");
			Job job = jobs.enqueue(JobRequest.of("tasks.wait").queue("python").retry(Retry.max(2)));
			await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(this.template.hasKey("waiting")));
			jobs.stop(job.id(), PATIENCE);
			assertThat(jobs.find(job.id())).get().extracting(Job::status).isEqualTo(JobStatus.STOPPED);
			assertThat(jobs.results(job.id())).extracting(JobResult::exception)
				.containsExactly("Job stopped by user, work-horse terminated.");
			assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> jobs.stop(job.id()));
			worker.stop();
		});
	}

	/** W31. */
	@Test
	@RequiresPythonRq(since = "1.14")
	void aPythonWorkerThatTakesLongToRecordAStopSurvivesIt() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			PythonRq.Worker worker = this.python.startWorker("python");
			Job job = jobs.enqueue(JobRequest.of("tasks.wait").queue("python").onStopped("tasks.stopped"));
			await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(this.template.hasKey("waiting")));
			assertThat(jobs.stop(job.id(), PATIENCE)).isTrue();
			assertThat(jobs.find(job.id())).get().extracting(Job::status).isEqualTo(JobStatus.STOPPED);
			Job next = jobs.enqueue(JobRequest.of("tasks.brief").queue("python"));
			awaitStatus(jobs, JobStatus.FINISHED, next.id());
			assertThat(worker.process().isAlive()).isTrue();
			worker.stop();
		});
	}

	@Test
	void pythonSeesWhereAJavaWorkerIsAndWhatItRuns() {
		run((context) -> {
			JobOperations jobs = context.getBean(JobOperations.class);
			Job job = running(jobs, JobRequest.of("wait"));
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(python("""
					worker = Worker.all(connection=connection)[0]
					print(worker.get_current_job_id(), worker.ip_address != 'unknown')
					""")).containsExactly(job.id() + " True"));
			jobs.stop(job.id());
			assertThat(python("print(Worker.all(connection=connection)[0].get_current_job_id())"))
				.containsExactly("None");
		});
	}

	static class JavaJobs {

		@RqJob(name = "wait", queue = "java")
		void await(JobContext context) throws InterruptedException {
			started.add(context.job().id());
			new CountDownLatch(1).await();
		}

		@RqJob(name = "brief", queue = "java")
		void brief(JobContext context) throws InterruptedException {
			started.add(context.job().id());
			new CountDownLatch(1).await(3, TimeUnit.SECONDS);
		}

	}

}
