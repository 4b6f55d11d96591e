package io.rq.interop;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.queue.ReclaimedJob;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.JobStore;
import io.rq.redis.MaintenanceStore;
import io.rq.redis.Outcome;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore.Promotion;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.SchedulerStore.Seat;
import io.rq.redis.SchedulerStore;
import io.rq.redis.WorkerLease;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.redis.WorkerStore;
import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The stores and Python RQ 1.13 on the same queues, in both directions. What 1.13 cannot
 * read of the 2.10 layout: result entries of type 4 (retried) and 5 (no returned retry
 * left) make {@code job.results()} raise, and {@code job.latest_result()} while such an
 * entry is the latest; running executions are listed as {@code <job>:<execution>}.
 */
@RedisTest
@RequiresPythonRq
class StoreInteropTests {

	private static final String HEAD = PythonHead.TEXT + """
			import json

			""";

	private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123456Z");

	private static final List<String> DEFAULT = List.of("default");

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("java-scheduler", "host-1", 42, NOW);

	private final TestRedis redis;

	private final StringRedisTemplate template;

	private final PythonRq python;

	private final JobStore jobs;

	private final ExecutionStore executions;

	private final SchedulerStore schedulers;

	private final WorkerStore workers;

	StoreInteropTests(TestRedis redis) {
		this.redis = redis;
		this.template = new StringRedisTemplate(redis.connectionFactory());
		Clock clock = Clock.systemUTC();
		this.jobs = TestStores.jobs(new RedisScripts(redis.connectionFactory()), clock);
		this.executions = new ExecutionStore(new RedisScripts(redis.connectionFactory()), clock,
				new WorkerLease("java-worker", Duration.ofSeconds(30), Duration.ofSeconds(10)), TestStores.MAX_PAYLOAD);
		this.schedulers = new SchedulerStore(new RedisScripts(redis.connectionFactory()), clock);
		this.workers = new WorkerStore(new RedisScripts(redis.connectionFactory()), clock);
		this.python = new PythonRq(redis).module("tasks", """
				def add(a, b):
				    return a + b

				def boom(text):
				    raise ValueError(text)
				""");
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	private String python(String script) {
		return this.python.run(HEAD + script).strip();
	}

	private static NewJob job(String id, String call, JobOptions options, NewJob.Due due) {
		return new NewJob(new Job(id, "default", JobStatus.CREATED, options, JobTimes.createdAt(NOW), JobRun.NONE,
				new JobPayload(bytes(call), bytes("{\"k\": [1, \"\u00e9\"]}"))), false, false, false, due);
	}

	private static NewJob job(String id, String call) {
		return job(id, call, JobOptions.NONE.withTimeout(Duration.ofSeconds(180)));
	}

	private static NewJob job(String id, String call, JobOptions options) {
		Job job = job(id, call, options, NewJob.Due.in(Duration.ZERO)).job();
		return new NewJob(job, false, false, false, null);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private Claim claim() {
		return this.executions.claim(DEFAULT, 1, false).claims().get(0);
	}

	private static Outcome.Finished success(Execution execution, String value) {
		return new Outcome.Finished(execution, new Outcome.Attempt(NOW, NOW.plusSeconds(2), bytes(value), null),
				JobResult.Type.SUCCESSFUL, 500);
	}

	private static Outcome.Finished failure(Execution execution) {
		return new Outcome.Finished(execution,
				new Outcome.Attempt(NOW, NOW.plusSeconds(2), null, "java.lang.IllegalStateException: b\u00e4ng"),
				JobResult.Type.FAILED, 31536000);
	}

	private static Outcome.Retried retry(Execution execution, int wait) {
		return new Outcome.Retried(execution, new Outcome.Attempt(NOW, NOW.plusSeconds(2), null, "first"), wait, false,
				31536000, 1, Retry.max(2), null);
	}

	private JobStatus status(String id) {
		return this.jobs.find(id).orElseThrow().status();
	}

	/** It comes first where the child of a Python worker is slow to start. */
	@Test
	void aPythonWorkerDoesNotTakeAJobForDeletedAtItsFirstSignOfLife() {
		this.jobs.enqueue(List.of(job("put-back", "[\"tasks.add\",null,[1,2],{}]")));
		this.executions.release(List.of(claim().execution()));
		this.jobs.enqueue(List.of(job("new", "[\"tasks.add\",null,[1,2],{}]")));
		assertThat(python("""
				worker = Worker([q], connection=redis, serializer=JSONSerializer)
				worker.register_birth()
				for job in q.jobs:
				    if hasattr(worker, 'prepare_execution'):
				        worker.prepare_execution(job)
				    worker.maintain_heartbeats(job)
				    print(job.id, Job.exists(job.id, redis))
				""")).isEqualTo("""
				put-back True
				new True""");
	}

	@Test
	void pythonReadsJobsThatJavaEnqueued() {
		JobOptions options = new JobOptions("sums \u00fcp", Duration.ofMinutes(2), Duration.ofSeconds(600),
				Duration.ofHours(1), Duration.ofDays(1), Retry.max(3).intervals(10, 60), null);
		this.jobs.enqueue(List.of(job("all", "[\"tasks.add\",null,[1,\"\u00e4\"],{\"b\":{\"c\":2}}]", options),
				job("plain", "[\"tasks.add\",null,[],{}]", JobOptions.NONE),
				job("later", "[\"tasks.add\",null,[1,2],{}]", JobOptions.NONE,
						NewJob.Due.at(Instant.parse("2099-01-02T03:04:05.678901Z")))));
		assertThat(
				python("""
						for id in ('all', 'plain', 'later'):
						    j = fetch(id)
						    print(j.get_status(), j.func_name, j.args, j.kwargs, j.timeout, j.ttl, j.result_ttl, j.failure_ttl, j.meta)
						    print(j.created_at.replace(tzinfo=None), j.enqueued_at is not None, j.started_at, j.ended_at, j.worker_name, j.origin)
						    print(j.retries_left, j.retry_intervals, j.description)
						print(q.job_ids, registry(ScheduledJobRegistry).get_job_ids(), [x.name for x in Queue.all(redis)])
						print(registry(ScheduledJobRegistry).get_scheduled_time('later'))
						"""))
			.isEqualTo("""
					queued tasks.add [1, 'ä'] {'b': {'c': 2}} 120 600 3600 86400 {'k': [1, 'é']}
					2026-01-31 12:00:00.123456 True None None None default
					3 [10, 60] sums üp
					queued tasks.add [] {} None None None None {'k': [1, 'é']}
					2026-01-31 12:00:00.123456 True None None None default
					None None None
					scheduled tasks.add [1, 2] {} None None None None {'k': [1, 'é']}
					2026-01-31 12:00:00.123456 False None None None default
					None None None
					['all', 'plain'] ['later'] ['default']
					2099-01-02 03:04:05.678901+00:00
					""".strip());
	}

	@Test
	void pythonReadsWhatAJavaWorkerWrote() {
		this.workers.register(
				new WorkerIdentity("java-worker", List.of("high", "default"), "host-1", 42, NOW, "0.1.0", "Java 17"),
				TestStores.UNTOLD, Duration.ofSeconds(30));
		this.jobs.enqueue(List.of(job("good", "[\"a\",null,[],{}]"), job("nothing", "[\"a\",null,[],{}]"),
				job("bad", "[\"a\",null,[],{}]"), job("running", "[\"a\",null,[],{}]")));
		this.executions.finish(List.of(success(claim().execution(), "{\"sum\":3}"),
				success(claim().execution(), "null"), failure(claim().execution())));
		Execution running = claim().execution();
		this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(running, Instant.now())));
		assertThat(
				python("""
						for id in ('good', 'nothing', 'bad', 'running'):
						    j = fetch(id)
						    print(id, j.is_finished, j.is_failed, j.is_started, j.return_value(), j.exc_info, j.worker_name,
						          j.started_at is not None, j.ended_at and j.ended_at.replace(tzinfo=None),
						          j.last_heartbeat is not None)
						print(fetch('good').result, [r.type.name for r in fetch('bad').results()])
						print(registry(FinishedJobRegistry).get_job_ids(), registry(FailedJobRegistry).get_job_ids())
						print(registry(StartedJobRegistry).count)
						for w in Worker.all(connection=redis):
						    print(w.name, w.queue_names(), w.state, w.pid, w.hostname, w.successful_job_count, w.failed_job_count,
						          w.total_working_time, w.birth_date.replace(tzinfo=None), w.get_current_job_id())
						"""))
			.isEqualTo("""
					good True False False {'sum': 3} None java-worker True 2026-01-31 12:00:02.123456 True
					nothing True False False None None java-worker True 2026-01-31 12:00:02.123456 True
					bad False True False None java.lang.IllegalStateException: bäng java-worker True \
					2026-01-31 12:00:02.123456 True
					running False False True None None java-worker True None True
					{'sum': 3} ['FAILED']
					['good', 'nothing'] ['bad']
					1
					java-worker ['high', 'default'] busy 42 host-1 2 1 6.0 2026-01-31 12:00:00.123456 running
					""".strip());
		String info = this.python.run("""
				import os, sys
				from rq.cli import main
				sys.argv = ['rq', 'info', '--url', os.environ['REDIS_URL'], '--raw']
				main()
				""");
		assertThat(info).contains("queue default")
			.containsPattern("worker java-worker \\(host-1 127\\.0\\.0\\.1:\\d+ 42\\) busy high, default");
		assertThat(status("running")).isEqualTo(JobStatus.STARTED);
		assertThat(this.executions.finish(List.of(success(running, "1")))).isEmpty();
	}

	/** W30: RQ 2.x waits as {@code xread} does here, from the beginning of the stream. */
	@Test
	void whoWaitsForTheLatestResultIsNotWokenByAnAttemptThatIsTriedAgain() {
		this.jobs.enqueue(List.of(job("a", "[\"a\",null,[],{}]")));
		this.executions.retry(List.of(retry(claim().execution(), 0)));
		assertThat(python("print(fetch('a').latest_result(), redis.xread({'rq:results:a': '0-0'}, block=100))"))
			.isEqualTo("None []");
		this.executions.finish(List.of(success(claim().execution(), "3")));
		assertThat(python("print(fetch('a').return_value(), fetch('a').retries_left, len(fetch('a').results()), "
				+ "redis.xread({'rq:results:a': '0-0'}, block=1000)[0][1][-1][1][b'type'])"))
			.isEqualTo("3 2 1 b'1'");
	}

	@Test
	void javaWorksJobsThatPythonEnqueued() {
		python("""
				q.enqueue('tasks.add', 1, b=2, job_id='sum', job_timeout='2m', meta={'k': 1}, result_ttl=3600)
				q.enqueue('tasks.boom', 'x', job_id='retried', retry=Retry(max=3, interval=[10, 60]), failure_ttl=86400)
				q.enqueue_in(timedelta(seconds=-1), 'tasks.add', 3, 4, job_id='due')
				q.enqueue_in(timedelta(seconds=60), 'tasks.add', 3, 4, job_id='later')
				q.enqueue('tasks.add', 5, 6, job_id='child', depends_on='sum')
				""");
		Claim sum = claim();
		Job job = Objects.requireNonNull(sum.job());
		assertThat(job.payload().data()).asString().isEqualTo("[\"tasks.add\", null, [1], {\"b\": 2}]");
		assertThat(job.payload().meta()).asString().isEqualTo("{\"k\": 1}");
		assertThat(job.options()).isEqualTo(new JobOptions("tasks.add(1, b=2)", Duration.ofMinutes(2), null,
				Duration.ofHours(1), null, null, null));
		assertThat(job.createdAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
		Claim retried = claim();
		Job failing = Objects.requireNonNull(retried.job());
		assertThat(failing.options().retry()).isEqualTo(Retry.max(3).intervals(10, 60));
		assertThat(this.executions.claim(DEFAULT, 5, false).claims()).isEmpty();
		this.executions.finish(List.of(success(sum.execution(), "3")));
		this.executions
			.retry(List.of(new Outcome.Retried(retried.execution(), new Outcome.Attempt(NOW, NOW, null, "first"), 10,
					false, 86400, 1, Objects.requireNonNull(failing.options().retry()).afterRetry(), null)));
		Claim child = claim();
		assertThat(child.execution().jobId()).isEqualTo("child");
		this.executions.finish(List.of(failure(child.execution())));
		assertThat(this.schedulers.lead(SCHEDULER, DEFAULT, Duration.ofSeconds(10), null).get("default").held())
			.isTrue();
		Promotion promotion = Objects.requireNonNull(this.schedulers.promote("default", SCHEDULER, 100));
		assertThat(promotion.moved()).isEqualTo(1);
		Claim due = claim();
		assertThat(due.execution().jobId()).isEqualTo("due");
		this.executions.finish(List.of(success(due.execution(), "7")));
		assertThat(python("""
				for id in ('sum', 'child', 'due', 'retried', 'later'):
				    j = fetch(id)
				    print(id, j.get_status(), j.is_finished, j.is_failed, j.worker_name, j.args, j.kwargs)
				print(fetch('sum').result, fetch('due').return_value(), fetch('child').exc_info, fetch('sum').meta)
				print(fetch('retried').retries_left, registry(ScheduledJobRegistry).get_job_ids())
				print(redis.ttl('rq:job:sum') <= 500, redis.exists('rq:wip:default'), q.job_ids)
				""")).isEqualTo("""
				sum finished True False java-worker [1] {'b': 2}
				child failed False True java-worker [5, 6] {}
				due finished True False java-worker [3, 4] {}
				retried scheduled False False java-worker ['x'] {}
				later scheduled False False None [3, 4] {}
				3 7 java.lang.IllegalStateException: bäng {'k': 1}
				2 ['retried', 'later']
				True 0 []
				""".strip());
	}

	private static NewJob after(NewJob job, Dependency dependency) {
		Job old = job.job();
		JobOptions options = old.options().withLinks(old.options().links().and(dependency));
		return new NewJob(new Job(old.id(), old.queue(), old.status(), options, old.times(), old.run(), old.payload()),
				dependency.front(), job.idGiven(), job.unique(), job.due());
	}

	private static NewJob add(String id) {
		return job(id, "[\"tasks.add\",null,[1,2],{}]");
	}

	private static NewJob add(String id, Dependency dependency) {
		return after(job(id, "[\"tasks.add\",null,[1,2],{}]", JobOptions.NONE.withTimeout(Duration.ofMinutes(3))),
				dependency);
	}

	@Test
	void pythonSeesAndReleasesWhatWaitsInJava() {
		this.jobs.enqueue(List.of(add("a"), job("bad", "[\"tasks.boom\",null,[\"x\"],{}]")));
		python("q.enqueue('tasks.add', 3, 4, job_id='b')");
		this.jobs.enqueue(List.of(add("child", Dependency.on("a", "b")),
				add("mild", Dependency.on("bad", "a").allowFailure().atFront()), add("strict", Dependency.on("bad")),
				add("grandchild", Dependency.on("child"))));
		assertThat(python("""
				for id in ('child', 'mild', 'strict'):
				    j = fetch(id)
				    print(id, j.get_status(), [d.id for d in j.fetch_dependencies()], j.dependencies_are_met(),
				          j.allow_dependency_failures, j.enqueue_at_front, j.enqueued_at, j.dependency.id)
				print(sorted(fetch('a').dependent_ids), sorted(registry(DeferredJobRegistry).get_job_ids()))
				""")).isEqualTo("""
				child deferred ['a', 'b'] False None None None a
				mild deferred ['bad', 'a'] False True True None bad
				strict deferred ['bad'] False None None None bad
				['child', 'mild'] ['child', 'grandchild', 'mild', 'strict']
				""".strip());
		this.python.startWorker("--burst", "default").join();
		assertThat(List.of(status("child"), status("mild"), status("grandchild"), status("strict")))
			.containsExactly(JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.DEFERRED);
		python("registry(FailedJobRegistry).requeue('bad')");
		this.executions.finish(List.of(success(claim().execution(), "1")));
		assertThat(claim().execution().jobId()).isEqualTo("strict");
	}

	@Test
	void javaWaitsForJobsOfPythonThatHaveEnded() {
		python("""
				q.enqueue('tasks.add', 3, 4, job_id='good')
				q.enqueue('tasks.boom', 'x', job_id='bad')
				""");
		this.python.startWorker("--burst", "default").join();
		List<Job> stored = this.jobs.enqueue(List.of(add("free", Dependency.on("good")),
				add("mild", Dependency.on("good", "bad").allowFailure()), add("strict", Dependency.on("good", "bad"))));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.DEFERRED);
		assertThat(python("print(q.job_ids, fetch('bad').dependent_ids, fetch('strict').fetch_dependencies()[1].id)"))
			.isEqualTo("['free', 'mild'] ['strict'] bad");
	}

	@Test
	void aChildOfPythonWaitsForAJobOfJava() {
		this.jobs.enqueue(List.of(add("a")));
		python("q.enqueue('tasks.add', 5, 6, job_id='child', depends_on='a')");
		assertThat(this.jobs.dependents("a")).containsExactly("child");
		assertThat(this.jobs.find("child").orElseThrow().dependencyIds()).containsExactly("a");
		this.executions.finish(List.of(success(claim().execution(), "3")));
		assertThat(claim().execution().jobId()).isEqualTo("child");
	}

	/**
	 * What Python does when a parent ends it does again if a child has come meanwhile.
	 */
	@Test
	void nobodyIsLeftBehindByAParentThatEndsInPython() {
		int parents = 30;
		for (int i = 0; i < parents; i++) {
			this.jobs.enqueue(List.of(add("p" + i)));
		}
		PythonRq.Worker worker = this.python.startWorker("default");
		int children = 0;
		for (int i = 0; i < parents; i++) {
			String parent = "p" + i;
			await().atMost(Duration.ofSeconds(40)).until(() -> status(parent) != JobStatus.QUEUED);
			for (int j = 0; j < 20 && status(parent) != JobStatus.FINISHED; j++) {
				this.jobs.enqueue(List.of(onAnotherQueue(add("c" + children, Dependency.on(parent)))));
				children++;
			}
		}
		long expected = children;
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(this.jobs.count("children")).as(worker.output()).isEqualTo(expected));
		worker.stop();
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:deferred:children");
	}

	private static NewJob onAnotherQueue(NewJob job) {
		Job old = job.job();
		return new NewJob(
				new Job(old.id(), "children", old.status(), old.options(), old.times(), old.run(), old.payload()),
				false, false, false, null);
	}

	@Test
	void failedJobThatPythonRequeuesIsWorkedAgain() {
		this.jobs.enqueue(List.of(job("a", "[\"tasks.add\",null,[1,2],{}]")));
		this.executions.finish(List.of(failure(claim().execution())));
		python("registry(FailedJobRegistry).requeue('a')");
		Claim again = claim();
		assertThat(Objects.requireNonNull(again.job()).payload().meta()).asString()
			.isEqualTo("{\"k\": [1, \"\\u00e9\"]}");
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		this.executions.finish(List.of(success(again.execution(), "3")));
		assertThat(
				python("print(fetch('a').get_status(), fetch('a').result, registry(FailedJobRegistry).get_job_ids())"))
			.isEqualTo("finished 3 []");
	}

	/** W25. */
	@Test
	void jobThatPythonCancelsIsNotRunAndARunningOneIsTold() {
		this.jobs.enqueue(List.of(job("running", "[\"a\",null,[],{}]"), job("waiting", "[\"a\",null,[],{}]")));
		Execution running = claim().execution();
		python("fetch('running').cancel(); fetch('waiting').cancel(); redis.rpush('rq:queue:default', 'waiting')");
		ExecutionStore.Beat beat = this.executions.beat("busy", List.of("default"),
				List.of(new ExecutionStore.Run(running, Instant.now())));
		assertThat(beat.canceled()).containsExactly(running);
		assertThat(this.executions.claim(DEFAULT, 1, false).claims()).isEmpty();
		this.executions.finish(List.of(success(running, "1")));
		assertThat(python("print(sorted(registry(CanceledJobRegistry).get_job_ids()), fetch('running').get_status())"))
			.isEqualTo("['running', 'waiting'] canceled");
	}

	@Test
	void pythonWorksJobsThatJavaEnqueuedScheduledAndRetries() {
		this.jobs.enqueue(List.of(job("retried", "[\"tasks.add\",null,[4,5],{}]")));
		this.executions.retry(List.of(retry(claim().execution(), 1)));
		this.jobs.enqueue(List.of(job("now", "[\"tasks.add\",null,[1],{\"b\":2}]"),
				job("bad", "[\"tasks.boom\",null,[\"\u00fc\"],{}]"), job("later", "[\"tasks.add\",null,[2,3],{}]",
						JobOptions.NONE, NewJob.Due.in(Duration.ofMillis(1500)))));
		PythonRq.Worker worker = this.python.startWorker("--with-scheduler", "default");
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(List.of(status("now"), status("later"), status("retried"), status("bad")))
				.as(worker.output())
				.containsExactly(JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.FINISHED, JobStatus.FAILED));
		worker.stop();
		assertThat(value("now")).isEqualTo("3");
		assertThat(value("later")).isEqualTo("5");
		assertThat(value("retried")).isEqualTo("9");
		JobResult bad = this.jobs.results("bad").get(0);
		assertThat(bad.type()).isEqualTo(JobResult.Type.FAILED);
		assertThat(bad.exception()).contains("ValueError: \u00fc");
		Job now = this.jobs.find("now").orElseThrow();
		assertThat(now.payload().meta()).asString().isEqualTo("{\"k\": [1, \"\u00e9\"]}");
		assertThat(now.startedAt()).isNotNull();
		assertThat(now.endedAt()).isNotNull();
	}

	private String value(String id) {
		JobResult result = this.jobs.results(id).get(0);
		assertThat(result.type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		return new String(Objects.requireNonNull(result.returnValue()), StandardCharsets.UTF_8);
	}

	@Test
	void pythonBurstWorkerLeavesNothingBehind() {
		this.jobs
			.enqueue(List.of(job("a", "[\"tasks.add\",null,[1,2],{}]"), job("b", "[\"tasks.add\",null,[1,2],{}]")));
		this.python.startWorker("--burst", "high", "default").join();
		assertThat(status("a")).isEqualTo(JobStatus.FINISHED);
		assertThat(status("b")).isEqualTo(JobStatus.FINISHED);
		assertThat(this.executions.claim(DEFAULT, 1, false).claims()).isEmpty();
	}

	@Test
	void schedulerOfPythonKeepsOursAway() {
		this.jobs.enqueue(List
			.of(job("later", "[\"tasks.add\",null,[2,3],{}]", JobOptions.NONE, NewJob.Due.in(Duration.ofMillis(10)))));
		PythonRq.Worker worker = this.python.startWorker("--with-scheduler", "default");
		// takes its lock before it heeds signals: one that is stopped too early keeps the
		// lock
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(status("later")).as(worker.output()).isEqualTo(JobStatus.FINISHED));
		String holder = this.template.opsForValue().get("rq:scheduler-lock:default");
		List<String> queues = List.of("default", "java");
		assertThat(this.schedulers.lead(SCHEDULER, queues, Duration.ofSeconds(10), null))
			.hasEntrySatisfying("default", (seat) -> assertThat(seat.holder()).isEqualTo(holder))
			.containsEntry("java", new Seat(true, null, null, null));
		assertThat(this.schedulers.promote("default", SCHEDULER, 100)).isNull();
		assertThat(this.schedulers.promote("java", SCHEDULER, 100)).isNotNull();
		this.schedulers.resign(SCHEDULER, queues);
		assertThat(this.template.opsForValue().get("rq:scheduler-lock:default")).isEqualTo(holder);
		worker.stop();
		await().atMost(Duration.ofSeconds(20))
			.until(() -> this.schedulers.lead(SCHEDULER, DEFAULT, Duration.ofSeconds(10), null).get("default").held());
	}

	@Test
	void ourSchedulerKeepsPythonsAway() {
		this.schedulers.lead(SCHEDULER, DEFAULT, Duration.ofMinutes(2), null);
		this.jobs.enqueue(List
			.of(job("later", "[\"tasks.add\",null,[2,3],{}]", JobOptions.NONE, NewJob.Due.in(Duration.ofMillis(10)))));
		PythonRq.Worker worker = this.python.startWorker("--with-scheduler", "default", "python");
		await().atMost(Duration.ofSeconds(20))
			.until(() -> Boolean.TRUE.equals(this.template.hasKey("rq:scheduler-lock:python")));
		python("""
				import time
				other = Queue('python', connection=redis, serializer=JSONSerializer)
				job = other.enqueue_in(timedelta(seconds=1), 'tasks.add', 1, 2)
				while not job.is_finished:
				    time.sleep(0.1)
				""");
		assertThat(this.template.opsForValue().get("rq:scheduler-lock:default")).isEqualTo("java-scheduler");
		assertThat(status("later")).isEqualTo(JobStatus.SCHEDULED);
		assertThat(Objects.requireNonNull(this.schedulers.promote("default", SCHEDULER, 10)).moved()).isEqualTo(1);
		await().atMost(Duration.ofSeconds(20)).until(() -> status("later") == JobStatus.FINISHED);
		worker.stop();
		assertThat(value("later")).isEqualTo("5");
		// RQ 1.13 deletes the locks of all its queues when it stops, held or not
		assertThat(this.schedulers.lead(SCHEDULER, DEFAULT, Duration.ofMinutes(2), null).get("default").held())
			.isTrue();
		assertThat(this.schedulers.promote("default", SCHEDULER, 10)).isNotNull();
	}

	@Test
	void jobOfAKilledPythonWorkerIsReclaimed() {
		python("q.enqueue('time.sleep', 60, job_id='a')");
		PythonRq.Worker worker = this.python.startWorker("default");
		await().atMost(Duration.ofSeconds(20)).until(() -> status("a") == JobStatus.STARTED);
		worker.kill();
		MaintenanceStore maintenance = new MaintenanceStore(new RedisScripts(this.redis.connectionFactory()),
				Clock.systemUTC(), new WorkerLease("java-worker", Duration.ofSeconds(30), Duration.ofSeconds(10)));
		long now = Clock.systemUTC().instant().getEpochSecond();
		this.template.opsForHash()
			.putAll("rq:worker:java-worker", Map.of("beat_at", "" + now, "beating_since", "" + (now - 60)));
		this.template.delete("rq:clean_registries:default");
		assertThat(maintenance.reclaim("default", 3, 500, null)).isEmpty();
		this.template.opsForZSet().add("rq:wip:default", "a", 5);
		assertThat(maintenance.reclaim("default", 3, 500, null)).singleElement()
			.satisfies((reclaimed) -> assertThat(reclaimed.job().outcome()).isEqualTo(ReclaimedJob.Outcome.REQUEUED));
		this.executions.finish(List.of(success(claim().execution(), "1")));
		assertThat(status("a")).isEqualTo(JobStatus.FINISHED);
	}

}
