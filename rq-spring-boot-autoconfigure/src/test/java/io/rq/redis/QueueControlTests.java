package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.rq.job.JobResult;
import io.rq.queue.QueuePosition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link QueueControl}.
 */
class QueueControlTests extends AbstractStoreTests {

	private void fill(int size) {
		push("default", IntStream.range(0, size).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
	}

	@Test
	void positionIsTheNumberOfJobsBefore() {
		enqueue(job("a"), job("b"), in(job("later"), 60));
		assertThat(this.queueControl.position("default", "a")).contains(new QueuePosition(0, true));
		assertThat(this.queueControl.position("default", "b")).contains(new QueuePosition(1, true));
		assertThat(this.queueControl.position("default", "later")).isEmpty();
		assertThat(this.queueControl.position("default", "none")).isEmpty();
		assertThat(this.queueControl.position("other", "a")).isEmpty();
	}

	@Test
	void ofALongQueueOnlyTheEndsAreSearched() {
		fill(9_999);
		enqueue(job("near"));
		fill(5_000);
		enqueue(job("deep"), job("moved"));
		fill(9_999);
		enqueue(job("last"));
		this.control.cancel("moved", false);
		assertThat(this.queueControl.position("default", "near")).contains(new QueuePosition(9_999, true));
		assertThat(this.queueControl.position("default", "deep")).contains(new QueuePosition(10_000, false));
		assertThat(this.queueControl.position("default", "moved")).isEmpty();
		assertThat(this.queueControl.position("default", "last")).contains(new QueuePosition(25_001, true));
		assertThat(this.queueControl.position("default", "deep").orElseThrow()).hasToString("more than 10000");
		assertThat(this.queueControl.position("default", "near").orElseThrow()).hasToString("9999");
	}

	@Test
	void jobThatIsRemovedIsKeptAndCanBePutBack() {
		enqueue(job("a"), job("b"));
		assertThat(this.queueControl.remove("default", "a")).isTrue();
		assertThat(this.queueControl.remove("default", "a")).isFalse();
		assertThat(this.queueControl.remove("default", "none")).isFalse();
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(field("a", "status")).isEqualTo("created");
		this.control.requeue("a", false);
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b", "a");
	}

	@Test
	void jobThatAWorkerHasTakenAndNotStartedDoesNotRunOnceItIsRemoved() {
		enqueue(job("a"));
		this.template.opsForList().rightPopAndLeftPush("rq:queue:default", "rq:taken:default:w1");
		assertThat(this.queueControl.remove("default", "a")).isTrue();
		assertThat(claim(5)).isEmpty();
		assertThat(field("a", "status")).isEqualTo("created");
		this.control.requeue("a", false);
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("a");
	}

	@Test
	void jobThatPythonHasPoppedAndNotStartedIsLeftToNoMaintenanceOnceItIsRemoved() {
		enqueue(job("a"));
		this.template.opsForList().rightPopAndLeftPush("rq:queue:default", "rq:queue:default:intermediate");
		assertThat(this.queueControl.remove("default", "a")).isTrue();
		assertThat(list("rq:queue:default:intermediate")).isEmpty();
		assertThat(field("a", "status")).isEqualTo("created");
	}

	@Test
	void removedJobInTheMiddleOfManyDoesNotRunAndOneOfAnotherQueueStays() {
		fill(11_000);
		enqueue(job("deep"));
		enqueue(on("other", job("elsewhere")));
		push("default", "elsewhere");
		fill(11_000);
		assertThat(this.queueControl.remove("default", "deep")).isTrue();
		assertThat(this.queueControl.remove("default", "elsewhere")).isFalse();
		assertThat(this.jobs.count("default")).isEqualTo(22_002);
		while (this.jobs.count("default") > 0) {
			assertThat(claim(100)).extracting(Execution::jobId).doesNotContain("deep");
		}
		assertThat(field("deep", "status")).isEqualTo("created");
	}

	@Test
	void emptyingDeletesTheJobsThatWaitAndNoOthers() {
		this.jobs.enqueue(IntStream.range(0, 1200).mapToObj((i) -> job("j" + i)).toList());
		enqueue(in(job("later"), 60), on("other", job("elsewhere")));
		this.executions.finish(List.of(failure(claim(1).get(0), 500)));
		Execution running = claim(1).get(0);
		python("finished", "status", "finished");
		push("default", "later", "elsewhere", "finished", running.jobId(), "none");
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(1198);
		assertThat(this.redis.state().keys().keySet()).containsExactlyInAnyOrder("rq:queues", "rq:job:later",
				"rq:scheduled:default", "rq:job:elsewhere", "rq:queue:other", "rq:job:finished", "rq:job:j0",
				"rq:results:j0", "rq:failed:default", "rq:job:j1", "rq:wip:default", "rq:worker-claim:w1");
		assertThat(this.executions.finish(List.of(success(running, 500)))).isEmpty();
		assertThat(this.queues.names()).containsExactly("default", "other");
		assertThat(this.queueControl.empty("default", 500)).isZero();
		assertThat(this.queueControl.empty("none", 500)).isZero();
	}

	@Test
	void nothingIsLeftOfAJobThatIsEmptiedAway() {
		enqueue(job("a"));
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, 1)));
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, null)));
		this.template.opsForSet().add("rq:job::a:dependencies", "b");
		assertThat(this.redis.state().keys()).containsKeys("rq:results:a", "rq:attempts:a");
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(1);
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:queues", "rq:worker-claim:w1");
	}

	/** W28. */
	@Test
	void jobsThatWaitForOneThatIsEmptiedAwayGoOnOrFail() {
		enqueue(job("a"), job("b"), job("c"), on("other", job("d")));
		deferred("strict", "b");
		deferred("kept-for-ever", "b", "failure_ttl", "-1");
		deferred("not-kept", "b", "failure_ttl", "0");
		deferred("mild", "b", "allow_dependency_failures", "1");
		deferred("patient", "b", "allow_dependency_failures", "1");
		this.template.opsForSet().add("rq:job::patient:dependencies", "d");
		this.template.opsForSet().add("rq:job:d:dependents", "patient");
		deferred("of-strict", "strict", "allow_dependency_failures", "1");
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(3);
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("mild", "of-strict");
		assertThat(this.redis.state().zset("rq:failed:default")).containsOnlyKeys("strict", "kept-for-ever")
			.containsEntry("kept-for-ever", -1.0);
		assertThat(this.redis.state().zset("rq:deferred:default")).containsOnlyKeys("patient");
		assertThat(this.redis.state().ttl("rq:job:strict")).isBetween(490L, 500L);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:b:dependents", "rq:job:not-kept");
		assertThat(this.jobs.results("strict")).singleElement().satisfies((result) -> {
			assertThat(result.type()).isEqualTo(JobResult.Type.FAILED);
			assertThat(result.exception()).contains("DependencyDeletedError: job b, for which this one waited");
		});
		this.executions.finish(
				List.of(success(this.executions.claim(List.of("other"), 1, false).claims().get(0).execution(), 500)));
		assertThat(field("patient", "status")).isEqualTo("queued");
	}

	@Test
	void thousandsOfJobsThatWaitGoInParts() {
		enqueue(job("a"));
		List<String> children = IntStream.range(0, 1700).mapToObj((i) -> "c" + i).toList();
		for (String child : children) {
			hash("rq:job:" + child, "status", "deferred", "origin", "default", "data", "x");
			zadd("rq:deferred:default", 1, child);
		}
		this.template.opsForSet().add("rq:job:a:dependents", children.toArray(String[]::new));
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(1);
		assertThat(this.redis.state().zset("rq:failed:default")).hasSize(1700);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:deferred:default", "rq:job:a:dependents");
	}

	@Test
	void deletedQueueIsOffTheRecordUntilItsNextJob() {
		enqueue(job("a"), in(job("later"), 60));
		assertThat(this.queueControl.delete("default", 500)).isTrue();
		assertThat(this.queues.names()).isEmpty();
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:job:later", "rq:scheduled:default");
		assertThat(this.queueControl.delete("default", 500)).isTrue();
		enqueue(job("b"));
		assertThat(this.queues.names()).containsExactly("default");
	}

	/** W29. */
	@Test
	void compactingTakesOffWhatNoWorkerWouldRunAndKeepsTheOrder() {
		List<String> kept = IntStream.range(0, 1300).mapToObj((i) -> "j" + i).toList();
		for (String id : kept) {
			enqueue(job(id));
			push("default", "gone-" + id);
		}
		python("canceled", "status", "canceled");
		python("stray", "status", "created", "stray_id", "1");
		python("stray-here", "status", "queued", "stray_id", "1");
		python("finished", "status", "finished");
		push("default", "canceled", "stray", "stray-here", "finished", "");
		String job = state("rq:job:");
		assertThat(this.queueControl.compact("default")).isEqualTo(1303);
		assertThat(list("rq:queue:default"))
			.containsExactlyElementsOf(Stream.concat(kept.stream(), Stream.of("stray-here", "finished")).toList());
		assertThat(state("rq:job:")).isEqualTo(job);
		assertThat(this.queueControl.compact("default")).isZero();
		assertThat(this.queueControl.compact("none")).isZero();
	}

	@Test
	void aListOfNothingButDeadIdsVanishes() {
		fill(1_500);
		assertThat(this.queueControl.compact("default")).isEqualTo(1_500);
		assertThat(this.redis.state().keys()).isEmpty();
	}

	@Test
	void suspendedWorkersStartNothingUntilTheyAreResumedOrTheTimeIsUp() {
		enqueue(job("a"));
		this.queueControl.suspend(null);
		assertThat(this.redis.state().string("rq:suspended")).isEqualTo("1");
		assertThat(this.redis.state().ttl("rq:suspended")).isEqualTo(-1);
		assertThat(this.workers.isSuspended()).isTrue();
		assertThat(claim(1)).isEmpty();
		this.queueControl.suspend(Duration.ofSeconds(60));
		assertThat(this.redis.state().ttl("rq:suspended")).isBetween(50L, 60L);
		this.queueControl.suspend(null);
		assertThat(this.redis.state().ttl("rq:suspended")).isEqualTo(-1);
		assertThat(this.queueControl.resume()).isTrue();
		assertThat(this.queueControl.resume()).isFalse();
		assertThat(this.workers.isSuspended()).isFalse();
		assertThat(claim(1)).hasSize(1);
	}

	@Test
	void keyOfAnotherTypeIsToldAndStaysAsItIs() {
		this.template.opsForValue().set("rq:queue:default", "text");
		enqueue(on("other", job("a")));
		String before = state();
		List<Runnable> calls = List.of(() -> this.queueControl.position("default", "a"),
				() -> this.queueControl.remove("default", "a"), () -> this.queueControl.empty("default", 500),
				() -> this.queueControl.compact("default"));
		for (Runnable call : calls) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(call::run)
				.havingRootCause()
				.withMessageContaining("WRONGTYPE");
		}
		assertThat(state()).isEqualTo(before);
	}

}
