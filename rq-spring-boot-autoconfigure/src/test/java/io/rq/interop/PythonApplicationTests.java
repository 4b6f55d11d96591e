package io.rq.interop;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.rq.annotation.RqCallback;
import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobTemplate;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with Spring Boot applications on one side and Python RQ on the other.
 */
@RedisTest
@RequiresPythonRq
class PythonApplicationTests extends AbstractApplicationWithPythonTests {

	private static final String PRELUDE = """
			from datetime import timedelta
			""";

	private final TestRedis redis;

	PythonApplicationTests(TestRedis redis) {
		super(redis, JavaJobs.class, PRELUDE, """
				import time
				def add(a, b=0):
				    return a + b
				def fail():
				    raise ValueError('bang')
				""");
		this.redis = redis;
	}

	@Test
	void javaWorksWhatPythonEnqueues() {
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<String> ids = python("""
					print(java.enqueue('order', 'A-1', items=[{'name': 'pen', 'price': 1.5}], day='2026-11-23').id)
					print(java.enqueue('order', day='2026-11-24', items=[], number='A-2').id)
					print(java.enqueue_in(timedelta(seconds=1), 'order', 'A-3', [], '2026-11-25').id)
					print(java.enqueue('flaky', 'k', retry=Retry(max=3, interval=[0, 1])).id)
					print(java.enqueue('failing', 'oh').id)
					print(java.enqueue('slow', job_timeout=1).id)
					print(java.enqueue('order', 1, 2, 3, 4).id)
					print(java.enqueue('nowhere').id)
					""");
			for (String id : ids.subList(0, 4)) {
				awaitStatus(jobs, JobStatus.FINISHED, id);
			}
			for (String id : ids.subList(4, 8)) {
				awaitStatus(jobs, JobStatus.FAILED, id);
			}
			assertThat(python("for id in '%s'.split():\n    print(Job.fetch(id, connection, JSONSerializer).result)"
				.formatted(String.join(" ", ids.subList(0, 3)))))
				.containsExactly("A-1: 1 on MONDAY", "A-2: 0 on TUESDAY", "A-3: 0 on WEDNESDAY");
			assertThat(jobs.results(ids.get(3))).extracting(JobResult::type)
				.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED, JobResult.Type.RETRIED);
			assertThat(String.join("\n", python("""
					for id in '%s'.split():
					    print(Job.fetch(id, connection, JSONSerializer).exc_info)
					""".formatted(String.join(" ", ids.subList(4, 8)))))).contains("IllegalStateException: oh",
					"JobTimeoutException: Task exceeded maximum timeout value (1 seconds)", "'order'",
					"No handler is named 'nowhere'");
		});
	}

	@Test
	void pythonSeesWhatJavaDoes() {
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job finished = jobs.enqueue(JavaJobs::order, "A-1", List.<Item>of(), LocalDate.of(2026, 11, 23));
			Job failed = jobs.enqueue(JavaJobs::failing, "oh");
			Job later = jobs.enqueueIn(Duration.ofHours(1), JavaJobs::failing, "later");
			awaitStatus(jobs, JobStatus.FINISHED, finished.id());
			awaitStatus(jobs, JobStatus.FAILED, failed.id());
			List<String> seen = python("""
					print(Job.fetch('%1$s', connection, JSONSerializer).get_status())
					print(Job.fetch('%1$s', connection, JSONSerializer).args)
					print(FinishedJobRegistry(queue=java).get_job_ids())
					print(FailedJobRegistry(queue=java).get_job_ids())
					print(ScheduledJobRegistry(queue=java).get_job_ids())
					print([worker.name for worker in Worker.all(connection)])
					print([worker.queue_names() for worker in Worker.all(connection)])
					print(Worker.all(connection)[0].successful_job_count, Worker.all(connection)[0].failed_job_count)
					""".formatted(finished.id()));
			assertThat(seen).containsExactly("finished", "['A-1', [], '2026-11-23']", "['" + finished.id() + "']",
					"['" + failed.id() + "']", "['" + later.id() + "']", "['java-worker']", "[['java']]", "1 1");
			await().atMost(PATIENCE)
				.until(() -> context.getBean(SchedulerContainer.class).state().queues().get(0).leader());
			// up to RQ 2.10 the name in the lock
			assertThat(python("print(java.scheduler_pid)")).singleElement()
				.asString()
				.matches("[1-9][0-9]{17}|" + ProcessHandle.current().pid());
			assertThat(String.join("\n", python("""
					import sys
					from rq.cli import main
					sys.argv = ['rq', 'info', '-u', os.environ['REDIS_URL']]
					main()
					"""))).contains("java", "1 workers, 1 queues");
		});
	}

	@Test
	void pythonWorksWhatJavaEnqueuesAndSchedules() {
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job sum = jobs.enqueue(JobRequest.of("tasks.add", 1).kwargs(Map.of("b", 2)).queue("python"));
			Job soon = jobs.enqueue(JobRequest.of("tasks.add", 40, 2).queue("python").in(Duration.ofMillis(1_500)));
			Job fails = jobs.enqueue(JobRequest.of("tasks.fail").queue("python").retry(Retry.max(1).intervals(1)));
			this.python.startWorker("--with-scheduler", "python");
			awaitStatus(jobs, JobStatus.FINISHED, sum.id());
			awaitStatus(jobs, JobStatus.FINISHED, soon.id());
			awaitStatus(jobs, JobStatus.FAILED, fails.id());
			assertThat(jobs.result(sum.id(), Integer.class)).contains(3);
			assertThat(jobs.result(soon.id(), Integer.class)).contains(42);
			assertThat(jobs.results(fails.id()).get(0).exception()).contains("ValueError: bang");
		});
	}

	@Test
	void callbacksOfJobsFromPythonAreCalledByJavaAndTheOtherWayRound() {
		JavaJobs.told.clear();
		this.python.module("callbacks", """
				def succeeded(job, connection, result):
				    connection.rpush('python-heard', '%s returned %s' % (job.id, result))
				def failed(job, connection, type, value, traceback):
				    connection.rpush('python-heard', '%s threw %s' % (job.id, value))
				""");
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			python("""
					import callbacks
					java.enqueue('failing', 'oh', job_id='bad', on_success=callbacks.succeeded, on_failure=callbacks.failed)
					java.enqueue('flaky', 'k', job_id='good', retry=Retry(max=3), on_success=callbacks.succeeded)
					""");
			awaitStatus(jobs, JobStatus.FAILED, "bad");
			awaitStatus(jobs, JobStatus.FINISHED, "good");
			assertThat(JavaJobs.told).containsExactlyInAnyOrder("bad threw oh", "good returned k");
			jobs.enqueue(JobRequest.of("tasks.add", 1, 2)
				.id("sum")
				.queue("python")
				.onSuccess("callbacks.succeeded")
				.onFailure("callbacks.failed"));
			jobs.enqueue(JobRequest.of("tasks.fail").id("fail").queue("python").onFailure("callbacks.failed"));
			this.python.startWorker("--burst", "python");
			awaitStatus(jobs, JobStatus.FINISHED, "sum");
			awaitStatus(jobs, JobStatus.FAILED, "fail");
			assertThat(this.redis.state().list("python-heard")).containsExactly("sum returned 3", "fail threw bang");
		});
	}

	/** W38. */
	@Test
	void aPickledJobIsFailedWithTheReasonAndTheNextOneRuns() {
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			List<String> ids = python("""
					print(Queue('java', connection=connection).enqueue('failing', 'pickled').id)
					print(java.enqueue('order', 'A-1', [], '2026-11-23').id)
					""");
			awaitStatus(jobs, JobStatus.FAILED, ids.get(0));
			awaitStatus(jobs, JobStatus.FINISHED, ids.get(1));
			assertThat(jobs.results(ids.get(0)).get(0).exception()).contains("pickle", "'rq.serializer' to 'auto'",
					"JSONSerializer");
			assertThat(python("print(Job.fetch('%s', connection).args)".formatted(ids.get(0))))
				.containsExactly("('pickled',)");
		});
	}

	@Test
	void javaAndPythonWorkersShareAQueue() {
		JavaJobs.shared.clear();
		this.python.module("shared", """
				import os
				from redis import Redis
				def mark(number):
				    Redis.from_url(os.environ['REDIS_URL']).rpush('python-did', number)
				    return 'python'
				""");
		run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			PythonRq.Worker worker = this.python.startWorker("java");
			List<JobRequest> requests = new ArrayList<>();
			for (int i = 0; i < 150; i++) {
				requests.add(JobRequest.of("shared.mark", i).queue("java"));
			}
			List<Job> enqueued = jobs.enqueueAll(requests);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(enqueued)
					.allMatch((job) -> jobs.find(job.id()).orElseThrow().status() == JobStatus.FINISHED));
			List<Integer> all = new ArrayList<>(JavaJobs.shared);
			if (this.redis.state().keys().containsKey("python-did")) {
				this.redis.state().list("python-did").forEach((number) -> all.add(Integer.valueOf(number)));
			}
			assertThat(all).as(worker.output()).doesNotHaveDuplicates().hasSize(150);
		});
	}

	record Item(String name, double price) {

	}

	/**
	 * The functions that Python calls by their names.
	 */
	static class JavaJobs {

		static final List<Integer> shared = Collections.synchronizedList(new ArrayList<>());

		static final List<String> told = Collections.synchronizedList(new ArrayList<>());

		private int failures;

		@RqCallback(name = "callbacks.succeeded")
		void succeeded(Job job, String result) {
			told.add(job.id() + " returned " + result);
		}

		@RqCallback(name = "callbacks.failed")
		void failed(Throwable failure, Job job) {
			told.add(job.id() + " threw " + failure.getMessage());
		}

		@RqJob(name = "order", queue = "java")
		String order(String number, List<Item> items, LocalDate day) {
			return number + ": " + items.size() + " on " + day.getDayOfWeek();
		}

		@RqJob(name = "flaky", queue = "java")
		synchronized String flaky(String key) {
			if (this.failures++ < 2) {
				throw new IllegalStateException("not yet");
			}
			return key;
		}

		@RqJob(name = "failing", queue = "java")
		void failing(String message) {
			throw new IllegalStateException(message);
		}

		@RqJob(name = "slow", queue = "java")
		@Nullable Object slow() throws InterruptedException {
			TimeUnit.MINUTES.sleep(1);
			return null;
		}

		@RqJob(name = "shared.mark", queue = "java")
		void mark(int number) throws InterruptedException {
			shared.add(number);
			TimeUnit.MILLISECONDS.sleep(100);
		}

	}

}
