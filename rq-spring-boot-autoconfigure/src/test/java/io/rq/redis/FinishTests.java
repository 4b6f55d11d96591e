package io.rq.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;

import io.rq.job.Dependency;
import io.rq.job.JobResult;
import io.rq.redis.ExecutionStore.Run;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code finish.lua} and {@link ExecutionStore#finish}.
 */
class FinishTests extends AbstractStoreTests {

	@Test
	void successIsRecordedAsRqRecordsIt() {
		Execution execution = startedFromPython("run-1");
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW.minusSeconds(2))));
		assertThat(this.executions.finish(List.of(success(execution, 500)))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:finished:default zset
				  +500 run-1
				rq:job:run-1 hash ttl 500
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add", null, [1], {}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_callback_name
				  group_id
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  started_at 2026-01-31T12:00:00.123456Z
				  status finished
				  stopped_callback_name
				  success_callback_name
				  timeout 180
				  worker_name w1
				rq:results:run-1 stream ttl 500
				  {execution_ended_at=1769860800.123456, execution_id=E1, execution_started_at=1769860798.123456, \
				return_value=3, type=1, worker_name=w1}
				""");
	}

	/** W18. */
	@Test
	void failureIsRecordedAsRqRecordsItButItsResultExpires() {
		Execution execution = startedFromPython("fail-1");
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW.minusSeconds(2))));
		assertThat(this.executions.finish(List.of(failure(execution, 31536000)))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:failed:default zset
				  +31536000 fail-1
				rq:job:fail-1 hash ttl 31536000
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add", null, [1], {}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_callback_name
				  group_id
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  started_at 2026-01-31T12:00:00.123456Z
				  status failed
				  stopped_callback_name
				  success_callback_name
				  timeout 180
				  worker_name w1
				rq:results:fail-1 stream ttl 31536000
				  {exc_string=ValueError: bang, execution_ended_at=1769860800.123456, execution_id=E1, \
				execution_started_at=1769860798.123456, type=2, worker_name=w1}
				""");
		assertThat(this.jobs.results("fail-1")).singleElement().satisfies((result) -> {
			assertThat(result.type()).isEqualTo(JobResult.Type.FAILED);
			assertThat(result.exception()).isEqualTo("ValueError: bang");
			assertThat(result.run().workerName()).isEqualTo("w1");
		});
	}

	@Test
	void stopIsRecordedAsRqRecordsItWithItsTimesAndWorker() {
		Execution execution = startedFromPython("stop-1", "retries_left", "3");
		assertThat(this.executions.finish(List.of(stopped(execution, 31536000)))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:failed:default zset
				  +31536000 stop-1
				rq:job:stop-1 hash ttl 31536000
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add", null, [1], {}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_callback_name
				  group_id
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  retries_left 3
				  started_at 2026-01-31T12:00:00.123456Z
				  status stopped
				  stopped_callback_name
				  success_callback_name
				  timeout 180
				  worker_name w1
				rq:results:stop-1 stream ttl 31536000
				  {exc_string=Job stopped by user, work-horse terminated., execution_ended_at=1769860800.123456, \
				execution_id=E1, execution_started_at=1769860798.123456, type=2, worker_name=w1}
				""");
	}

	@Test
	void stoppedJobReleasesNobodyAndItsDependentsAreKeptAsLongAsItself() {
		Execution execution = started("parent");
		this.template.opsForSet().add("rq:job:parent:dependents", "child");
		python("child", "status", "deferred", "allow_dependency_failures", "1");
		this.executions.finish(List.of(stopped(execution, 500)));
		assertThat(field("child", "status")).isEqualTo("deferred");
		assertThat(this.template.getExpire("rq:job:parent:dependents")).isBetween(490L, 500L);
	}

	@Test
	void nullIsAResultWithoutValueAndTooManyReturnedRetriesAreOneWithoutTrace() {
		Execution a = started("a");
		Execution b = started("b");
		this.executions.finish(List.of(new Outcome.Finished(a, attempt(null, null), JobResult.Type.SUCCESSFUL, 500),
				new Outcome.Finished(b, attempt(null, null), JobResult.Type.MAX_RETRIES_EXCEEDED, 500)));
		assertThat(this.redis.state().stream("rq:results:a").get(0).fields()).containsOnlyKeys("type", "worker_name",
				"execution_id", "execution_started_at", "execution_ended_at");
		assertThat(this.redis.state().stream("rq:results:b").get(0).fields()).containsEntry("type", "5")
			.doesNotContainKey("exc_string");
		assertThat(field("b", "status")).isEqualTo("failed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			true  | rq:finished:default zset;  inf a;rq:job:a hash;rq:results:a stream
			false | rq:failed:default zset;  -1 a;rq:job:a hash;rq:results:a stream
			""")
	void minusOneIsForEver(boolean success, String expected) {
		Execution execution = started("a");
		this.executions.finish(List.of(success ? success(execution, -1) : failure(execution, -1)));
		String keysAndScores = String.join(";",
				state("rq:finished", "rq:failed", "rq:job", "rq:results").lines()
					.filter((line) -> !line.startsWith("  ") || line.endsWith(" a"))
					.toList());
		assertThat(keysAndScores).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void zeroDropsTheJobAtOnce(boolean success) {
		Execution execution = started("a");
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW)));
		this.executions.finish(List.of(success ? success(execution, 0) : failure(execution, 0)));
		assertThat(state()).isEqualTo("""
				rq:queues set
				  rq:queue:default
				""");
	}

	/** W8. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void lostLeaseChangesNothing(boolean success) {
		Execution execution = started("a");
		this.template.opsForZSet().remove("rq:wip:default", "a:" + execution.id());
		Execution second = new Execution("a", "default", "0123456789abcdef0123456789abcdef", false, "");
		zadd("rq:wip:default", now() + 30, "a:" + second.id());
		register();
		String before = state();
		assertThat(this.executions.finish(List.of(success ? success(execution, 500) : failure(execution, 0))))
			.containsExactly(execution);
		assertThat(state()).isEqualTo(before);
	}

	/** W15. */
	@Test
	void outcomeCountsOnce() {
		Execution execution = started("a");
		assertThat(this.executions.finish(List.of(success(execution, 500)))).isEmpty();
		String before = state();
		assertThat(this.executions.finish(List.of(failure(execution, 500)))).containsExactly(execution);
		assertThat(state()).isEqualTo(before);
	}

	/** W26. */
	@ParameterizedTest
	@CsvSource({ "canceled", "queued", "scheduled", "deferred" })
	void ofAJobMovedMeanwhileOnlyTheResultIsRecorded(String status) {
		Execution execution = started("a");
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW)));
		moved("a", status);
		String before = state("rq:job", "rq:canceled", "rq:finished", "rq:failed", "rq:queue");
		assertThat(this.executions.finish(List.of(success(execution, 500)))).isEmpty();
		assertThat(state("rq:job", "rq:canceled", "rq:finished", "rq:failed", "rq:queue")).isEqualTo(before);
		assertThat(state("rq:results", "rq:wip", "rq:execution")).isEqualTo("""
				rq:results:a stream ttl 500
				  {execution_ended_at=1769860800.123456, execution_id=E1, execution_started_at=1769860798.123456, \
				return_value=3, type=1, worker_name=w1}
				""");
	}

	/** W26: it has the status of a copy that is older than the run. */
	@ParameterizedTest
	@CsvSource({ "queued", "scheduled", "deferred", "created" })
	void whatRqHasSavedMeanwhileIsNoEnd(String status) {
		Execution succeeds = started("a");
		Execution fails = started("b");
		hash("rq:job:a", "status", status, "enqueued_at", "2026-01-31T11:59:00.000000Z");
		hash("rq:job:b", "status", status);
		this.executions.finish(List.of(success(succeeds, 500), failure(fails, 500)));
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(field("b", "status")).isEqualTo("failed");
		assertThat(this.redis.state().zset("rq:finished:default")).containsOnlyKeys("a");
		assertThat(this.redis.state().zset("rq:failed:default")).containsOnlyKeys("b");
	}

	@Test
	void anOlderTimeOfTheSameJobIsNoNewerOne() {
		Execution execution = started("a");
		hash("rq:job:a", "enqueued_at", "2026-01-31T11:59:00.000000Z");
		this.executions.finish(List.of(success(execution, 500)));
		assertThat(field("a", "status")).isEqualTo("finished");
	}

	@Test
	void aRunDoesNotDecideForANewerOneOfTheSameId() {
		Execution older = started("a");
		hash("rq:job:a", "enqueued_at", "2026-01-31T12:00:07.000000Z", "status", "queued");
		push("default", "a");
		Execution newer = claim(1).get(0);
		assertThat(this.executions.finish(List.of(success(older, 500)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("started");
		assertThat(this.executions.finish(List.of(failure(newer, 500)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("failed");
		assertThat(this.redis.state().zset("rq:failed:default")).containsKey("a");
	}

	@Test
	void deletedJobStaysDeleted() {
		Execution execution = started("a");
		this.template.delete("rq:job:a");
		assertThat(this.executions.finish(List.of(success(execution, 500)))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:queues set
				  rq:queue:default
				""");
	}

	@Test
	void keysOfOtherTypesSpoilNoOtherOutcome() {
		this.jobs.enqueue(List.of(job("a"), job("b"), job("c"), job("d")));
		List<Execution> runs = claim(4);
		this.template.opsForValue().set("rq:results:a", "no stream");
		this.template.delete("rq:job:b");
		this.template.opsForValue().set("rq:job:b", "no hash");
		this.template.opsForValue().set("rq:job:c:dependents", "no set");
		assertThat(this.executions.finish(runs.stream().map((run) -> success(run, 500)).toList())).isEmpty();
		assertThat(this.redis.state().zset("rq:finished:default")).containsOnlyKeys("a", "c", "d");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:wip:default");
	}

	/** W20. */
	@Test
	void onlyTenResultsAreKept() {
		List<Integer> types = new ArrayList<>();
		enqueue(job("a"));
		for (int i = 0; i < 12; i++) {
			this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, i)));
		}
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		this.jobs.results("a").forEach((result) -> types.add(result.type().code()));
		assertThat(types).containsExactly(1, 4, 4, 4, 4, 4, 4, 4, 4, 4);
		assertThat(this.template.opsForStream().size("rq:results:a")).isEqualTo(10);
	}

	private void register() {
		this.workers.register(new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17"),
				TestStores.UNTOLD, LEASE);
	}

	@Test
	void workerCountsOnceForAllOutcomes() {
		register();
		this.jobs.enqueue(IntStream.range(0, 5).mapToObj((i) -> job("job-" + i)).toList());
		List<Execution> runs = claim(5);
		this.executions.finish(List.of(success(runs.get(0), 500), success(runs.get(1), 0), failure(runs.get(2), 500)));
		this.executions.retry(List.of(retry(runs.get(3), 0, false, null, null)));
		this.executions.retry(List.of(retry(runs.get(4), 10, false, null, null)));
		assertThat(this.redis.state().hash("rq:worker:w1")).containsEntry("successful_job_count", "2")
			.containsEntry("failed_job_count", "3")
			.containsEntry("total_working_time", "10");
	}

	@Test
	void workerThatIsNotRegisteredIsNotCounted() {
		this.executions.finish(List.of(success(started("a"), 500)));
		this.executions.retry(List.of(retry(started("b"), 0, false, null, null)));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:worker:w1");
	}

	/** A child as Python defers it. */
	private void child(String id, String queue, String parents, String... fields) {
		python(id, "origin", queue, "status", "deferred");
		this.template.opsForHash().delete("rq:job:" + id, "enqueued_at");
		hash("rq:job:" + id, fields);
		zadd("rq:deferred:" + queue, now(), id);
		for (String parent : parents.split(" ")) {
			this.template.opsForSet().add("rq:job:" + parent + ":dependents", id);
			this.template.opsForSet().add("rq:job::" + id + ":dependencies", parent);
		}
	}

	@Test
	void successReleasesTheJobsThatWaitedForNoOther() {
		this.jobs.enqueue(List.of(job("parent-1"), job("parent-2")));
		List<Execution> runs = claim(2);
		push("default", "other");
		child("child-1", "default", "parent-1 parent-2", "allow_dependency_failures", "1", "enqueue_at_front", "1",
				"ttl", "900");
		child("child-2", "high", "parent-1");
		child("child-3", "default", "parent-1 gone");
		child("canceled", "default", "parent-1", "status", "canceled");
		this.template.opsForSet().add("rq:job:parent-1:dependents", "expired");
		this.executions.finish(List.of(success(runs.get(0), 500)));
		assertThat(state("rq:queue", "rq:deferred", "parent-1:dependents", "dependencies")).isEqualTo("""
				rq:deferred:default zset
				  +0 canceled
				  +0 child-1
				rq:job::canceled:dependencies set
				  parent-1
				rq:job::child-1:dependencies set
				  parent-1
				  parent-2
				rq:job::child-2:dependencies set
				  parent-1
				rq:job::child-3:dependencies set
				  gone
				  parent-1
				rq:job:parent-1:dependents set ttl 500
				  canceled
				  child-1
				rq:queue:default list
				  other
				  child-3
				rq:queue:high list
				  child-2
				rq:queues set
				  rq:queue:default
				  rq:queue:high
				""");
		assertThat(this.redis.state().hash("rq:job:child-2")).containsEntry("status", "queued")
			.containsEntry("enqueued_at", STAMP);
		this.executions.finish(List.of(failure(runs.get(1), 500)));
		assertThat(state("rq:queue:default", "rq:deferred:default", "rq:job:child-1")).startsWith("""
				rq:deferred:default zset
				  +0 canceled
				rq:job:child-1 hash ttl 900
				""").endsWith("""
				rq:queue:default list
				  child-1
				  other
				  child-3
				""");
	}

	@Test
	void parentsThatEndInOneCallReleaseTheirChildTogether() {
		this.jobs.enqueue(List.of(job("parent-1"), job("parent-2")));
		List<Execution> runs = claim(2);
		child("child", "default", "parent-1 parent-2");
		this.executions.finish(List.of(success(runs.get(0), 0), success(runs.get(1), 500)));
		assertThat(list("rq:queue:default")).containsExactly("child");
	}

	/** W24. */
	@Test
	void failureReleasesOnlyThoseThatAllowIt() {
		Execution run = started("parent");
		child("strict", "default", "parent");
		child("tolerant", "default", "parent", "allow_dependency_failures", "1");
		this.executions.finish(List.of(failure(run, 500)));
		assertThat(list("rq:queue:default")).containsExactly("tolerant");
		assertThat(state("rq:deferred", "rq:job:parent:dependents")).isEqualTo("""
				rq:deferred:default zset
				  +0 strict
				rq:job:parent:dependents set ttl 500
				  strict
				""");
	}

	/** W13. */
	@Test
	void childThatCannotBeReadHindersNobody() {
		Execution run = started("parent");
		child("child", "default", "parent", "ttl", "1.5h");
		child("lost", "bad", "parent");
		this.template.opsForValue().set("rq:queue:bad", "no list");
		this.template.opsForSet().add("rq:job:parent:dependents", "string");
		this.template.opsForValue().set("rq:job:string", "no hash");
		assertThat(this.executions.finish(List.of(success(run, 500)))).isEmpty();
		assertThat(list("rq:queue:default")).containsExactly("child");
		assertThat(this.redis.state().set("rq:job:parent:dependents")).containsExactly("lost", "string");
		assertThat(field("lost", "status")).isEqualTo("deferred");
		assertThat(field("parent", "status")).isEqualTo("finished");
	}

	@ParameterizedTest
	@CsvSource({ "rq:queue:low", "rq:scheduled:low", "rq:rl:key:allowed" })
	void childThatAKeyDoesNotTakeGoesOnWhenTheKeyIsMended(String key) {
		Execution run = started("parent");
		child("child", "low", "parent");
		if (key.startsWith("rq:scheduled")) {
			hash("rq:job:child", "due_at", "" + (now() + 100));
		}
		else if (key.startsWith("rq:rl")) {
			hash("rq:job:child", "rate_limit_key", "key", "rate_limit_concurrency", "1");
		}
		this.template.opsForValue().set(key, "of another type");
		this.executions.finish(List.of(success(run, 500)));
		this.maintenance.releaseDependents("default");
		assertThat(field("child", "status")).isEqualTo("deferred");
		assertThat(this.redis.state().hash("rq:releasing:default,stuck")).containsOnlyKeys("child");
		this.template.delete(List.of(key, "rq:job:parent", "rq:job:parent:dependents"));
		this.maintenance.releaseDependents("default");
		assertThat(field("child", "status")).isEqualTo(key.startsWith("rq:scheduled") ? "scheduled" : "queued");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:releasing:default,stuck", "rq:deferred:low");
	}

	@Test
	void childOfACancelledJobThatAKeyDoesNotTakeGoesOnWhenTheKeyIsMended() {
		this.jobs.enqueue(List.of(job("parent")));
		child("child", "low", "parent");
		this.template.opsForValue().set("rq:queue:low", "no list");
		assertThat(this.jobs.control().cancel("parent", true)).isTrue();
		this.maintenance.releaseDependents("default");
		assertThat(field("child", "status")).isEqualTo("deferred");
		this.template.delete("rq:queue:low");
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:low")).containsExactly("child");
	}

	@Test
	void aNewJobWithTheIdOfAChildThatAKeyDidNotTakeWaitsForItsOwnParents() {
		Execution run = started("parent");
		child("child", "low", "parent");
		this.template.opsForValue().set("rq:queue:low", "no list");
		this.executions.finish(List.of(success(run, 500)));
		this.template.delete(List.of("rq:queue:low", "rq:job:child", "rq:job::child:dependencies"));
		started("other");
		child("child", "low", "other", "created_at", "2026-02-01T12:00:00.123456Z");
		this.maintenance.releaseDependents("default");
		assertThat(field("child", "status")).isEqualTo("deferred");
		assertThat(list("rq:queue:low")).isEmpty();
	}

	@Test
	void childrenThatAKeyDoesNotTakeKeepNoOtherWaiting() {
		child("child", "low", "parent");
		Map<String, String> left = new HashMap<>();
		for (int i = 0; i < 500; i++) {
			hash("rq:job:stuck-" + i, "status", "deferred", "origin", "bad", "data", "x");
			left.put(":stuck-" + i, "child 0 ");
		}
		left.put("parent", "finished 0 ");
		this.template.<String, String>opsForHash().putAll("rq:releasing:default", left);
		this.template.opsForValue().set("rq:queue:bad", "no list");
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:low")).containsExactly("child");
		this.template.delete("rq:queue:bad");
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:bad")).hasSize(500);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:releasing:default", "rq:releasing:default,stuck");
	}

	@Test
	void maintenanceGoesOnWithChildrenThatAKeyDidNotTake() {
		hash("rq:releasing:default,stuck", "child", "");
		assertThat(this.maintenance.chores(List.of("default"), 500, Retention.NONE).get("default"))
			.contains(MaintenanceStore.Chore.DEPENDENTS);
	}

	@Test
	void dependenciesOfAJobExpireWithIt() {
		Execution run = startedFromPython("a", "dependency_ids", "[\"b\"]");
		this.template.opsForSet().add("rq:job::a:dependencies", "b");
		this.executions.finish(List.of(success(run, 500)));
		assertThat(this.redis.state().ttl("rq:job::a:dependencies")).isBetween(490L, 500L);
	}

	/** W17. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			4  | [100, 200, 300] | 300
			3  | [100, 200, 300] | 300
			2  | [100, 200, 300] | 200
			1  | [100, 200, 300] | 100
			1  | [30.7]          | 30
			2  | [0]             | 0
			2  | []              | 0
			2  | ''              | 0
			2  | none            | 0
			2  | [null]          | 0
			""")
	void repetitionIsScheduledOrQueuedByTheRulesOfRq(int left, String intervals, int wait) {
		Execution run = startedFromPython("a", "repeats_left", "" + left, "repeat_intervals", intervals, "reclaims",
				"2");
		push("default", "other");
		this.executions.finish(List.of(success(run, 500)));
		assertThat(field("a", "repeats_left")).isEqualTo("" + (left - 1));
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKey("reclaims");
		assertThat(field("a", "ended_at")).isEqualTo(STAMP);
		assertThat(state("rq:finished", "rq:results")).startsWith("""
				rq:finished:default zset
				  +500 a
				rq:results:a stream ttl 500
				""");
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		if (wait > 0) {
			assertThat(field("a", "status")).isEqualTo("scheduled");
			assertThat(score("rq:scheduled:default", "a")).isBetween(now() + wait - 5, now() + wait + 0.001);
			assertThat(score("rq:scheduled:default", "a") % 1).isNotZero();
			assertThat(list("rq:queue:default")).containsExactly("other");
		}
		else {
			assertThat(field("a", "status")).isEqualTo("queued");
			assertThat(list("rq:queue:default")).containsExactly("other", "a");
			assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
		}
	}

	@Test
	void repetitionKeepsTheTimeToLiveAndIgnoresThatOfTheResult() {
		Execution run = startedFromPython("a", "repeats_left", "1", "repeat_intervals", "[60]", "ttl", "90");
		Execution other = startedFromPython("b", "repeats_left", "1", "ttl", "90");
		this.executions.finish(List.of(success(run, 0), success(other, 0)));
		assertThat(state("rq:job", "rq:results", "rq:finished", "rq:scheduled", "rq:queue:"))
			.contains("rq:job:a hash ttl 90", "rq:job:b hash ttl 90", "+60 a", "rq:queue:default list\n  b")
			.doesNotContain("rq:results", "rq:finished");
	}

	/** W15: RQ repeats its transaction then, and counts each time. */
	@Test
	void repetitionIsCountedOnceWhileOthersBeginToWaitForTheJob() {
		int times = 100;
		python("a", "repeats_left", "" + times);
		push("default", "a");
		AtomicBoolean over = new AtomicBoolean();
		CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> {
			int count = 0;
			do {
				enqueue(DependencyTests.after(on("other", job("child-" + count++)), Dependency.on("a")));
			}
			while (!over.get());
			return count;
		}, new SimpleAsyncTaskExecutor());
		for (int left = times - 1; left >= 0; left--) {
			this.executions.finish(List.of(success(claim(1).get(0), 500)));
			assertThat(this.template.opsForHash().get("rq:job:a", "repeats_left")).isEqualTo("" + left);
			assertThat(this.jobs.count("default")).isOne();
		}
		over.set(true);
		int count = others.join();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(this.jobs.count("other")).isEqualTo(count);
	}

	/** W16: there RQ is an hour off in one half of the year. */
	@ParameterizedTest
	@ValueSource(strings = { "America/New_York", "Australia/Sydney", "Asia/Kathmandu" })
	void repetitionComesAfterItsWaitInEveryTimeZone(String zone) {
		TimeZone before = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone(zone));
		try {
			Execution run = startedFromPython("a", "repeats_left", "1", "repeat_intervals", "[600]");
			this.executions.finish(List.of(success(run, 500)));
			assertThat(score("rq:scheduled:default", "a")).isBetween(now() + 595, now() + 600.001);
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@Test
	void lastRepetitionAndFailureEndTheJob() {
		Execution last = startedFromPython("last", "repeats_left", "0", "repeat_intervals", "[60]");
		Execution failed = startedFromPython("failed", "repeats_left", "2", "repeat_intervals", "[60]");
		this.executions.finish(List.of(success(last, 500), failure(failed, 500)));
		assertThat(Stream.of("last", "failed").map((id) -> field(id, "status"))).containsExactly("finished", "failed");
		assertThat(this.redis.state().ttl("rq:job:last")).isBetween(490L, 500L);
		assertThat(field("failed", "repeats_left")).isEqualTo("2");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
	}

	@Test
	void registryOfAnotherTypeHarmsNeitherTheOutcomeNorOtherJobs() {
		enqueue(on("bad", job("a")), job("b"));
		List<Execution> runs = this.executions.claim(List.of("bad", "default"), 2, false)
			.claims()
			.stream()
			.map(Claims.Claim::execution)
			.toList();
		this.template.opsForValue().set("rq:finished:bad", "something else");
		this.template.opsForValue().set("rq:worker:w1", "something else");
		assertThat(this.executions.finish(runs.stream().map((run) -> success(run, 500)).toList())).isEmpty();
		assertThat(List.of("a", "b")).allSatisfy((id) -> {
			assertThat(field(id, "status")).isEqualTo("finished");
			assertThat(this.redis.state().ttl("rq:job:" + id)).isBetween(490L, 500L);
			assertThat(this.redis.state().keys()).containsKey("rq:results:" + id);
		});
		assertThat(this.redis.state().zset("rq:finished:default")).containsKey("b");
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, 10_000_000_000_000L, 3_155_760_000L })
	void timeToLiveThatRedisWouldRefuseIsCutAndHarmsNoOtherJob(long ttl) {
		List<Execution> runs = List.of(started("a"), started("b"));
		assertThat(this.executions.finish(List.of(success(runs.get(0), ttl), failure(runs.get(1), 500)))).isEmpty();
		assertThat(this.redis.state().ttl("rq:job:a")).isGreaterThan(3_000_000_000L);
		assertThat(this.redis.state().zset("rq:finished:default")).containsKey("a");
		assertThat(this.redis.state().zset("rq:failed:default")).containsKey("b");
	}

	/** W42. */
	@Test
	void thousandsOfDependentsAreReleasedInParts() {
		Execution parent = started("parent");
		String[] children = deferred(0, 3_000);
		this.template.opsForSet().add("rq:job:parent:dependents", children);
		this.executions.finish(List.of(success(parent, 500)));
		assertThat(this.jobs.count("default")).isBetween(500L, 1_500L);
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder(children);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:parent:dependents", "rq:releasing:default");
	}

	@Test
	void thousandsOfDependentsOfAJobThatFailedAreReleasedWhenItHasFinishedAfterAll() {
		Execution parent = started("parent");
		String[] children = deferred(0, 3_000);
		this.template.opsForSet().add("rq:job:parent:dependents", children);
		this.executions.finish(List.of(failure(parent, 500)));
		assertThat(this.redis.state().hash("rq:releasing:default")).containsOnlyKeys("parent");
		assertThat(this.jobs.control().requeue("parent", false)).isTrue();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder(children);
	}

	private String[] deferred(int from, int to) {
		String[] children = IntStream.range(from, to).mapToObj((i) -> "child-" + i).toArray(String[]::new);
		for (String child : children) {
			hash("rq:job:" + child, "status", "deferred", "origin", "default", "data", "x");
		}
		return children;
	}

	@Test
	void dependentsOfVeryManyJobsAreReleased() {
		String[] children = deferred(0, 700);
		Map<String, String> left = new HashMap<>();
		for (int i = 0; i < children.length; i++) {
			left.put("parent-" + i, "finished 0 ");
			this.template.opsForSet().add("rq:job:parent-" + i + ":dependents", children[i]);
		}
		this.template.<String, String>opsForHash().putAll("rq:releasing:default", left);
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder(children);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:releasing:default");
	}

	@Test
	void aSearchThatAnotherProcessOfRedisHadBegunBeginsAnew() {
		String[] children = deferred(0, 500);
		this.template.opsForSet().add("rq:job:parent:dependents", children);
		hash("rq:releasing:default", "parent", "finished 255 0123456789abcdef");
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder(children);
	}

	@Test
	void jobsThatEndTogetherLookAtABoundedNumberOfDependents() {
		List<Execution> parents = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			parents.add(started("parent-" + i));
			this.template.opsForSet().add("rq:job:parent-" + i + ":dependents", deferred(100 * i, 100 * (i + 1)));
		}
		this.executions.finish(parents.stream().map((parent) -> success(parent, 500)).toList());
		assertThat(this.jobs.count("default")).isBetween(2_000L, 6_000L);
		this.maintenance.releaseDependents("default");
		assertThat(this.jobs.count("default")).isEqualTo(10_000);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:releasing:default");
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void childOfThousandsOfParentsIsReleasedWhenTheLastHasEnded(boolean allEnded) {
		Execution parent = started("parent");
		int count = 3_000;
		for (int i = 0; i < count; i++) {
			hash("rq:job:parent-" + i, "status", "finished");
		}
		if (!allEnded) {
			hash("rq:job:parent-1234", "status", "started");
		}
		hash("rq:job:child", "status", "deferred", "origin", "default", "data", "x");
		this.template.opsForSet()
			.add("rq:job::child:dependencies",
					IntStream.range(0, count).mapToObj((i) -> "parent-" + i).toArray(String[]::new));
		this.template.opsForSet().add("rq:job::child:dependencies", "parent");
		this.template.opsForSet().add("rq:job:parent:dependents", "child");
		this.executions.finish(List.of(success(parent, 500)));
		assertThat(list("rq:queue:default")).isEmpty();
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).hasSize(allEnded ? 1 : 0);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:releasing:default");
	}

	@Test
	void childOfThousandsOfParentsIsReleasedWhenTheLastIsCancelled() {
		String[] parents = IntStream.range(0, 3_000).mapToObj((i) -> "parent-" + i).toArray(String[]::new);
		hash("rq:job:child", "status", "deferred", "origin", "default", "data", "x");
		this.template.opsForSet().add("rq:job::child:dependencies", parents);
		String last = null;
		try (Cursor<String> all = this.template.opsForSet().scan("rq:job::child:dependencies", ScanOptions.NONE)) {
			while (all.hasNext()) {
				last = all.next();
			}
		}
		this.jobs.enqueue(List.of(job(last)));
		this.template.opsForSet().add("rq:job:" + last + ":dependents", "child");
		assertThat(this.jobs.control().cancel(last, true)).isTrue();
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactly("child");
	}

}
