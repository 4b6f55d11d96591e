package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.IllegalJobStateException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the requeue script.
 */
class RequeueTests extends AbstractStoreTests {

	/** W27. */
	@Test
	void failedJobWaitsAgainAndDoesNotExpire() {
		this.executions.finish(List.of(failure(started("a"), 60)));
		hash("rq:job:a", "retries_left", "0");
		this.template.opsForSet().add("rq:job:a:dependents", "child");
		this.template.expire("rq:job:a:dependents", Duration.ofSeconds(60));
		enqueue(job("b"));
		assertThat(this.control.requeue("a", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b", "a");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:failed:default");
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		assertThat(this.redis.state().ttl("rq:job:a:dependents")).isEqualTo(-1);
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("status", "queued")
			.containsEntry("enqueued_at", STAMP)
			.containsEntry("retries_left", "0")
			.doesNotContainKeys("started_at", "ended_at");
		assertThat(this.jobs.results("a")).hasSize(1);
	}

	@Test
	void jobGoesToTheFrontIfAskedAndHasItsOwnTimeToLive() {
		this.executions.finish(List.of(failure(started("a", PLAIN.withTtl(Duration.ofHours(1))), 60)));
		enqueue(job("b"));
		this.control.requeue("a", true);
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		assertThat(this.redis.state().ttl("rq:job:a")).isBetween(3590L, 3600L);
	}

	@Test
	void jobThatWasReclaimedTooOftenMayBeReclaimedAgain() {
		python("a", "status", "failed", "reclaims", "3", "attempts", "1");
		zadd("rq:failed:default", now() + 60, "a");
		this.control.requeue("a", false);
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("reclaims", "0").containsEntry("attempts", "1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "finished", "failed", "stopped", "canceled", "created", "" })
	void jobThatHasEndedOrNeverWaitedIsPutOnItsQueue(String status) {
		python("a", "status", status);
		zadd("rq:finished:default", now() + 60, "a");
		zadd("rq:failed:default", now() + 60, "a");
		zadd("rq:canceled:default", now(), "a");
		assertThat(this.control.requeue("a", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.queues.names()).containsExactly("default");
		assertThat(claim(1)).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "queued, cancel it", "started, cancel it", "scheduled, run now", "deferred, cancel it",
			"rate_limited, cancel it", "ready_to_enqueue, cancel it", "of_a_newer_version, newer RQ" })
	void jobThatWaitsOrRunsStaysWhereItIs(String status, String remedy) {
		python("a", "status", status);
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.control.requeue("a", false))
			.withMessageContainingAll("'a'", "'" + status + "'", remedy);
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void jobWithoutAQueueIsRefused() {
		hash("rq:job:a", "status", "failed", "data", "x");
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.control.requeue("a", false))
			.withMessageContainingAll("'a'", "names no queue");
		assertThat(this.control.requeue("none", false)).isFalse();
	}

	@Test
	void keyOfAnotherTypeIsNamedAndNothingIsChanged() {
		this.executions.finish(List.of(failure(started("a"), 500)));
		this.template.opsForValue().set("rq:queue:default", "text");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.control.requeue("a", false))
			.withMessageContaining("rq:queue:default");
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void allFailedJobsOfAQueueAreRequeuedInTheirOrder() {
		List<String> ids = IntStream.range(0, 1200).mapToObj((i) -> "j" + (1000 + i)).toList();
		for (int i = 0; i < ids.size(); i++) {
			hash("rq:job:" + ids.get(i), "status", (i % 100 == 0) ? "stopped" : "failed", "origin", "default", "data",
					"x");
			zadd("rq:failed:default", now() + 60 + i, ids.get(i));
		}
		zadd("rq:failed:default", -1, "expired");
		zadd("rq:failed:default", now() + 600, "running");
		python("running", "status", "started");
		assertThat(this.control.requeueAll("default")).isEqualTo(1200);
		assertThat(list("rq:queue:default")).containsExactlyElementsOf(ids);
		assertThat(this.redis.state().zset("rq:failed:default")).containsOnlyKeys("expired", "running");
		assertThat(this.control.requeueAll("default")).isZero();
		assertThat(this.control.requeueAll("none")).isZero();
	}

	@Test
	void ofManyThoseAreRequeuedThatCanBe() {
		python("failed", "status", "failed");
		python("canceled", "status", "canceled");
		python("running", "status", "started");
		this.template.opsForValue().set("rq:job:text", "of another type");
		assertThat(this.control.requeueAll(List.of("failed", "none", "text", "running", "canceled", "failed")))
			.isEqualTo(2);
		assertThat(list("rq:queue:default")).containsExactly("failed", "canceled");
		assertThat(this.control.requeueAll(List.of())).isZero();
	}

}
