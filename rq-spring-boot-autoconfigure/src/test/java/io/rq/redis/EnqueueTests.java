package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Callback;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code enqueue.lua} and {@link JobStore}.
 */
class EnqueueTests extends AbstractStoreTests {

	@Test
	void plainJobIsStoredAsRqStoresIt() {
		List<Job> stored = enqueue(job("plain-1"));
		assertThat(state()).isEqualTo("""
				rq:job:plain-1 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  origin default
				  status queued
				  timeout 180
				rq:queue:default list
				  plain-1
				rq:queues set
				  rq:queue:default
				""");
		assertThat(stored).singleElement().satisfies((job) -> {
			assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
			assertThat(job.enqueuedAt()).isEqualTo(NOW);
		});
		assertThat(this.jobs.find("plain-1")).get()
			.usingRecursiveComparison()
			.withEqualsForType(String::equals, String.class)
			.isEqualTo(stored.get(0));
	}

	@Test
	void everyOptionIsStoredAsRqStoresIt() {
		JobOptions options = new JobOptions("sums up", Duration.ofMinutes(2), Duration.ofSeconds(600),
				Duration.ofHours(1), Duration.ofDays(1), Retry.max(3).intervals(10, 60).atFront(), null);
		NewJob plain = job("options-1", options);
		Job job = plain.job();
		NewJob withMeta = new NewJob(new Job(job.id(), job.queue(), job.status(), options, job.times(), job.run(),
				new JobPayload(job.payload().data(), bytes("{\"k\": \"v\"}"))), true, false, false, null);
		push("default", "other");
		enqueue(withMeta);
		assertThat(state()).isEqualTo("""
				rq:job:options-1 hash ttl 600
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description sums up
				  enqueue_at_front_on_retry 1
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_ttl 86400
				  last_heartbeat
				  meta {"k": "v"}
				  origin default
				  result_ttl 3600
				  retries_left 3
				  retry_intervals [10, 60]
				  status queued
				  timeout 120
				  ttl 600
				rq:queue:default list
				  options-1
				  other
				rq:queues set
				  rq:queue:default
				""");
		Job found = this.jobs.find("options-1").orElseThrow();
		assertThat(found.options()).isEqualTo(options);
		assertThat(found.payload().meta()).asString().isEqualTo("{\"k\": \"v\"}");
	}

	@Test
	void callbacksAreStoredAsRqStoresThem() {
		JobHooks hooks = JobHooks.NONE.withOnSuccess(Callback.of("tasks.cb_ok").timeout(Duration.ofSeconds(30)))
			.withOnFailure(Callback.of("tasks.cb_fail"))
			.withOnStopped(Callback.of("tasks.cb_stop").timeout(JobOptions.UNLIMITED));
		enqueue(job("a", PLAIN.withHooks(hooks)), in(job("b", PLAIN.withHooks(hooks)), 3600));
		for (String key : List.of("rq:job:a", "rq:job:b")) {
			assertThat(this.redis.state().hash(key)).containsEntry("success_callback_name", "tasks.cb_ok")
				.containsEntry("success_callback_timeout", "30")
				.containsEntry("failure_callback_name", "tasks.cb_fail")
				.containsEntry("failure_callback_timeout", "60")
				.containsEntry("stopped_callback_name", "tasks.cb_stop")
				.containsEntry("stopped_callback_timeout", "-1");
		}
		assertThat(this.jobs.find("a").orElseThrow().options().hooks()).isEqualTo(hooks);
		hash("rq:job:a", "success_callback_name", "", "stopped_callback_timeout", "0");
		assertThat(this.jobs.find("a").orElseThrow().options().hooks())
			.isEqualTo(new JobHooks(null, hooks.onFailure(), hooks.onStopped(), null));
	}

	@Test
	void unlimitedDurationsAreMinusOne() {
		enqueue(job("a",
				PLAIN.withTimeout(Duration.ofHours(-3))
					.withResultTtl(JobOptions.UNLIMITED)
					.withFailureTtl(JobOptions.UNLIMITED)));
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("timeout", "-1")
			.containsEntry("result_ttl", "-1")
			.containsEntry("failure_ttl", "-1");
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
	}

	/** W1. */
	@Test
	void scheduledJobIsStoredAsRqStoresItWithTheFractionOfItsTime() {
		Instant at = Instant.parse("2030-01-02T03:04:05.678901Z");
		List<Job> stored = enqueue(in(front(job("sched-1", PLAIN.withTtl(Duration.ofSeconds(7200)))), 3600),
				due(job("sched-2"), NewJob.Due.at(at)));
		assertThat(state()).isEqualTo("""
				rq:job:sched-1 hash ttl 7200
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueue_at_front 1
				  last_heartbeat
				  origin default
				  status scheduled
				  timeout 180
				  ttl 7200
				rq:job:sched-2 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  last_heartbeat
				  origin default
				  status scheduled
				  timeout 180
				rq:queues set
				  rq:queue:default
				rq:scheduled:default zset
				  +3600 sched-1
				  1893553446 sched-2
				""");
		assertThat(score("rq:scheduled:default", "sched-2")).isEqualTo(1893553445.678901);
		assertThat(stored).allSatisfy((job) -> {
			assertThat(job.status()).isEqualTo(JobStatus.SCHEDULED);
			assertThat(job.enqueuedAt()).isNull();
		});
	}

	@Test
	void delayIsCountedByTheClockOfRedis() {
		double before = now();
		enqueue(due(job("a"), NewJob.Due.in(Duration.ofMillis(1500))));
		assertThat(score("rq:scheduled:default", "a")).isBetween(before + 1.499, now() + 1.501);
		assertThat(score("rq:scheduled:default", "a") % 1).isNotZero();
	}

	/** W37. */
	@Test
	void scheduledJobIsNeverGoneBeforeItIsDue() {
		enqueue(in(job("a", PLAIN.withTtl(Duration.ofSeconds(60))), 120));
		assertThat(state("rq:job:")).startsWith("rq:job:a hash ttl 180\n");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -5 })
	void jobThatIsDueAlreadyIsQueued(long seconds) {
		enqueue(job("a"));
		List<Job> stored = enqueue(in(job("b"), seconds), front(in(job("c"), seconds)));
		assertThat(list("rq:queue:default")).containsExactly("c", "a", "b");
		assertThat(stored).extracting(Job::status).containsOnly(JobStatus.QUEUED);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
	}

	@Test
	void batchKeepsItsOrderOnEveryQueueAndTheLastAtTheFrontIsFirst() {
		push("default", "old");
		enqueue(job("a"), on("high", job("b")), front(job("c")), job("d"), in(on("low", job("e")), 60), front(job("f")),
				on("high", job("g")));
		assertThat(state("rq:queue", "rq:scheduled")).isEqualTo("""
				rq:queue:default list
				  f
				  c
				  old
				  a
				  d
				rq:queue:high list
				  b
				  g
				rq:queues set
				  rq:queue:default
				  rq:queue:high
				  rq:queue:low
				rq:scheduled:low zset
				  +60 e
				""");
	}

	@Test
	void thousandJobsAreOneCall() {
		this.jobs.enqueue(IntStream.range(0, 1000).mapToObj((i) -> job("job-" + i)).toList());
		assertThat(list("rq:queue:default")).hasSize(1000).startsWith("job-0").endsWith("job-999");
		assertThat(this.jobs.count("default")).isEqualTo(1000);
	}

	@Test
	void moreJobsTakeSeveralCallsInTheirOrderEachAllOrNone() {
		List<NewJob> many = IntStream.range(0, 2001).mapToObj((i) -> job("job-" + i)).toList();
		assertThat(this.jobs.enqueue(many)).extracting(Job::id)
			.hasSize(2001)
			.isEqualTo(many.stream().map((job) -> job.job().id()).toList())
			.isEqualTo(list("rq:queue:default"));
		List<NewJob> more = IntStream.range(2001, 3003)
			.mapToObj((i) -> (i < 3001) ? job("job-" + i) : unique(job("job-" + (i - 3001))))
			.toList();
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> this.jobs.enqueue(more));
		assertThat(list("rq:queue:default")).hasSize(3001).endsWith("job-3000");
	}

	@Test
	void uniqueJobIsRefusedWhileOneOfItsIdExistsInAnyState() {
		enqueue(unique(job("a")));
		claim(1);
		Execution execution = started("b");
		this.executions.finish(List.of(success(execution, 500)));
		enqueue(in(unique(job("c")), 60));
		String before = state();
		for (String id : List.of("a", "b", "c")) {
			assertThatExceptionOfType(DuplicateJobException.class)
				.isThrownBy(() -> enqueue(job("new-1"), in(on("other", job("new-2")), 5), unique(job(id))))
				.withMessageContaining("exists")
				.satisfies((ex) -> assertThat(ex.getJobId()).isEqualTo(id));
			assertThat(state()).isEqualTo(before);
		}
	}

	@Test
	void jobOfGivenIdReplacesTheWaitingOneWhereverItIs() {
		enqueue(job("a", PLAIN.withTtl(Duration.ofSeconds(50)).withDescription("old")), on("low", job("b")),
				in(job("c"), 60), job("d"));
		this.template.opsForZSet().add("rq:failed:default", "e", 5);
		python("e", "status", "failed", "foreign", "x");
		enqueue(given(job("a")), given(job("b")), given(job("c")), in(given(job("d")), 60), given(job("e")));
		assertThat(state()).isEqualTo("""
				rq:enqueued:N1 string ttl 60
				  [0,4,"scheduled"]
				rq:job:a hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  nonce N1
				  origin default
				  status queued
				  timeout 180
				rq:job:b hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  nonce N1
				  origin default
				  status queued
				  timeout 180
				rq:job:c hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  nonce N1
				  origin default
				  status queued
				  timeout 180
				rq:job:d hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  last_heartbeat
				  nonce N1
				  origin default
				  status scheduled
				  timeout 180
				rq:job:e hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  nonce N1
				  origin default
				  status queued
				  timeout 180
				rq:queue:default list
				  a
				  b
				  c
				  e
				rq:queues set
				  rq:queue:default
				  rq:queue:low
				rq:scheduled:default zset
				  +60 d
				""");
	}

	@Test
	void jobOfGivenIdIsRefusedWhileItRuns() {
		started("a");
		String before = state();
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> enqueue(job("b"), given(job("a"))))
			.withMessageContaining("running")
			.satisfies((ex) -> assertThat(ex.getJobId()).isEqualTo("a"));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void idGivenTwiceInOneCallIsRefused() {
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> enqueue(given(job("a")), job("b"), given(job("a"))))
			.withMessageContaining("twice")
			.satisfies((ex) -> assertThat(ex.getJobId()).isEqualTo("a"));
		assertThat(state()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rq:queue:bad", "rq:scheduled:bad" })
	void keyOfAnotherTypeIsAnErrorThatWritesNothing(String key) {
		enqueue(given(job("a")));
		this.template.opsForValue().set(key, "no list, no sorted set");
		String before = state();
		NewJob bad = on("bad", job("b"));
		NewJob badJob = key.contains("scheduled") ? in(bad, 60) : bad;
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> enqueue(badJob));
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> enqueue(given(badJob)));
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> enqueue(given(job("a")), on("high", job("c")), badJob));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void schedulersHearOnlyOfJobsThatAreDueBeforeAllOthers() {
		List<String> heard = new CopyOnWriteArrayList<>();
		try (Subscription wakeUps = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()))
			.subscribe(heard::add)) {
			enqueue(in(job("a"), 60));
			enqueue(in(job("b"), 70), job("c"));
			enqueue(in(on("mail", job("d")), 90));
			enqueue(in(job("e"), 50));
			await().until(() -> heard.size() >= 3);
			assertThat(heard).containsExactly("default", "mail", "default");
			assertThat(wakeUps).isNotNull();
		}
	}

	@Test
	void metaIsStoredOnlyForAJobThatExists() {
		enqueue(job("a"));
		note("a");
		note("b");
		assertThat(field("a", "meta")).isEqualTo("{}");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:b");
	}

	@Test
	void absentJobIsNotFound() {
		this.template.opsForHash().put("rq:job:half", "status", "queued");
		assertThat(this.jobs.find("half")).isEmpty();
		assertThat(this.jobs.find("none")).isEmpty();
		assertThat(this.jobs.results("none")).isEmpty();
		assertThat(this.jobs.count("none")).isZero();
	}

	@Test
	void aCallThatIsDeliveredTwiceStoresItsJobsOnce() {
		enqueue(job("a"));
		enqueue(job("b"), in(job("c"), 60));
		String before = state();
		enqueue(job("a"));
		enqueue(job("b"), in(job("c"), 60));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void aReplacedJobDoesNotKeepTheResultsOfTheOld() {
		enqueue(given(job("a")));
		this.template.opsForStream().add("rq:results:a", Map.of("type", "1"));
		enqueue(given(job("a")));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:results:a");
	}

	@Test
	void fullRedisRefusesEveryEnqueueAndNothingIsWritten() {
		try (TestRedis full = TestRedis.start()) {
			JobStore store = TestStores.jobs(new RedisScripts(full.connectionFactory()), this.clock);
			store.enqueue(List.of(given(job("a")), job("b")));
			limitMemory(full, "1");
			String before = full.state().keys().toString();
			for (List<NewJob> refused : List.of(List.of(job("n")), List.of(given(job("n"))), List.of(given(job("a"))),
					List.of(in(given(job("a")), 60)), List.of(in(job("n"), 60)), List.of(unique(job("n")), job("m")),
					List.of(given(front(job("a"))), given(on("other", job("c")))))) {
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> store.enqueue(refused))
					.havingRootCause()
					.withMessageContaining("maxmemory");
				assertThat(full.state().keys()).hasToString(before);
			}
			limitMemory(full, "0");
			store.enqueue(List.of(given(job("a"))));
			assertThat(full.state().list("rq:queue:default")).containsExactly("b", "a");
		}
	}

	private static void limitMemory(TestRedis redis, String bytes) {
		try (RedisConnection connection = redis.connectionFactory().getConnection()) {
			connection.serverCommands().setConfig("maxmemory", bytes);
		}
	}

	@Test
	void setOfQueuesOfAnotherTypeIsAnErrorThatWritesNothing() {
		this.template.opsForValue().set("rq:queues", "no set");
		String before = state();
		for (List<NewJob> refused : List.of(List.of(job("a")), List.of(given(job("a"))), List.of(job("a"), job("b")))) {
			assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.jobs.enqueue(refused));
			assertThat(state()).isEqualTo(before);
		}
	}

	@Test
	void registryOfAnotherTypeDoesNotKeepAJobFromBeingReplaced() {
		python("a", "status", "failed");
		this.template.opsForValue().set("rq:failed:default", "no sorted set");
		enqueue(given(job("a")));
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

}
