package io.rq.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.Dependency;
import io.rq.job.IllegalJobStateException;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

/**
 * Tests for the move script.
 */
class MoveTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private final JobChanges changes = this.jobs.changes();

	private List<String> claimed(String queue) {
		return this.executions.claim(List.of(queue), 10, false)
			.claims()
			.stream()
			.map((claim) -> claim.execution().jobId())
			.toList();
	}

	@Test
	void waitingJobGoesToTheEndOfTheOtherQueue() {
		enqueue(job("a"), job("b"), on("other", job("c")));
		Map<String, String> before = this.redis.state().hash("rq:job:a");
		assertThat(this.changes.move("a", "other")).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(list("rq:queue:other")).containsExactly("c", "a");
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("origin", "other")
			.hasSameSizeAs(before)
			.doesNotContainKey("stray_id");
		assertThat(claimed("default")).containsExactly("b");
		assertThat(claimed("other")).containsExactly("c", "a");
		assertThat(this.redis.state().zset("rq:wip:other")).hasSize(2);
	}

	@Test
	void queueThatHadNoJobYetIsOnRecordAndSoIsTheOldOne() {
		enqueue(job("a"));
		this.changes.move("a", "new");
		assertThat(this.queues.names()).containsExactly("default", "new");
	}

	@ParameterizedTest
	@CsvSource({ "scheduled, scheduled", "deferred, deferred", "finished, finished", "failed, failed",
			"stopped, failed", "canceled, canceled" })
	void itsPlaceGoesWithIt(String status, String registry) {
		python("a", "status", status);
		double score = now() + 60.25;
		zadd("rq:" + registry + ":default", score, "a");
		assertThat(this.changes.move("a", "other")).isTrue();
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:" + registry + ":default");
		assertThat(this.redis.state().zset("rq:" + registry + ":other")).containsOnlyKeys("a");
		assertThat(score("rq:" + registry + ":other", "a")).isCloseTo(score, offset(0.00001));
		assertThat(field("a", "status")).isEqualTo(status);
		assertThat(field("a", "origin")).isEqualTo("other");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "+inf" })
	void itIsKeptForEverThereToo(String score) {
		python("a", "status", "failed");
		zadd("rq:failed:default", score.equals("-1") ? -1 : Double.POSITIVE_INFINITY, "a");
		this.changes.move("a", "other");
		assertThat(score("rq:failed:other", "a")).isEqualTo(score.equals("-1") ? -1 : Double.POSITIVE_INFINITY);
	}

	@Test
	void scheduledJobIsMovedByTheSchedulerOfTheOtherQueue() {
		enqueue(in(job("a"), 60));
		this.changes.move("a", "other");
		zadd("rq:scheduled:other", now() - 1, "a");
		this.schedulers.lead(SCHEDULER, List.of("other"), LEASE, null);
		this.schedulers.promote("other", SCHEDULER, 10);
		assertThat(list("rq:queue:other")).containsExactly("a");
	}

	@Test
	void jobThatWaitsForOthersIsReleasedToTheOtherQueue() {
		enqueue(job("p"));
		enqueue(DependencyTests.after(job("a"), Dependency.on("p")));
		this.changes.move("a", "other");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:other")).containsExactly("a");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:deferred:default", "rq:deferred:other");
	}

	@Test
	void jobThatWaitsForASlotGoesToTheOtherQueueWithIt() {
		enqueue(RateLimitTests.limited("api", 1, job("first")), RateLimitTests.limited("api", 1, job("second")));
		assertThat(field("second", "status")).isEqualTo("rate_limited");
		this.changes.move("second", "other");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:other")).containsExactly("second");
	}

	@Test
	void failedJobRunsOnTheOtherQueueWhenItIsRequeued() {
		this.executions.finish(List.of(failure(started("a"), 500)));
		long ttl = this.redis.state().ttl("rq:job:a");
		this.changes.move("a", "other");
		assertThat(this.redis.state().ttl("rq:job:a")).isBetween(ttl - 5, ttl);
		assertThat(this.control.requeueAll("default")).isZero();
		assertThat(this.control.requeueAll("other")).isEqualTo(1);
		assertThat(claimed("other")).containsExactly("a");
	}

	@Test
	void idThatAWorkerHasTakenDoesNotStartTheJobForTheOldQueue() {
		enqueue(job("a"));
		this.template.opsForList().rightPopAndLeftPush("rq:queue:default", "rq:taken:default:w1");
		assertThat(this.changes.move("a", "other")).isTrue();
		Claims claims = this.executions.claim(List.of("default"), 10, false);
		assertThat(claims.claims()).isEmpty();
		assertThat(claims.dropped()).singleElement()
			.satisfies((dropped) -> assertThat(dropped.reason()).contains("moved to another queue"));
		assertThat(claimed("other")).containsExactly("a");
	}

	@Test
	void idThatAWorkerHasTakenDoesNotStartTheJobThatIsPutOffMeanwhile() {
		enqueue(given(job("a")));
		this.template.opsForList().rightPopAndLeftPush("rq:queue:default", "rq:taken:default:w1");
		enqueue(in(given(job("a")), 600));
		Claims claims = this.executions.claim(List.of("default"), 10, false);
		assertThat(claims.claims()).isEmpty();
		assertThat(claims.dropped()).singleElement()
			.satisfies((dropped) -> assertThat(dropped.reason()).isEqualTo("it is scheduled"));
		assertThat(this.changes.runNow("a", false)).isTrue();
		assertThat(claimed("default")).containsExactly("a");
	}

	@Test
	void idThatIsFarInsideALongQueueDoesNotStartTheJobEither() {
		List<String> ids = new ArrayList<>(Collections.nCopies(25_000, "gone"));
		ids.set(12_500, "a");
		for (List<String> some : IntStream.range(0, 25)
			.mapToObj((i) -> ids.subList(i * 1000, (i + 1) * 1000))
			.toList()) {
			push("default", some.toArray(String[]::new));
		}
		python("a");
		this.changes.move("a", "other");
		assertThat(field("a", "stray_id")).isEqualTo("1");
		assertThat(claimed("other")).containsExactly("a");
		this.queueControl.compact("default");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:queue:default");
	}

	@Test
	void runOfACancelledJobRecordsNothingAfterTheMove() {
		Execution run = started("a");
		this.control.cancel("a", false);
		this.changes.move("a", "other");
		assertThat(this.executions.finish(List.of(success(run, 500)))).containsExactly(run);
		assertThat(this.redis.state().zset("rq:canceled:other")).containsOnlyKeys("a");
	}

	@Test
	void toTheQueueWhereItIsNothingChanges() {
		enqueue(job("a"), job("b"));
		String before = state();
		assertThat(this.changes.move("a", "default")).isTrue();
		assertThat(this.changes.move("none", "other")).isFalse();
		assertThat(state()).isEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "started, stop or cancel", "ready_to_enqueue, move it then", "of_a_newer_version, newer RQ" })
	void whatRunsOrIsUnknownStays(String status, String remedy) {
		python("a", "status", status);
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.changes.move("a", "other"))
			.withMessageContainingAll("'a'", "not moved", "'" + status + "'. ", remedy);
		assertThat(state()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rq:queue:default", "rq:queue:other", "rq:failed:other" })
	void keyOfAnotherTypeIsNamedAndNothingIsChanged(String key) {
		python("a", "status", key.contains("failed") ? "failed" : "queued");
		this.template.opsForValue().set(key, "text");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.changes.move("a", "other"))
			.withMessageContaining(key);
		assertThat(state()).isEqualTo(before);
	}

	@RepeatedTest(5)
	void besideWorkersOfBothQueuesItRunsOnce() throws Exception {
		for (int i = 0; i < 20; i++) {
			enqueue(job("j" + i));
		}
		AtomicInteger runs = new AtomicInteger();
		List<Callable<Void>> tasks = new ArrayList<>();
		for (String queue : List.of("default", "other")) {
			ExecutionStore store = executions("w-" + queue);
			tasks.add(() -> {
				while (runs.get() < 20) {
					runs.addAndGet(store.claim(List.of(queue), 1, false).claims().size());
				}
				return null;
			});
		}
		tasks.add(() -> {
			for (int i = 19; i >= 0; i--) {
				try {
					this.changes.move("j" + i, "other");
				}
				catch (IllegalJobStateException ex) {
					assertThat(ex.getStatus()).isEqualTo("started");
				}
			}
			return null;
		});
		all(tasks);
		assertThat(runs).hasValue(20);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:queue:default", "rq:queue:other");
	}

}
