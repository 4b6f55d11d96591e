package io.rq.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.IllegalJobStateException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the cancel script.
 */
class CancelTests extends AbstractStoreTests {

	@Test
	void waitingJobIsCancelledAsRqCancelsIt() {
		enqueue(job("a"), job("b"));
		assertThat(this.control.cancel("a", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(field("a", "status")).isEqualTo("canceled");
		assertThat(score("rq:canceled:default", "a")).isBetween(now() - 5, now() + 0.001)
			.isEqualTo(Math.floor(score("rq:canceled:default", "a")));
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKey("stray_id");
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
	}

	@Test
	void jobThatIsDueLaterOrWaitsForOthersLeavesItsRegistry() {
		enqueue(in(job("later"), 60), job("parent"));
		deferred("child", "parent");
		this.control.cancel("later", false);
		this.control.cancel("child", false);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:scheduled:default", "rq:deferred:default");
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("later", "child");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(field("child", "status")).isEqualTo("canceled");
		assertThat(list("rq:queue:default")).isEmpty();
	}

	/** W25. */
	@Test
	void runIsToldAndOnlyItsResultIsRecorded() {
		Execution run = started("a");
		assertThat(this.control.cancel("a", false)).isTrue();
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW))))
			.isEqualTo(new ExecutionStore.Beat(false, List.of(), List.of(run)));
		assertThat(this.executions.finish(List.of(success(run, 500)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("canceled");
		assertThat(this.jobs.results("a")).hasSize(1);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:wip:default", "rq:finished:default");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void runThatWasCancelledRecordsNothingOnceItsJobWaitsAgain(boolean shown) {
		Execution run = started("a");
		if (shown) {
			this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW)));
		}
		this.control.cancel("a", false);
		this.control.requeue("a", false);
		Execution again = claim(1).get(0);
		assertThat(this.executions.finish(List.of(success(run, 500)))).containsExactly(run);
		assertThat(field("a", "status")).isEqualTo("started");
		assertThat(this.executions.finish(List.of(success(again, 500)))).isEmpty();
	}

	@Test
	void runThatWasCancelledRecordsNothingForAJobThatReplacedIt() {
		Execution run = started("a");
		this.control.cancel("a", false);
		enqueue(given(job("a")));
		Execution again = claim(1).get(0);
		assertThat(this.executions.finish(List.of(failure(run, 500)))).containsExactly(run);
		assertThat(field("a", "status")).isEqualTo("started");
		assertThat(this.executions.finish(List.of(success(again, 500)))).isEmpty();
	}

	/** W25: RQ sends a part of it outside of its transaction, and twice. */
	@Test
	void jobsThatWaitForItGoOnOnlyIfAskedAndIfTheyWaitForNothingElse() {
		enqueue(job("a"), job("b"));
		deferred("child", "a");
		deferred("both", "a");
		this.template.opsForSet().add("rq:job::both:dependencies", "b");
		this.template.opsForSet().add("rq:job:b:dependents", "both");
		this.control.cancel("a", false);
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(this.control.cancel("a", true)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b", "child");
		assertThat(this.redis.state().zset("rq:deferred:default")).containsOnlyKeys("both");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(field("both", "status")).isEqualTo("deferred");
	}

	@Test
	void thousandsOfJobsThatWaitForItGoOnInParts() {
		enqueue(job("a"));
		List<String> children = IntStream.range(0, 2500).mapToObj((i) -> "c" + i).toList();
		for (String child : children) {
			hash("rq:job:" + child, "status", "deferred", "origin", "default", "data", "x");
			this.template.opsForSet().add("rq:job::" + child + ":dependencies", "a");
		}
		this.template.opsForSet().add("rq:job:a:dependents", children.toArray(String[]::new));
		this.control.cancel("a", true);
		assertThat(this.jobs.count("default")).isLessThan(1500);
		this.maintenance.releaseDependents("default");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrderElementsOf(children);
	}

	@Test
	void cancellingAgainChangesNothing() {
		enqueue(job("a"), job("b"));
		this.control.cancel("a", true);
		String before = state();
		assertThat(this.control.cancel("a", true)).isTrue();
		assertThat(state()).isEqualTo(before);
		assertThat(this.control.cancel("none", true)).isFalse();
		assertThat(state()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "finished", "failed", "stopped", "of_a_newer_version" })
	void jobThatHasEndedIsNotCancelled(String status) {
		python("a", "status", status);
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.control.cancel("a", true))
			.withMessageContainingAll("'a'", "'" + status + "'",
					status.equals("of_a_newer_version") ? "newer RQ" : "requeue")
			.satisfies((ex) -> {
				assertThat(ex.getJobId()).isEqualTo("a");
				assertThat(ex.getStatus()).isEqualTo(status);
			});
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void keyOfAnotherTypeIsNamedAndNothingIsChanged() {
		enqueue(job("a"));
		this.template.opsForValue().set("rq:canceled:default", "text");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.control.cancel("a", false))
			.withMessageContaining("rq:canceled:default");
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void idThatMayBeLeftOnALongListDoesNotRun() {
		enqueue(given(job("near")));
		fill(15_000);
		enqueue(given(job("deep")), given(job("again")));
		fill(15_000);
		this.control.cancel("near", false);
		this.control.cancel("deep", false);
		this.control.cancel("again", false);
		this.control.requeue("again", true);
		assertThat(this.jobs.count("default")).isEqualTo(30_003);
		assertThat(drain()).containsExactly("again");
		assertThat(field("deep", "status")).isEqualTo("canceled");
	}

	private void fill(int size) {
		push("default", IntStream.range(0, size).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
	}

	/** Takes all jobs, which fail, and returns their ids. */
	private List<String> drain() {
		List<String> ids = new ArrayList<>();
		while (this.jobs.count("default") > 0) {
			for (Execution run : claim(500)) {
				ids.add(run.jobId());
				this.executions.finish(List.of(failure(run, 500)));
			}
		}
		return ids;
	}

}
