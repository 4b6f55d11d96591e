package io.rq.explain;

import java.time.Duration;
import java.util.function.BiConsumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.template.JobOperations;
import io.rq.test.PythonRq;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Has jobs explained that Python enqueues, works on or loses.
 */
@RedisTest
@RequiresPythonRq
@Timeout(180)
class JobExplainerWithPythonTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PRELUDE = """
			import os, sys
			from redis import Redis
			from rq import Queue
			from rq.job import Dependency, Job, JobStatus
			from rq.registry import DeferredJobRegistry
			from rq.serializers import JSONSerializer
			connection = Redis.from_url(os.environ['REDIS_URL'])
			queue = Queue('python', connection=connection, serializer=JSONSerializer)

			""";

	private final StringRedisTemplate template;

	private final PythonRq python;

	private final ApplicationContextRunner application;

	JobExplainerWithPythonTests(TestRedis redis) {
		this.template = new StringRedisTemplate(redis.connectionFactory());
		this.python = new PythonRq(redis).module("tasks", """
				import os, time
				from redis import Redis
				def add(a, b):
				    return a + b
				def fail(text):
				    raise ValueError(text + '\\nand more')
				def wait():
				    Redis.from_url(os.environ['REDIS_URL']).set('waiting', '1')
				    time.sleep(120)
				""");
		this.application = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url(),
					"spring.data.redis.client-type=" + RedisClients.name(), "rq.default-queue=python",
					"rq.worker.enabled=false");
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	private void run(BiConsumer<JobOperations, JobExplainer> test) {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(JobOperations.class), context.getBean(JobExplainer.class));
		});
	}

	private static Explanation ended(JobOperations jobs, JobExplainer explainer, JobRequest request, JobStatus status) {
		String id = jobs.enqueue(request).id();
		// RQ writes a retry's status before it enters the job into its registry
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(explainer.explain(id)).returns(status, Explanation::state)
				.doesNotReturn(Cause.ASTRAY, Explanation::cause));
		return explainer.explain(id);
	}

	@Test
	void jobsThatAPythonWorkerHasEnded() {
		run((jobs, explainer) -> {
			this.python.startWorker("python");
			Explanation explanation = ended(jobs, explainer, JobRequest.of("tasks.add", 1, 2), JobStatus.FINISHED);
			assertThat(explanation.cause()).isEqualTo(Cause.FINISHED);
			assertThat(explanation.evidence()).containsKey("worker");
			explanation = ended(jobs, explainer, JobRequest.of("tasks.fail", "bang"), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.FAILED);
			assertThat(explanation.evidence()).containsEntry("failure", "ValueError: bang")
				.containsEntry("failureClass", "ValueError");
			explanation = ended(jobs, explainer, JobRequest.of("tasks.add", 1), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.ARGUMENTS_NOT_BOUND);
			assertThat(explanation.text()).contains(
					"its arguments do not fit the function 'tasks.add': add() missing 1 required positional argument");
			explanation = ended(jobs, explainer, JobRequest.of("tasks.add", 1, "b"), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.FAILED);
			assertThat(explanation.evidence()).containsEntry("failureClass", "TypeError");
			explanation = ended(jobs, explainer, JobRequest.of("tasks.none", 1), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.FUNCTION_UNKNOWN);
			explanation = ended(jobs, explainer, JobRequest.of("nowhere.none", 1), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.FUNCTION_UNKNOWN);
			assertThat(explanation.text()).contains("does not know its function 'nowhere.none'");
		});
	}

	@Test
	void aRetryOfPythonThatIsDueLater() {
		run((jobs, explainer) -> {
			this.python.startWorker("--with-scheduler", "python");
			Explanation explanation = ended(jobs, explainer,
					JobRequest.of("tasks.fail", "bang").retry(Retry.max(3).intervals(600)), JobStatus.SCHEDULED);
			assertThat(explanation.cause()).isEqualTo(Cause.RETRY_DELAYED);
			assertThat(explanation.text()).startsWith("The job has failed; a retry (2 more would follow) is due at ")
				.endsWith(" puts it on queue 'python' then.");
			assertThat(explanation.evidence()).containsEntry("retriesLeft", 2).containsKey("scheduler");
			explanation = ended(jobs, explainer, JobRequest.of("tasks.add", 1, 2).in(Duration.ofHours(1)),
					JobStatus.SCHEDULED);
			assertThat(explanation.cause()).isEqualTo(Cause.SCHEDULED);
		});
	}

	@Test
	void aPythonWorkerThatIsBusy() {
		run((jobs, explainer) -> {
			this.python.startWorker("--name", "snake", "python");
			String running = jobs.enqueue(JobRequest.of("tasks.wait")).id();
			await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(this.template.hasKey("waiting")));
			Explanation explanation = explainer.explain(running);
			assertThat(explanation.cause()).isEqualTo(Cause.RUNNING);
			assertThat(explanation.text()).startsWith("The job runs on worker snake since ")
				.contains("Its lease lasts until");
			String waiting = this.python.run(PRELUDE + "print(queue.enqueue('tasks.add', 1, 2).id)").strip();
			explanation = explainer.explain(waiting);
			assertThat(explanation.cause()).isEqualTo(Cause.WORKERS_BUSY);
			assertThat(explanation.text())
				.isEqualTo("The only worker of queue 'python' is busy: snake. The job is number 1 of 1 that waits.");
			this.python.run(PRELUDE + """
					from rq.suspension import suspend
					suspend(connection)
					""");
			assertThat(explainer.explain(waiting).cause()).isEqualTo(Cause.SUSPENDED);
		});
	}

	@Test
	void idsThatPythonHasPoppedAndLost() {
		run((jobs, explainer) -> {
			String lost = this.python.run(PRELUDE + """
					print(queue.enqueue('tasks.add', 1, 2).id)
					# as RQ from 1.14 on takes a job, in a worker that dies then
					connection.blmove('rq:queue:python', 'rq:queue:python:intermediate', 1, 'LEFT', 'RIGHT')
					""").strip();
			Explanation explanation = explainer.explain(lost);
			assertThat(explanation.cause()).isEqualTo(Cause.POPPED_NOT_STARTED);
			assertThat(explanation.text()).isEqualTo("A Python worker has taken the job off queue 'python' and has not "
					+ "started it, and no Python worker listens there any more: it died in between.");
			String nowhere = this.python.run(PRELUDE + """
					print(queue.enqueue('tasks.add', 1, 2).id)
					# as a worker of several queues takes one
					connection.blpop(['rq:queue:other', 'rq:queue:python'])
					""").strip();
			assertThat(explainer.explain(nowhere).cause()).isEqualTo(Cause.ASTRAY);
			jobs.cancel(nowhere);
			jobs.requeue(nowhere);
			assertThat(explainer.explain(nowhere).cause()).isEqualTo(Cause.NO_WORKER);
		});
	}

	@Test
	void jobsThatPythonHasDeferredForEver() {
		run((jobs, explainer) -> {
			String orphan = this.python.run(PRELUDE + """
					job = Job.create('tasks.add', (1, 2), connection=connection, serializer=JSONSerializer,
					                 origin='python', status=JobStatus.DEFERRED)
					job.save()
					DeferredJobRegistry('python', connection=connection, serializer=JSONSerializer).add(job)
					print(job.id)
					""").strip();
			Explanation explanation = explainer.explain(orphan);
			assertThat(explanation.cause()).isEqualTo(Cause.NO_DEPENDENCIES);
			assertThat(explanation.remedy()).isEqualTo("Cancel the job and requeue it.");
			String created = this.python.run(PRELUDE + """
					job = Job.create('tasks.add', (1, 2), connection=connection, serializer=JSONSerializer,
					                 origin='python')
					job.save()
					print(job.id)
					""").strip();
			assertThat(explainer.explain(created).cause()).isEqualTo(Cause.NEVER_ENQUEUED);
		});
	}

	@Test
	void aJobThatPythonHasEnqueuedAfterTheFailureThatItAllows() {
		run((jobs, explainer) -> {
			this.python.startWorker("--burst", "python");
			String failed = ended(jobs, explainer, JobRequest.of("tasks.fail", "bang"), JobStatus.FAILED).id();
			String child = this.python.run(PRELUDE + """
					print(queue.enqueue('tasks.add', 1, 2, depends_on=Dependency(sys.argv[1], allow_failure=True)).id)
					""", failed).strip();
			Explanation explanation = explainer.explain(child);
			assertThat(explanation.cause()).isEqualTo(Cause.DEPENDENCIES_ENDED);
			assertThat(explanation.text()).startsWith("All jobs that it waited for have ended or are gone, and nobody");
			assertThat(explanation.evidence()).containsEntry("failureAllowed", true);
		});
	}

}
