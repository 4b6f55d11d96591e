package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

/**
 * What the tests of the scripts share: the stores with a clock that stands still, jobs to
 * enqueue, raw access to Redis and its complete state as text.
 */
@RedisTest
@OneRedis("compares the state that scripts leave in RQ's layout; that of a cluster has TaggedLayoutTests")
abstract class AbstractStoreTests {

	static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123456Z");

	static final String STAMP = "2026-01-31T12:00:00.123456Z";

	static final JobOptions PLAIN = JobOptions.NONE.withDescription("tasks.add(1)")
		.withTimeout(Duration.ofSeconds(180));

	static final Duration LEASE = Duration.ofSeconds(30);

	static final Duration BEATS = Duration.ofSeconds(10);

	final TestRedis redis;

	final StringRedisTemplate template;

	final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	final JobStore jobs;

	final ExecutionStore executions;

	final MaintenanceStore maintenance;

	final SchedulerStore schedulers;

	final WorkerStore workers;

	final QueueStore queues;

	final JobControl control;

	final QueueControl queueControl;

	AbstractStoreTests() {
		this(TestRedis.shared());
	}

	AbstractStoreTests(TestRedis redis) {
		this.redis = redis;
		RedisConnectionFactory connections = redis.connectionFactory();
		this.template = new StringRedisTemplate(connections);
		this.jobs = TestStores.jobs(new RedisScripts(connections), this.clock);
		this.executions = executions("w1");
		this.maintenance = maintenance("w1");
		this.schedulers = new SchedulerStore(new RedisScripts(connections), this.clock);
		this.workers = new WorkerStore(new RedisScripts(connections), this.clock);
		this.queues = new QueueStore(new RedisScripts(connections));
		this.control = this.jobs.control();
		this.queueControl = new QueueControl(new RedisScripts(connections), this.clock);
	}

	final ExecutionStore executions(String worker) {
		return executions(worker, TestStores.MAX_PAYLOAD);
	}

	final ExecutionStore executions(String worker, long maxPayload) {
		return new ExecutionStore(new RedisScripts(this.redis.connectionFactory()), this.clock,
				new WorkerLease(worker, LEASE, BEATS), maxPayload);
	}

	final MaintenanceStore maintenance(String worker) {
		return new MaintenanceStore(new RedisScripts(this.redis.connectionFactory()), this.clock,
				new WorkerLease(worker, LEASE, BEATS));
	}

	/** A call of the claim script by worker {@code w1} whose reply has not come. */
	final ClaimCall giveUp(UnansweredClaims unanswered) {
		ClaimCall call = new ClaimCall(KeyLayout.RQ, unanswered.lessee(), List.of("default"), 1, false, NOW,
				ClaimCall.Largest.of(1));
		unanswered.add(call);
		return call;
	}

	final UnansweredClaims unanswered() {
		return new UnansweredClaims(new RedisScripts(this.redis.connectionFactory()),
				new WorkerLease("w1", LEASE, BEATS));
	}

	/** Gives a job a status and the place where such a job stands. */
	final void moved(String id, String status) {
		hash("rq:job:" + id, "status", status);
		if (status.equals("queued")) {
			push("default", id);
		}
		else {
			zadd("rq:" + (status.equals("stopped") ? "failed" : status) + ":default", now() + 60, id);
		}
	}

	/** Does something as if worker {@code w1} had been beating for long. */
	final <T> T steadily(Supplier<T> work) {
		hash("rq:worker:w1", "beat_at", "" + now(), "beating_since", "" + (now() - 60));
		T result = work.get();
		this.template.opsForHash().delete("rq:worker:w1", "beat_at", "beating_since");
		return result;
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static NewJob job(String id) {
		return job(id, PLAIN);
	}

	static NewJob job(String id, JobOptions options) {
		return new NewJob(new Job(id, "default", JobStatus.CREATED, options, JobTimes.createdAt(NOW), JobRun.NONE,
				new JobPayload(bytes("[\"tasks.add\",null,[1],{}]"), null)), false, false, false, null);
	}

	static NewJob on(String queue, NewJob job) {
		Job old = job.job();
		return new NewJob(new Job(old.id(), queue, old.status(), old.options(), old.times(), old.run(), old.payload()),
				job.atFront(), job.idGiven(), job.unique(), job.due());
	}

	static NewJob front(NewJob job) {
		return new NewJob(job.job(), true, job.idGiven(), job.unique(), job.due());
	}

	static NewJob given(NewJob job) {
		return new NewJob(job.job(), job.atFront(), true, job.unique(), job.due());
	}

	static NewJob unique(NewJob job) {
		return new NewJob(job.job(), job.atFront(), true, true, job.due());
	}

	static NewJob due(NewJob job, NewJob.Due due) {
		return new NewJob(job.job(), job.atFront(), job.idGiven(), job.unique(), due);
	}

	static NewJob in(NewJob job, long seconds) {
		return due(job, NewJob.Due.in(Duration.ofSeconds(seconds)));
	}

	final List<Job> enqueue(NewJob... jobs) {
		return this.jobs.enqueue(List.of(jobs));
	}

	/** Takes jobs from the default queue. */
	final List<Execution> claim(int max) {
		return claim(this.executions, max);
	}

	final List<Execution> claim(ExecutionStore store, int max) {
		return store.claim(List.of("default"), max, false).claims().stream().map(Claims.Claim::execution).toList();
	}

	/**
	 * Runs what is on the queue, each run failing, and returns how many runs there were.
	 */
	final int runAll() {
		int runs = 0;
		while (this.jobs.count("default") > 0) {
			for (Execution run : claim(500)) {
				runs++;
				this.executions.finish(List.of(failure(run, 500)));
			}
		}
		return runs;
	}

	/** Notes something about a job. */
	final boolean note(String id) {
		return this.jobs.changeMeta("default", id, null, (meta) -> bytes("{}"));
	}

	/** Enqueues a job and takes it. */
	final Execution started(String id, JobOptions options) {
		enqueue(job(id, options));
		return claim(1).get(0);
	}

	final Execution started(String id) {
		return started(id, PLAIN);
	}

	/** Enqueues a job as Python does with all of its empty fields, and takes it. */
	final Execution startedFromPython(String id, String... fields) {
		python(id, fields);
		push("default", id);
		return claim(1).get(0);
	}

	/** A job's hash as Python writes it. */
	final void python(String id, String... fields) {
		hash("rq:job:" + id, "status", "queued", "created_at", STAMP, "enqueued_at", STAMP, "origin", "default",
				"timeout", "180", "description", "tasks.add(1)", "started_at", "", "ended_at", "", "last_heartbeat", "",
				"worker_name", "", "group_id", "", "success_callback_name", "", "failure_callback_name", "",
				"stopped_callback_name", "", "data", "[\"tasks.add\", null, [1], {}]");
		hash("rq:job:" + id, fields);
	}

	static Outcome.Attempt attempt(@Nullable String returnValue, @Nullable String exception) {
		return new Outcome.Attempt(NOW.minusSeconds(2), NOW, (returnValue != null) ? bytes(returnValue) : null,
				exception);
	}

	static Outcome.Finished success(Execution execution, long ttl) {
		return new Outcome.Finished(execution, attempt("3", null), JobResult.Type.SUCCESSFUL, ttl);
	}

	static Outcome.Finished stopped(Execution execution, long ttl) {
		return new Outcome.Finished(execution, attempt(null, "Job stopped by user, work-horse terminated."),
				JobResult.Type.STOPPED, ttl);
	}

	static Outcome.Finished failure(Execution execution, long ttl) {
		return new Outcome.Finished(execution, attempt(null, "ValueError: bang"), JobResult.Type.FAILED, ttl);
	}

	static Outcome.Retried retry(Execution execution, int wait, boolean front, @Nullable Retry left,
			@Nullable Integer numberOfRetries) {
		return new Outcome.Retried(execution, attempt(null, "ValueError: bang"), wait, front, 86400, 1, left,
				numberOfRetries);
	}

	final void hash(String key, String... fields) {
		for (int i = 0; i < fields.length; i += 2) {
			this.template.opsForHash().put(key, fields[i], fields[i + 1]);
		}
	}

	final @Nullable String field(String id, String name) {
		return this.redis.state().hash("rq:job:" + id).get(name);
	}

	final void push(String queue, String... ids) {
		this.template.opsForList().rightPushAll("rq:queue:" + queue, ids);
	}

	final List<String> list(String key) {
		return this.redis.state().list(key);
	}

	final double score(String key, String member) {
		Double score = this.redis.state().zset(key).get(member);
		if (score == null) {
			throw new AssertionError(member + " is not in " + key);
		}
		return score;
	}

	final void zadd(String key, double score, String member) {
		this.template.opsForZSet().add(key, member, score);
	}

	/** Lets a job wait for another. */
	final void deferred(String id, String parent, String... fields) {
		python(id, "status", "deferred", "dependency_ids", "[\"" + parent + "\"]");
		hash("rq:job:" + id, fields);
		zadd("rq:deferred:default", now(), id);
		this.template.opsForSet().add("rq:job:" + parent + ":dependents", id);
		this.template.opsForSet().add("rq:job::" + id + ":dependencies", parent);
	}

	/** Lets the leases of all executions of a queue run out. */
	final void expireLeases(String queue) {
		for (String member : this.redis.state().zset("rq:wip:" + queue).keySet()) {
			zadd("rq:wip:" + queue, now() - 10, member);
		}
	}

	final double now() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Long millis = connection.serverCommands().time();
			return ((millis != null) ? millis : 0) / 1000.0;
		}
	}

	/**
	 * The complete state, or that of the keys whose first line contains one of some
	 * texts.
	 */
	final String state(String... parts) {
		return StateText.of(this.redis.state(), now(), parts);
	}

	/** Does all at the same time, each on a thread of its own, and fails as one does. */
	static void all(List<Callable<Void>> tasks) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
		try {
			for (Future<Void> task : threads.invokeAll(tasks)) {
				task.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

}
