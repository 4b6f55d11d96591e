package io.rq.interop;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.queue.QueuePosition;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobControl;
import io.rq.redis.JobStore;
import io.rq.redis.Outcome;
import io.rq.redis.QueueControl;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerLease;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What Java does to jobs and queues as Python RQ 1.13 sees it, and the other way round.
 */
@RedisTest
@RequiresPythonRq
class ControlInteropTests {

	private static final String HEAD = PythonHead.TEXT + """
			from rq.exceptions import InvalidJobOperation, NoSuchJobError
			from rq.suspension import is_suspended, resume, suspend

			""";

	private final TestRedis redis;

	private final StringRedisTemplate template;

	private final PythonRq python;

	private final JobStore jobs;

	private final JobControl control;

	private final QueueControl queues;

	private final ExecutionStore executions;

	ControlInteropTests(TestRedis redis) {
		this.redis = redis;
		this.template = new StringRedisTemplate(redis.connectionFactory());
		RedisScripts scripts = new RedisScripts(redis.connectionFactory());
		Clock clock = Clock.systemUTC();
		this.jobs = TestStores.jobs(scripts, clock);
		this.control = this.jobs.control();
		this.queues = new QueueControl(scripts, clock);
		this.executions = new ExecutionStore(scripts, clock,
				new WorkerLease("java-worker", Duration.ofSeconds(30), Duration.ofSeconds(10)), TestStores.MAX_PAYLOAD);
		this.python = new PythonRq(redis).module("tasks", """
				def add(a, b):
				    return a + b

				def boom():
				    raise ValueError('bang')
				""");
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	private String python(String script) {
		return this.python.run(HEAD + script).strip();
	}

	private JobStatus status(String id) {
		return this.jobs.find(id).map(Job::status).orElseThrow();
	}

	/** The id stays in RQ's own list where a Python worker dies before the start. */
	@Test
	@RequiresPythonRq(since = "2.0")
	void pythonDoesNotFailWhatWasPoppedAndPutOnItsQueueAgain() {
		python("""
				for id in ('now', 'before'):
				    q.enqueue('tasks.add', 1, 2, job_id=id)
				    redis.lmove(q.key, q.key + ':intermediate')
				fetch('before').cancel()
				""");
		assertThat(this.control.cancel("now", false)).isTrue();
		for (String id : List.of("now", "before")) {
			assertThat(this.control.requeue(id, false)).isTrue();
		}
		assertThat(python("""
				from rq.intermediate_queue import IntermediateQueue
				popped = IntermediateQueue(q.key, redis)
				for id in ('now', 'before'):
				    redis.set(popped.get_first_seen_key(id), 0)
				popped.cleanup(Worker([q], connection=redis, serializer=JSONSerializer), q)
				print(popped.get_job_ids(), q.job_ids, [fetch(id).get_status() for id in ('now', 'before')])
				""")).isEqualTo("[] ['now', 'before'] ['queued', 'queued']");
	}

	@Test
	void pythonSeesWhatJavaCancelled() {
		python("""
				q.enqueue('tasks.add', 1, 2, job_id='waiting')
				q.enqueue_in(timedelta(seconds=60), 'tasks.add', 1, 2, job_id='later')
				q.enqueue('tasks.add', 1, 2, job_id='child', depends_on='waiting')
				q.enqueue('tasks.add', 1, 2, job_id='freed', depends_on='later')
				""");
		for (String id : List.of("waiting", "child")) {
			assertThat(this.control.cancel(id, false)).isTrue();
		}
		assertThat(this.control.cancel("later", true)).isTrue();
		assertThat(python("""
				print(sorted(registry(CanceledJobRegistry).get_job_ids()), q.job_ids)
				print(registry(ScheduledJobRegistry).get_job_ids(), registry(DeferredJobRegistry).get_job_ids())
				print([fetch(id).get_status() for id in ('waiting', 'later', 'child', 'freed')])
				try:
				    fetch('waiting').cancel()
				except InvalidJobOperation as ex:
				    print(ex)
				registry(CanceledJobRegistry).requeue('waiting')
				print(q.job_ids, registry(CanceledJobRegistry).count)
				""")).isEqualTo("""
				['child', 'later', 'waiting'] ['freed']
				[] []
				['canceled', 'canceled', 'canceled', 'queued']
				Cannot cancel already canceled job: waiting
				['freed', 'waiting'] 2
				""".strip());
	}

	@Test
	void pythonWorksWhatJavaRequeued() {
		python("""
				q.enqueue('tasks.boom', job_id='failed', failure_ttl=3600)
				q.enqueue('tasks.add', 1, 2, job_id='canceled', meta={'k': 1})
				fetch('canceled').cancel()
				""");
		this.python.startWorker("--burst", "default").join();
		assertThat(status("failed")).isEqualTo(JobStatus.FAILED);
		this.template.opsForHash().put("rq:job:failed", "data", "[\"tasks.add\", null, [3, 4], {}]");
		assertThat(this.control.requeueAll("default")).isEqualTo(1);
		assertThat(this.control.requeue("canceled", true)).isTrue();
		assertThat(python("""
				print(q.job_ids, registry(FailedJobRegistry).count, registry(CanceledJobRegistry).count)
				print(redis.ttl('rq:job:failed'), fetch('failed').started_at, fetch('failed').ended_at)
				""")).isEqualTo("""
				['canceled', 'failed'] 0 0
				-1 None None
				""".strip());
		this.python.startWorker("--burst", "default").join();
		assertThat(
				python("print([(fetch(id).get_status(), fetch(id).return_value()) for id in ('failed', 'canceled')], "
						+ "fetch('canceled').meta)"))
			.isEqualTo("[('finished', 7), ('finished', 3)] {'k': 1}");
	}

	@Test
	void javaRequeuesAndDeletesWhatPythonCancelled() {
		python("""
				q.enqueue('tasks.add', 1, 2, job_id='a')
				q.enqueue('tasks.add', 1, 2, job_id='b')
				fetch('a').cancel()
				fetch('b').cancel()
				""");
		assertThat(this.control.cancel("a", false)).isTrue();
		assertThat(this.control.requeue("a", false)).isTrue();
		assertThat(this.control.delete("b", false)).isTrue();
		assertThat(python("""
				print(q.job_ids, registry(CanceledJobRegistry).get_job_ids(), Job.exists('b', redis))
				""")).isEqualTo("['a'] [] False");
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.control.requeue("a", false));
	}

	@Test
	void pythonFindsNothingOfWhatJavaDeleted() {
		python("""
				q.enqueue('tasks.boom', job_id='failed')
				q.enqueue('tasks.add', 1, 2, job_id='parent')
				q.enqueue('tasks.add', 1, 2, job_id='child', depends_on='parent')
				""");
		Execution failing = this.executions.claim(List.of("default"), 1, false).claims().get(0).execution();
		Instant now = Instant.now();
		this.executions.finish(List.of(new Outcome.Finished(failing, new Outcome.Attempt(now, now, null, "bang"),
				JobResult.Type.FAILED, 3600)));
		assertThat(this.control.delete("failed", false)).isTrue();
		assertThat(this.control.delete("parent", true)).isTrue();
		assertThat(python("""
				print([Job.exists(id, redis) for id in ('failed', 'parent', 'child')], q.job_ids)
				print(registry(FailedJobRegistry).count, registry(DeferredJobRegistry).count)
				print([key for key in redis.keys('rq:*') if not key.startswith((b'rq:enqueued:', b'rq:worker-claim:'))])
				""")).isEqualTo("""
				[False, False, False] []
				0 0
				[b'rq:queues']
				""".strip());
	}

	@Test
	void bothTellTheSamePositionAndTakeJobsOff() {
		python("""
				for id in 'abc':
				    q.enqueue('tasks.add', 1, 2, job_id=id)
				""");
		assertThat(this.queues.position("default", "c")).contains(new QueuePosition(2, true));
		assertThat(this.queues.remove("default", "b")).isTrue();
		assertThat(python("print(q.get_job_position('c'), q.get_job_position('b'), q.count)")).isEqualTo("1 None 2");
		assertThat(this.redis.state().hash("rq:job:b")).containsEntry("status", "created");
		python("q.remove('a')");
		assertThat(this.queues.position("default", "a")).isEmpty();
		assertThat(this.queues.position("default", "c")).contains(new QueuePosition(0, true));
	}

	@Test
	void queueThatJavaEmptiesAndDeletesIsGoneForPython() {
		python("""
				for id in 'abc':
				    q.enqueue('tasks.add', 1, 2, job_id=id)
				redis.rpush('rq:queue:default', 'gone')
				""");
		assertThat(this.queues.compact("default")).isEqualTo(1);
		assertThat(python("print(q.job_ids)")).isEqualTo("['a', 'b', 'c']");
		assertThat(this.queues.empty("default", 500)).isEqualTo(3);
		assertThat(python("print(q.count, Job.exists('a', redis), [x.name for x in Queue.all(redis)])"))
			.isEqualTo("0 False ['default']");
		assertThat(this.queues.delete("default", 500)).isTrue();
		assertThat(python("print(Queue.all(redis))")).isEqualTo("[]");
	}

	@Test
	void bothSuspendAndResumeTheWorkersOfBoth() {
		python("q.enqueue('tasks.add', 1, 2, job_id='a')");
		this.queues.suspend(Duration.ofMinutes(1));
		assertThat(python("print(is_suspended(redis), 50 < redis.ttl('rq:suspended') <= 60)")).isEqualTo("1 True");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.python.startWorker("--burst", "default").join())
			.withMessageContaining("RQ is currently suspended");
		assertThat(status("a")).isEqualTo(JobStatus.QUEUED);
		python("resume(redis)");
		assertThat(this.queues.resume()).isFalse();
		python("suspend(redis)");
		assertThat(this.executions.claim(List.of("default"), 1, false).claims()).isEmpty();
		assertThat(this.queues.resume()).isTrue();
		this.python.startWorker("--burst", "default").join();
		assertThat(status("a")).isEqualTo(JobStatus.FINISHED);
	}

	/** W38: a process of RQ with another serializer destroys the meta data. */
	@Test
	void pickledMetaDataStayWhateverIsDoneToTheirJob() {
		python("Queue('default', connection=redis).enqueue('tasks.add', 1, 2, job_id='a', meta={'k': (1, b'2')})");
		Execution run = this.executions.claim(List.of("default"), 1, false).claims().get(0).execution();
		Outcome.Attempt attempt = new Outcome.Attempt(Instant.now(), Instant.now(), null, "no");
		this.executions.retry(List.of(new Outcome.Retried(run, attempt, 0, false, 500, 1, null, null)));
		run = this.executions.claim(List.of("default"), 1, false).claims().get(0).execution();
		this.executions.finish(List.of(new Outcome.Finished(run, attempt, JobResult.Type.FAILED, 500)));
		this.control.requeue("a", false);
		this.control.cancel("a", false);
		this.control.requeue("a", false);
		assertThat(python("job = Job.fetch('a', connection=redis); print(job.meta, job.args, job.get_status())"))
			.isEqualTo("{'k': (1, b'2')} (1, 2) queued");
	}

	@Test
	void bytesThatPythonWroteStayAsTheyAre() {
		python("q.enqueue('tasks.add', 1, 2, job_id='a', meta={'k': 1})");
		byte[] data = this.jobs.find("a").orElseThrow().payload().data();
		this.control.cancel("a", false);
		this.control.requeue("a", false);
		Job job = this.jobs.find("a").orElseThrow();
		assertThat(job.payload().data()).isEqualTo(data);
		assertThat(new String(job.payload().meta(), StandardCharsets.UTF_8)).isEqualTo("{\"k\": 1}");
	}

}
