package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the run-now script.
 */
class RunNowTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private final JobChanges changes = this.jobs.changes();

	@Test
	void scheduledJobGoesToTheEndOfItsQueue() {
		enqueue(in(job("a"), 60));
		enqueue(job("b"));
		assertThat(this.changes.runNow("a", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("b", "a");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
		assertThat(this.redis.state().hash("rq:job:a")).containsEntry("status", "queued")
			.containsEntry("enqueued_at", STAMP);
		assertThat(this.queues.names()).containsExactly("default");
		assertThat(claim(2)).extracting(Execution::jobId).containsExactly("b", "a");
	}

	@Test
	void itLeavesWhatTheSchedulerWouldLeave() {
		enqueue(in(job("a", PLAIN.withTtl(Duration.ofMinutes(5))), 60));
		zadd("rq:scheduled:default", now() - 1, "a");
		this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
		this.schedulers.promote("default", SCHEDULER, 10);
		this.schedulers.resign(SCHEDULER, List.of("default"));
		String promoted = state();
		this.redis.flush();
		enqueue(in(job("a", PLAIN.withTtl(Duration.ofMinutes(5))), 60));
		this.changes.runNow("a", false);
		this.template.delete(this.template.keys("rq:enqueued:*"));
		assertThat(state()).isEqualTo(promoted);
	}

	@Test
	void itGoesToTheFrontIfAskedOrIfItSaysSoItself() {
		enqueue(in(job("a"), 60));
		enqueue(front(in(job("b"), 60)));
		enqueue(job("c"));
		this.changes.runNow("a", true);
		this.changes.runNow("b", false);
		assertThat(list("rq:queue:default")).containsExactly("b", "a", "c");
	}

	@Test
	void delayedRetryRunsAtOnce() {
		Execution run = started("a", PLAIN.withRetry(Retry.max(1).intervals(60).atFront()));
		this.executions.retry(List.of(retry(run, 60, true, new Retry(0, List.of(60), true), null)));
		enqueue(job("b"));
		assertThat(field("a", "status")).isEqualTo("scheduled");
		this.changes.runNow("a", false);
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		assertThat(claim(1)).extracting(Execution::jobId).containsExactly("a");
	}

	@Test
	void jobOfPythonRuns() {
		python("a", "status", "scheduled");
		zadd("rq:scheduled:default", Math.floor(now()) + 60, "a");
		assertThat(this.changes.runNow("a", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void itWaitsForASlotOfItsRateLimit() {
		enqueue(RateLimitTests.limited("api", 1, job("first")),
				RateLimitTests.limited("api", 1, in(job("second"), 60)));
		this.changes.runNow("second", true);
		assertThat(field("second", "status")).isEqualTo("rate_limited");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("second");
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "SCHEDULED")
	void anyOtherJobIsLeftAlone(JobStatus status) {
		python("a", "status", status.value());
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.changes.runNow("a", false))
			.withMessageContainingAll("'a'", "'" + status.value() + "'. ");
		assertThat(state()).isEqualTo(before);
		assertThat(this.changes.runNow("none", false)).isFalse();
	}

	@Test
	void keyOfAnotherTypeIsNamedAndNothingIsChanged() {
		enqueue(in(job("a"), 60));
		this.template.opsForValue().set("rq:queue:default", "text");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.changes.runNow("a", false))
			.withMessageContaining("rq:queue:default");
		assertThat(state()).isEqualTo(before);
	}

	@RepeatedTest(5)
	void besideTheSchedulerItIsPutThereOnce() throws Exception {
		AtomicInteger refused = new AtomicInteger();
		this.schedulers.lead(SCHEDULER, List.of("default"), LEASE, null);
		enqueue(in(job("a"), 60));
		zadd("rq:scheduled:default", now() - 1, "a");
		Callable<Void> now = () -> {
			try {
				this.changes.runNow("a", false);
			}
			catch (IllegalJobStateException ex) {
				refused.incrementAndGet();
			}
			return null;
		};
		all(List.of(now, now, () -> {
			this.schedulers.promote("default", SCHEDULER, 10);
			return null;
		}));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(refused).hasValueBetween(1, 2);
	}

}
