package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.JobResult;
import io.rq.job.Retry;
import io.rq.redis.ExecutionStore.Run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code retry.lua} and {@code release.lua}.
 */
class RetryTests extends AbstractStoreTests {

	private static final Retry RETRY = Retry.max(3).intervals(10, 60);

	/** W2. */
	@Test
	void delayedRetryIsScheduledAsRqSchedulesItWithAnEntryForTheAttempt() {
		Execution execution = started("retry-1", PLAIN.withRetry(RETRY));
		this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW.minusSeconds(2))));
		assertThat(this.executions.retry(List.of(retry(execution, 10, false, RETRY.afterRetry(), null)))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:attempts:retry-1 stream ttl 86400
				  {exc_string=ValueError: bang, execution_ended_at=1769860800.123456, execution_id=E1, \
				execution_started_at=1769860798.123456, type=4, worker_name=w1}
				rq:job:retry-1 hash
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
				  +10 retry-1
				""");
		assertThat(score("rq:scheduled:default", "retry-1") % 1).isNotZero();
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void immediateRetryGoesBackOnTheQueue(boolean front) {
		Execution execution = started("a");
		push("default", "other");
		this.executions.retry(List.of(retry(execution, 0, front, null, 2)));
		assertThat(state()).isEqualTo("""
				rq:job:a hash
				  attempts 1
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  ended_at 2026-01-31T12:00:00.123456Z
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  number_of_retries 2
				  origin default
				  started_at 2026-01-31T12:00:00.123456Z
				  status queued
				  timeout 180
				  worker_name w1
				rq:queue:default list
				  %s
				  %s
				rq:queues set
				  rq:queue:default
				rq:results:a stream ttl 86400
				  {exc_string=ValueError: bang, execution_ended_at=1769860800.123456, execution_id=E1, \
				execution_started_at=1769860798.123456, type=4, worker_name=w1}
				""".formatted(front ? "a" : "other", front ? "other" : "a"));
	}

	@Test
	void frontOnRetryIsKeptForTheScheduler() {
		Execution execution = started("a", PLAIN.withRetry(RETRY.atFront()));
		this.executions.retry(List.of(retry(execution, 60, true, RETRY.atFront().afterRetry(), null)));
		assertThat(field("a", "enqueue_at_front_on_retry")).isEqualTo("1");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsKey("a");
	}

	/** W37. */
	@ParameterizedTest
	@CsvSource({ "600, 0, 600", "600, 60, 600", "60, 100, 160", "1.5h, 10, -1", "0, 10, -1", "-7, 0, -1" })
	void jobIsNotGoneBeforeItsRetry(String ttl, int wait, long expected) {
		Execution execution = started("a");
		hash("rq:job:a", "ttl", ttl);
		this.executions.retry(List.of(retry(execution, wait, false, null, null)));
		assertThat(this.redis.state().ttl("rq:job:a")).isBetween(expected - 5, expected);
	}

	/** W8. */
	@Test
	void lostLeaseChangesNothing() {
		Execution execution = started("a");
		this.template.opsForZSet().remove("rq:wip:default", "a:" + execution.id());
		String before = state();
		assertThat(this.executions.retry(List.of(retry(execution, 10, false, RETRY, 1)))).containsExactly(execution);
		assertThat(state()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "canceled", "queued", "stopped" })
	void ofAJobMovedMeanwhileOnlyTheResultIsRecorded(String status) {
		Execution execution = started("a");
		moved("a", status);
		String before = state("rq:job", "rq:queue");
		assertThat(this.executions.retry(List.of(retry(execution, 0, false, RETRY, 1)))).isEmpty();
		assertThat(state("rq:job", "rq:queue")).isEqualTo(before);
		assertThat(this.redis.state().keys()).containsKey("rq:results:a")
			.doesNotContainKeys("rq:wip:default", "rq:scheduled:default");
	}

	/** W26: it has the status of a copy that is older than the run. */
	@ParameterizedTest
	@ValueSource(strings = { "queued", "scheduled", "deferred" })
	void whatRqHasSavedMeanwhileCostsNoRetry(String status) {
		Execution at = started("a");
		Execution later = started("b");
		Execution stopped = started("c");
		for (String id : List.of("a", "b", "c")) {
			hash("rq:job:" + id, "status", status);
		}
		this.executions.retry(List.of(retry(at, 0, false, RETRY, null), retry(later, 60, false, RETRY, null)));
		this.executions.release(List.of(stopped));
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("a", "c");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("b");
		assertThat(List.of(field("a", "status"), field("b", "status"), field("c", "status"))).containsExactly("queued",
				"scheduled", "queued");
	}

	@Test
	void manyOutcomesAreOneCall() {
		this.jobs.enqueue(List.of(job("a"), job("b"), job("c"), job("d")));
		List<Execution> runs = claim(4);
		this.template.opsForZSet().remove("rq:wip:default", "b:" + runs.get(1).id());
		this.template.delete("rq:job:c");
		assertThat(this.executions
			.retry(List.of(retry(runs.get(0), 0, false, RETRY, null), retry(runs.get(1), 0, false, RETRY, 1),
					retry(runs.get(2), 0, false, null, 1), retry(runs.get(3), 60, false, null, 1))))
			.containsExactly(runs.get(1));
		assertThat(state("rq:queue:", "rq:scheduled", "rq:wip")).isEqualTo("""
				rq:queue:default list
				  a
				rq:queues set
				  rq:queue:default
				rq:scheduled:default zset
				  +60 d
				""".replaceFirst("(?s)rq:queues.*?(?=rq:sch)", ""));
	}

	@Test
	void schedulersHearOnlyOfTheEarliest() {
		this.jobs.enqueue(List.of(job("a"), job("b"), job("c")));
		List<Execution> runs = claim(3);
		List<String> heard = new CopyOnWriteArrayList<>();
		try (Subscription wakeUps = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()))
			.subscribe(heard::add)) {
			this.executions.retry(List.of(retry(runs.get(0), 20, false, null, null)));
			this.executions.retry(List.of(retry(runs.get(1), 30, false, null, null)));
			this.executions.retry(List.of(retry(runs.get(2), 10, false, null, null)));
			enqueue(in(on("last", job("d")), 60));
			await().until(() -> heard.contains("last"));
			assertThat(wakeUps).isNotNull();
		}
		assertThat(heard).containsExactly("default", "default", "last");
	}

	@Test
	void resultsOfAllAttemptsStay() {
		Execution first = started("a");
		this.executions.retry(List.of(new Outcome.Retried(first, attempt("\"Unserializable return value\"", null), 0,
				false, 500, 1, null, 1)));
		this.executions.finish(List.of(failure(claim(1).get(0), 500)));
		assertThat(this.jobs.results("a")).extracting(JobResult::type)
			.containsExactly(JobResult.Type.FAILED, JobResult.Type.RETRIED);
		assertThat(this.jobs.results("a").get(1).returnValue()).asString().isEqualTo("\"Unserializable return value\"");
	}

	@Test
	void releasedJobsWaitAsIfTheyHadNotBeenTaken() {
		this.jobs.enqueue(
				List.of(job("a"), job("b", PLAIN.withTtl(Duration.ofSeconds(600))), job("c"), on("high", job("d"))));
		String before = state();
		List<Execution> runs = this.executions.claim(List.of("high", "default"), 3, false)
			.claims()
			.stream()
			.map(Claims.Claim::execution)
			.toList();
		this.executions.beat("busy", List.of("default"), List.of(new Run(runs.get(0), NOW)));
		this.executions.release(runs);
		assertThat(state()).isEqualTo(before);
		this.executions.release(List.of());
	}

	@Test
	void onlyWhatIsStillHeldIsReleased() {
		this.jobs.enqueue(List.of(job("lost"), job("canceled"), job("deleted"), job("good")));
		List<Execution> runs = claim(4);
		this.template.opsForZSet().remove("rq:wip:default", "lost:" + runs.get(0).id());
		hash("rq:job:canceled", "status", "canceled");
		this.template.delete("rq:job:deleted");
		this.executions.release(runs);
		assertThat(list("rq:queue:default")).containsExactly("good");
		assertThat(field("lost", "status")).isEqualTo("started");
		assertThat(field("canceled", "status")).isEqualTo("canceled");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:wip:default", "rq:job:deleted");
	}

	/** W30. */
	@Test
	void attemptsAreKeptBesideRqsResultsAndReadWithThem() {
		Execution first = started("a", PLAIN.withRetry(RETRY));
		this.executions.retry(List.of(retry(first, 0, false, RETRY.afterRetry(), null)));
		Execution second = claim(1).get(0);
		this.executions.retry(List.of(retry(second, 0, false, null, 1)));
		Execution third = claim(1).get(0);
		this.executions.finish(List.of(success(third, 500)));
		assertThat(this.jobs.results("a")).extracting(JobResult::type)
			.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED, JobResult.Type.RETRIED);
		assertThat(state("rq:attempts", "rq:results").lines().filter((line) -> line.contains("type=")))
			.satisfiesExactly((attempt) -> assertThat(attempt).contains("type=4"),
					(returned) -> assertThat(returned).contains("type=4"), (end) -> assertThat(end).contains("type=1"));
		assertThat(this.redis.state().ttl("rq:attempts:a")).isBetween(490L, 500L);
		assertThat(this.redis.state().ttl("rq:results:a")).isBetween(490L, 500L);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void nothingIsLeftOfAJobWhoseResultIsNotKept(boolean returned) {
		Execution first = started("a");
		this.executions.retry(List.of(retry(first, 0, false, null, returned ? 1 : null)));
		this.executions.finish(List.of(success(claim(1).get(0), 0)));
		assertThat(state("rq:job", "rq:attempts", "rq:results", "rq:execution", "rq:finished")).isEmpty();
	}

	@Test
	void nothingIsLeftOfAReclaimedJobWhoseResultIsNotKept() {
		started("a");
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		this.executions.finish(List.of(success(claim(1).get(0), 0)));
		assertThat(state("rq:job", "rq:attempts", "rq:results", "rq:execution", "rq:finished")).isEmpty();
	}

	@Test
	void attemptsOfAJobThatIsKeptForEverHaveATimeToLive() {
		Execution first = started("a");
		this.executions.retry(List.of(new Outcome.Retried(first, attempt(null, "bang"), 0, false, -1, 1, null, null)));
		assertThat(this.redis.state().ttl("rq:attempts:a")).isPositive();
		this.executions.finish(List.of(success(claim(1).get(0), -1)));
		assertThat(this.redis.state().ttl("rq:attempts:a")).isPositive();
	}

	@ParameterizedTest
	@CsvSource({ "0, rq:queue:bad", "10, rq:scheduled:bad" })
	void jobWhosePlaceHoldsSomethingElseKeepsItsLeaseAndHarmsNoOther(int wait, String key) {
		enqueue(on("bad", job("a")), job("b"));
		List<Execution> runs = this.executions.claim(List.of("bad", "default"), 2, false)
			.claims()
			.stream()
			.map(Claims.Claim::execution)
			.toList();
		this.template.opsForValue().set(key, "something else");
		String before = state("rq:job:a", "rq:wip:bad");
		assertThat(this.executions.retry(runs.stream().map((run) -> retry(run, wait, false, null, null)).toList()))
			.containsExactly(runs.get(0));
		assertThat(state("rq:job:a", "rq:wip:bad")).isEqualTo(before);
		assertThat(field("b", "status")).isEqualTo((wait > 0) ? "scheduled" : "queued");
	}

}
