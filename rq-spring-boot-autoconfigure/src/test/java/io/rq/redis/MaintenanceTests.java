package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.core.ListOperations;

import io.rq.job.Retry;
import io.rq.queue.ReclaimedJob.Outcome;
import io.rq.queue.ReclaimedJob;
import io.rq.redis.ExecutionStore.Run;
import io.rq.redis.MaintenanceStore.Chore;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code chores.lua}, {@code reclaim.lua}, {@code restore.lua} and
 * {@code expire.lua}.
 */
class MaintenanceTests extends AbstractStoreTests {

	/** A round looks at 100 or a few more; the one that is looked for may be behind. */
	private static final int ROUNDS_FOR_500 = 6;

	private static final String TEXT = "AbandonedJobError: the lease of the job's worker ran out; found at " + STAMP;

	private List<ReclaimedJob> reclaim() {
		return reclaim(3, 31536000);
	}

	private List<ReclaimedJob> reclaim(int maxReclaims, long failureTtl) {
		return steadily(() -> this.maintenance.reclaim("default", maxReclaims, failureTtl, null)).stream()
			.map(MaintenanceStore.Reclaimed::job)
			.toList();
	}

	private static ReclaimedJob reclaimed(String id, Outcome outcome) {
		return new ReclaimedJob(id, "default", outcome);
	}

	@Test
	void jobIsRetriedWhileItHasRetries() {
		Execution execution = started("a", PLAIN.withRetry(Retry.max(3).intervals(10, 60)));
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW)));
		expireLeases("default");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.RETRIED));
		assertThat(state()).isEqualTo("""
				rq:attempts:a stream ttl 31536000
				  {exc_string=%s, type=4, worker_name=}
				rq:job:a hash
				  attempts 1
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  retries_left 2
				  retry_intervals [10, 60]
				  started_at 2026-01-31T12:00:00.123456Z
				  status scheduled
				  timeout 180
				  worker_name w1
				rq:queues set
				  rq:queue:default
				rq:scheduled:default zset
				  +10 a
				""".formatted(TEXT));
	}

	/** W17. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			3   | [10, 60]   |   | 10 |
			2   | [10, 60]   |   | 10 |
			1   | [10, 60]   |   | 60 |
			1   | [0]        |   | 0  | other a
			1   | [0]        | 1 | 0  | a other
			1   |            |   | 0  | other a
			1   | no JSON    |   | 0  | other a
			1   | ["x"]      |   | 0  | other a
			1   | [1.5]      |   | 1  |
			3.0 | [10]       |   | 10 |
			""")
	void waitAndPlaceOfTheRetryAreRqs(String left, String intervals, String front, int wait, String queue) {
		python("a", "retries_left", left, "retry_intervals", (intervals != null) ? intervals : "");
		if (front != null) {
			hash("rq:job:a", "enqueue_at_front_on_retry", front);
		}
		hash("rq:job:a", "status", "started");
		push("default", "other");
		zadd("rq:wip:default", now() - 10, "a:0123");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.RETRIED));
		assertThat(field("a", "retries_left")).isEqualTo("" + ((int) Double.parseDouble(left) - 1));
		if (wait > 0) {
			assertThat(field("a", "status")).isEqualTo("scheduled");
			assertThat(score("rq:scheduled:default", "a")).isBetween(now() + wait - 5, now() + wait + 0.001);
		}
		else {
			assertThat(field("a", "status")).isEqualTo("queued");
			assertThat(list("rq:queue:default")).containsExactly(queue.split(" "));
		}
	}

	@Test
	void jobWithoutRetriesIsPutBackInFrontAFewTimesAndThenFails() {
		enqueue(job("a", PLAIN.withTtl(Duration.ofSeconds(600))), job("other"));
		for (int i = 1; i <= 3; i++) {
			claim(1);
			expireLeases("default");
			assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.REQUEUED));
			assertThat(this.redis.state().hash("rq:job:a")).containsEntry("reclaims", "" + i)
				.containsEntry("status", "queued");
			assertThat(state("rq:queue:", "rq:wip", "rq:job:a ")).startsWith("rq:job:a hash ttl 600\n")
				.endsWith("rq:queue:default list\n  a\n  other\n");
		}
		Execution last = claim(1).get(0);
		this.executions.beat("busy", List.of("default"), List.of(new Run(last, NOW)));
		expireLeases("default");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.FAILED));
		assertThat(state()).isEqualTo("""
				rq:attempts:a stream ttl 31536000
				  {exc_string=%1$s, type=4, worker_name=}
				  {exc_string=%1$s, type=4, worker_name=}
				  {exc_string=%1$s, type=4, worker_name=}
				rq:failed:default zset
				  +31536000 a
				rq:job:a hash ttl 31536000
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  reclaims 3
				  started_at 2026-01-31T12:00:00.123456Z
				  status failed
				  timeout 180
				  ttl 600
				  worker_name w1
				rq:job:other hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  origin default
				  status queued
				  timeout 180
				rq:queue:default list
				  other
				rq:queues set
				  rq:queue:default
				rq:results:a stream ttl 31536000
				  {exc_string=%1$s, type=2, worker_name=}
				""".formatted(TEXT));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			86400 | rq:failed:default zset/  +86400 a/rq:job:a hash ttl 86400/rq:results:a stream ttl 86400
			-1    | rq:failed:default zset/  -1 a/rq:job:a hash/rq:results:a stream
			''    | rq:failed:default zset/  +500 a/rq:job:a hash ttl 500/rq:results:a stream ttl 500
			long  | rq:failed:default zset/  +500 a/rq:job:a hash ttl 500/rq:results:a stream ttl 500
			0     |
			""")
	void failedJobIsKeptAsLongAsItSays(String failureTtl, String expected) {
		started("a");
		hash("rq:job:a", "failure_ttl", failureTtl);
		expireLeases("default");
		assertThat(reclaim(0, 500)).containsExactly(reclaimed("a", Outcome.FAILED));
		assertThat(String.join("/",
				state("rq:failed", "rq:job", "rq:results").lines()
					.filter((line) -> !line.startsWith("  ") || line.endsWith(" a"))
					.toList()))
			.isEqualTo((expected != null) ? expected : "");
	}

	/** W24. */
	@Test
	void failureReleasesDependentsThatAllowIt() {
		started("parent");
		python("child", "status", "deferred", "allow_dependency_failures", "1");
		zadd("rq:deferred:default", 1, "child");
		this.template.opsForSet().add("rq:job:parent:dependents", "child", "strict");
		python("strict", "status", "deferred");
		expireLeases("default");
		reclaim(0, 500);
		assertThat(list("rq:queue:default")).containsExactly("child");
		assertThat(this.redis.state().set("rq:job:parent:dependents")).containsExactly("strict");
		assertThat(this.redis.state().ttl("rq:job:parent:dependents")).isBetween(490L, 500L);
	}

	@Test
	void leasesThatRunAreLeftAlone() {
		Execution execution = started("a");
		zadd("rq:wip:default", now() - 1, "a:" + execution.id());
		String before = state();
		assertThat(reclaim()).isEmpty();
		assertThat(state()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "0, 10, true", "20, 60, true", "0, 8, false", "22, 60, false", "-5, 60, false" })
	void onlyAWorkerThatBeatsSteadilyJudgesOthers(double lastBeat, double series, boolean judges) {
		started("a");
		expireLeases("default");
		assertThat(this.maintenance.reclaim("default", 3, 500, null)).isEmpty();
		hash("rq:worker:w1", "beat_at", "" + (now() - lastBeat), "beating_since", "" + (now() - series));
		assertThat(this.maintenance.reclaim("default", 3, 500, null)).hasSize(judges ? 1 : 0);
	}

	@Test
	void entryOfRq1IsReclaimed() {
		python("a", "status", "started");
		zadd("rq:wip:default", now() - 10, "a");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.REQUEUED));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:wip:default");
	}

	/** W12. */
	@ParameterizedTest
	@CsvSource({ "899, false", "880, false", "860, true", "-1, true" })
	void queueUnderMaintenanceByPythonIsLeftAloneForHalfAMinute(long ttl, boolean expected) {
		started("a");
		expireLeases("default");
		this.template.opsForValue().set("rq:clean_registries:default", "1");
		if (ttl > 0) {
			this.template.expire("rq:clean_registries:default", Duration.ofSeconds(ttl));
		}
		assertThat(reclaim().isEmpty()).isNotEqualTo(expected);
		assertThat(this.redis.state().zset("rq:wip:default").isEmpty()).isEqualTo(expected);
		assertThat(this.redis.state().string("rq:clean_registries:default")).isEqualTo("1");
	}

	/** W7. */
	@ParameterizedTest
	@CsvSource({ "finished", "failed", "canceled", "scheduled", "deferred", "stopped" })
	void entryOfAJobThatDoesNotRunIsDropped(String status) {
		Execution execution = started("a");
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW)));
		moved("a", status);
		expireLeases("default");
		String before = state("rq:job", "rq:queue", "rq:scheduled", "rq:deferred", "rq:canceled", "rq:failed",
				"rq:finished");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.DROPPED));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void jobThatIsOnItsQueueAlreadyIsNotPutThereTwice() {
		started("a");
		hash("rq:job:a", "status", "queued");
		push("default", "a");
		expireLeases("default");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.DROPPED));
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	/** W6. */
	@Test
	void jobThatAPythonWorkerTookButNeverStartedIsPutBack() {
		python("a");
		this.template.opsForList().rightPushAll("rq:queue:default:intermediate", "b", "a");
		zadd("rq:wip:default", now() - 10, "a:0123");
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.REQUEUED));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(list("rq:queue:default:intermediate")).containsExactly("b");
	}

	/** W13. */
	@Test
	void recordsThatCannotBeReadHinderNobody() {
		this.template.opsForValue().set("rq:job:string", "no hash");
		hash("rq:job:half", "status", "started");
		python("poison", "status", "started", "ttl", "1.5h", "failure_ttl", "x", "reclaims", "y", "retries_left", "z");
		this.template.opsForValue().set("rq:results:poison", "no stream");
		started("good");
		for (String member : List.of("string:1", "half:1", "poison:1", "none:1", "", ":", "a:b:c")) {
			zadd("rq:wip:default", 5, member);
		}
		expireLeases("default");
		assertThat(reclaim())
			.contains(reclaimed("good", Outcome.REQUEUED), reclaimed("poison", Outcome.REQUEUED),
					reclaimed("string", Outcome.DROPPED), reclaimed("half", Outcome.DROPPED),
					reclaimed("none", Outcome.DROPPED))
			.hasSize(8);
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("poison", "good");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:wip:default");
	}

	/** W42. */
	@Test
	void moreThanOneBatchIsReclaimed() {
		this.jobs.enqueue(IntStream.range(0, 1000).mapToObj((i) -> job("job-" + i)).toList());
		claim(1000);
		for (String member : this.redis.state().zset("rq:wip:default").keySet()) {
			zadd("rq:wip:default", 5, member);
		}
		assertThat(reclaim()).hasSize(1000);
		assertThat(this.jobs.count("default")).isEqualTo(1000);
	}

	@Test
	void whatBecameOfABatchIsKnownWhenTheNextOneFails() {
		this.jobs.enqueue(IntStream.range(0, 600).mapToObj((i) -> job("job-" + i)).toList());
		claim(600);
		expireLeases("default");
		hash("rq:worker:w1", "beat_at", "" + now(), "beating_since", "5");
		List<MaintenanceStore.Reclaimed> told = new ArrayList<>();
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.maintenance.reclaim("default", 3, 500, null, (batch) -> {
				told.addAll(batch);
				this.template.rename("rq:queue:default", "rq:queue:other");
				this.template.opsForValue().set("rq:queue:default", "of another type");
			}));
		assertThat(told).hasSize(500);
		assertThat(list("rq:queue:other")).hasSize(500);
	}

	/** W7: in RQ each of them moves the job, and takes one of its retries. */
	@Test
	void twoWhoSweepAtOnceMoveNothingTwice() {
		this.jobs
			.enqueue(IntStream.range(0, 1000).mapToObj((i) -> job("job-" + i, PLAIN.withRetry(Retry.max(3)))).toList());
		List<Execution> runs = claim(1000);
		expireLeases("default");
		CyclicBarrier start = new CyclicBarrier(2);
		Supplier<Integer> sweep = () -> {
			try {
				start.await();
			}
			catch (InterruptedException | BrokenBarrierException ex) {
				throw new IllegalStateException(ex);
			}
			return maintenance("w1").reclaim("default", 3, 500, null).size();
		};
		int moved = steadily(() -> {
			CompletableFuture<Integer> other = CompletableFuture.supplyAsync(sweep, new SimpleAsyncTaskExecutor());
			return sweep.get() + other.join();
		});
		assertThat(moved).isEqualTo(1000);
		assertThat(list("rq:queue:default")).hasSize(1000).doesNotHaveDuplicates();
		assertThat(runs)
			.allMatch((run) -> "2".equals(this.template.opsForHash().get("rq:job:" + run.jobId(), "retries_left")));
	}

	/** W8. */
	@Test
	void reclaimedRunCannotEndAnyMore() {
		Execution execution = started("a");
		expireLeases("default");
		reclaim();
		String before = state();
		assertThat(this.executions.finish(List.of(success(execution, 500)))).containsExactly(execution);
		assertThat(state()).isEqualTo(before);
	}

	private WorkerIdentity worker(String name) {
		return new WorkerIdentity(name, List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17");
	}

	/** W4, W5. */
	@Test
	void takenIdsOfWorkersThatAreGoneAreRestored() {
		this.workers.register(worker("alive"), TestStores.UNTOLD, LEASE);
		this.workers.register(worker("gone"), TestStores.UNTOLD, LEASE);
		this.template.delete("rq:worker:gone");
		push("default", "c");
		this.template.opsForList().rightPushAll("rq:taken:default:gone", "a", "b");
		this.template.opsForList().rightPushAll("rq:taken:default:alive", "x");
		assertThat(this.maintenance.restoreTaken("default")).isEqualTo(2);
		assertThat(state("rq:queue", "rq:taken", "rq:takers")).isEqualTo("""
				rq:queue:default list
				  a
				  b
				  c
				rq:taken:default:alive list
				  x
				rq:takers:default set
				  alive
				""");
		assertThat(this.maintenance.restoreTaken("default")).isZero();
	}

	@Test
	void idsOfACallThatRunsThemItselfAreRestoredAfterAMinute() {
		long seconds = (long) now();
		enqueue(job("old"), job("new"), job("ahead"));
		this.executions.take("default", "sync-" + (seconds - 70) + "-a", List.of("old"));
		this.executions.take("default", "sync-" + (seconds - 5) + "-b", List.of("new"));
		this.executions.take("default", "sync-" + (seconds + 3_600) + "-c", List.of("ahead"));
		assertThat(this.maintenance.restoreTaken("default")).isEqualTo(2);
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("old", "ahead");
		assertThat(this.executions.claimTaken("default", "sync-" + (seconds - 5) + "-b", 1).claims()).hasSize(1);
	}

	/** W5: in RQ what was seen of it once counts for a day. */
	@Test
	void idThatWasRestoredOnceIsLeftToTheNextWhoTakesIt() {
		enqueue(job("a"));
		this.workers.register(worker("gone"), TestStores.UNTOLD, LEASE);
		this.template.opsForList()
			.move(ListOperations.MoveFrom.fromHead("rq:queue:default"),
					ListOperations.MoveTo.toTail("rq:taken:default:gone"));
		this.template.delete("rq:worker:gone");
		assertThat(this.maintenance.restoreTaken("default")).isOne();
		this.workers.register(worker("w1"), TestStores.UNTOLD, LEASE);
		this.template.opsForList()
			.move(ListOperations.MoveFrom.fromHead("rq:queue:default"),
					ListOperations.MoveTo.toTail("rq:taken:default:w1"));
		assertThat(this.maintenance.restoreTaken("default")).isZero();
		assertThat(claim(1)).extracting(Execution::jobId).containsExactly("a");
		assertThat(this.maintenance.restoreTaken("default")).isZero();
		assertThat(field("a", "status")).isEqualTo("started");
	}

	@Test
	void workerRestoresItsOwnTakenIds() {
		push("default", "c");
		this.template.opsForList().rightPushAll("rq:taken:default:w1", "a", "b");
		this.template.opsForList().rightPushAll("rq:taken:high:w1", "d");
		this.template.opsForList().rightPushAll("rq:taken:default:w2", "x");
		this.executions.restoreTaken(List.of("default", "high"));
		assertThat(state()).isEqualTo("""
				rq:queue:default list
				  a
				  b
				  c
				rq:queue:high list
				  d
				rq:taken:default:w2 list
				  x
				""");
	}

	@Test
	void entriesOfEndedJobsLeaveTheirRegistriesInTime() {
		for (String registry : List.of("rq:finished:default", "rq:failed:default", "rq:canceled:default")) {
			zadd(registry, now() - 1, "old");
			zadd(registry, now() + 100, "new");
			zadd(registry, -1, "for ever");
		}
		zadd("rq:finished:default", Double.POSITIVE_INFINITY, "endless");
		this.maintenance.expire("default", 500);
		assertThat(this.redis.state().zset("rq:finished:default")).containsOnlyKeys("new", "for ever", "endless");
		assertThat(this.redis.state().zset("rq:failed:default")).containsOnlyKeys("new", "for ever");
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("old", "new", "for ever");
	}

	/** W42. */
	@Test
	void allBatchesOfOldEntriesAreDropped() {
		for (int i = 0; i < 1200; i++) {
			zadd("rq:failed:default", i, "job-" + i);
		}
		this.maintenance.expire("default", 500);
		assertThat(state()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "rq:queue:default", "rq:scheduled:default", "rq:failed:default", "rq:queue:default:intermediate" })
	void keyOfAnotherTypeIsNamedBeforeAnythingIsWritten(String key) {
		started("a");
		expireLeases("default");
		this.template.opsForValue().set(key, "something else");
		hash("rq:worker:w1", "beat_at", "" + now(), "beating_since", "5");
		String before = state("rq:job", "rq:wip", "rq:queue");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.maintenance.reclaim("default", 3, 500, null))
			.withMessageContaining(key);
		assertThat(state("rq:job", "rq:wip", "rq:queue")).isEqualTo(before);
		this.template.delete(key);
		assertThat(reclaim()).containsExactly(reclaimed("a", Outcome.REQUEUED));
	}

	@ParameterizedTest
	@CsvSource({ "200, false", "20000, false", "200, true", "20000, true" })
	void jobOnALongQueueRunsOnceHoweverItsFormerWorkerDied(int length, boolean waiting) {
		python("a");
		push("default", IntStream.range(0, length).mapToObj((i) -> "x" + i).toArray(String[]::new));
		if (waiting) {
			push("default", "a");
		}
		push("default", IntStream.range(0, length).mapToObj((i) -> "y" + i).toArray(String[]::new));
		zadd("rq:wip:default", now() - 10, "a:0123");
		reclaim();
		List<Execution> runs = new ArrayList<>();
		while (this.jobs.count("default") > 0) {
			List<Execution> claimed = claim(10);
			this.executions.finish(claimed.stream().map((run) -> failure(run, 500)).toList());
			runs.addAll(claimed);
		}
		assertThat(runs).singleElement().satisfies((run) -> assertThat(run.jobId()).isEqualTo("a"));
	}

	/** W19. */
	@Test
	void cancelledJobsGoWhenTheirTimeHasCome() {
		python("old", "status", "canceled");
		python("again", "status", "queued");
		python("young", "status", "canceled");
		for (String id : List.of("old", "young")) {
			this.template.opsForSet().add("rq:job:" + id + ":dependents", "x");
			this.template.opsForSet().add("rq:job::" + id + ":dependencies", "x");
			this.template.opsForStream().add("rq:results:" + id, Map.of("type", "4"));
			this.template.opsForStream().add("rq:attempts:" + id, Map.of("type", "4"));
		}
		zadd("rq:canceled:default", now() - 501, "old");
		zadd("rq:canceled:default", now() - 501, "again");
		zadd("rq:canceled:default", now() - 400, "young");
		this.maintenance.expire("default", -1);
		assertThat(this.redis.state().keys()).containsKey("rq:job:old");
		this.maintenance.expire("default", 500);
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("young");
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:canceled:default", "rq:job:again", "rq:job:young",
				"rq:job:young:dependents", "rq:job::young:dependencies", "rq:results:young", "rq:attempts:young");
	}

	@Test
	void registryOfAnotherTypeDoesNotKeepTheOthersFromBeingCleaned() {
		this.template.opsForValue().set("rq:finished:default", "something else");
		zadd("rq:failed:default", now() - 1, "old");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.maintenance.expire("default", 500));
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:finished:default");
	}

	@Test
	void workersWhoseRegistrationIsGoneLeaveTheRecord() {
		for (int i = 0; i < 300; i++) {
			this.workers.register(worker("worker-" + i), TestStores.UNTOLD, LEASE);
			if (i != 7) {
				this.template.delete("rq:worker:worker-" + i);
			}
		}
		this.maintenance.forgetWorkers("default");
		assertThat(this.redis.state().set("rq:workers")).containsExactly("rq:worker:worker-7");
		assertThat(this.redis.state().set("rq:workers:default")).containsExactly("rq:worker:worker-7");
		this.maintenance.restoreTaken("default");
		assertThat(this.redis.state().set("rq:takers:default")).containsExactly("worker-7");
	}

	@Test
	void workersOfPythonAreNoticed() {
		hash("rq:worker:py", "python_version", "3.11.2 (main)");
		this.template.opsForSet().add("rq:workers:default", "rq:worker:py");
		assertThat(this.maintenance.chores(List.of("other", "default"), 60, Retention.NONE))
			.isEqualTo(Map.of("other", Set.of(), "default", Set.of(Chore.PYTHON)));
	}

	@Test
	void takenListOfAnotherTypeDoesNotKeepTheOthersFromBeingRestored() {
		this.template.opsForSet().add("rq:takers:default", "bad", "good");
		this.template.opsForValue().set("rq:taken:default:bad", "something else");
		this.template.opsForList().rightPush("rq:taken:default:good", "a");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.maintenance.restoreTaken("default"));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.redis.state().set("rq:takers:default")).containsExactly("bad");
	}

	private Set<Chore> chores() {
		return this.maintenance.chores(List.of("other", "default"), 60, RetentionTests.kept(1))
			.getOrDefault("default", Set.of());
	}

	@Test
	void nothingIsToBeDoneForAQueueWhoseWorkersLive() {
		this.workers.register(new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17"),
				TestStores.UNTOLD, LEASE);
		zadd("rq:wip:default", now() + 30, "a:e1");
		zadd("rq:finished:default", now() + 30, "b");
		zadd("rq:canceled:default", now() - 30, "c");
		zadd("rq:ready:default", now() - 5, "r");
		assertThat(chores()).isEmpty();
	}

	@Test
	void whatIsToBeDoneIsFoundInOneCall() {
		zadd("rq:wip:default", now() - 3, "a:e1");
		assertThat(chores()).containsExactly(Chore.RECLAIM);
		this.template.opsForSet().add("rq:takers:default", "gone");
		assertThat(chores()).containsExactly(Chore.RECLAIM, Chore.RESTORE);
		hash("rq:releasing:default", "a", "failed 0");
		assertThat(chores()).containsExactly(Chore.RECLAIM, Chore.RESTORE, Chore.DEPENDENTS);
		zadd("rq:ready:default", now() - 11, "r");
		assertThat(chores()).containsExactly(Chore.RECLAIM, Chore.RESTORE, Chore.DEPENDENTS, Chore.READY);
		zadd("rq:canceled:default", now() - 61, "c");
		assertThat(chores()).containsExactly(Chore.RECLAIM, Chore.RESTORE, Chore.DEPENDENTS, Chore.READY, Chore.EXPIRE);
		zadd("rq:canceled:default", now(), "d");
		this.template.opsForSet().add("rq:workers:default", "rq:worker:gone");
		assertThat(chores()).containsExactlyElementsOf(EnumSet.range(Chore.RECLAIM, Chore.FORGET)
			.stream()
			.filter((chore) -> chore != Chore.FREE_SLOTS && chore != Chore.UNGROUP)
			.toList());
		this.template.opsForSet().add("rq:groups", "g");
		assertThat(this.maintenance.chores(List.of("other"), 60, Retention.NONE)).containsEntry("other",
				Set.of(Chore.UNGROUP));
		this.template.opsForSet().add("rq:rl-keys", "api");
		assertThat(this.maintenance.chores(List.of("other", "default"), 60, Retention.NONE)).containsEntry("other",
				Set.of(Chore.FREE_SLOTS, Chore.UNGROUP));
	}

	@Test
	void workersThatAreGoneFromQueuesWithoutWorkersAreToBeForgottenOnce() {
		this.template.opsForSet().add("rq:workers", "rq:worker:gone");
		assertThat(this.maintenance.chores(List.of("other", "default"), 60, Retention.NONE))
			.containsEntry("other", Set.of(Chore.FORGET_ALL))
			.containsEntry("default", Set.of());
		this.maintenance.forgetAllWorkers("other");
		assertThat(this.redis.state().keys()).isEmpty();
	}

	@Test
	void whatCannotBeReadIsToBeLookedAt() {
		for (String key : List.of("rq:takers:default", "rq:wip:default", "rq:failed:default", "rq:workers:default")) {
			this.template.opsForValue().set(key, "of another type");
		}
		assertThat(chores()).containsExactly(Chore.RECLAIM, Chore.RESTORE, Chore.EXPIRE, Chore.FORGET);
	}

	/** One in each set, as far from its beginning as Redis has put it. */
	@Test
	void theOneThatIsGoneOfACrowdIsFoundInAFewRounds() {
		for (int i = 0; i < 500; i++) {
			this.workers.register(worker("w" + i), TestStores.UNTOLD, LEASE);
		}
		assertThat(chores()).isEmpty();
		for (int gone = 0; gone < 500; gone += 50) {
			this.template.delete("rq:worker:w" + gone);
			this.template.opsForList().rightPush("rq:taken:default:w" + gone, "job-" + gone);
			for (int round = 0; round < ROUNDS_FOR_500; round++) {
				maintainWorkers();
			}
			assertThat(list("rq:queue:default")).startsWith("job-" + gone).hasSize(1 + gone / 50);
			assertThat(this.redis.state().set("rq:workers")).hasSize(499 - gone / 50);
			assertThat(this.redis.state().set("rq:workers:default")).hasSize(499 - gone / 50);
			assertThat(this.redis.state().set("rq:takers:default")).hasSize(499 - gone / 50);
		}
	}

	private void maintainWorkers() {
		this.maintenance.chores(List.of("default"), 60, Retention.NONE).get("default").forEach((chore) -> {
			switch (chore) {
				case RESTORE -> this.maintenance.restoreTaken("default");
				case FORGET -> this.maintenance.forgetWorkers("default");
				case FORGET_ALL -> this.maintenance.forgetAllWorkers("default");
				default -> throw new AssertionError(chore);
			}
		});
	}

}
