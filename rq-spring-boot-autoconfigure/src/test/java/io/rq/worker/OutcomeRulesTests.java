package io.rq.worker;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.Retry;
import io.rq.redis.Outcome;
import io.rq.redis.Outcome.Finished;
import io.rq.redis.Outcome.Retried;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializationException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutcomeRules}.
 */
class OutcomeRulesTests {

	private static final WorkerOptions.Defaults DEFAULTS = new WorkerOptions.Defaults(Duration.ofSeconds(3),
			Duration.ofSeconds(33), Duration.ofSeconds(333), 3);

	private static final JobOptions HANDLER = JobOptions.NONE.withTimeout(Duration.ofSeconds(2))
		.withResultTtl(Duration.ofSeconds(22))
		.withFailureTtl(Duration.ofSeconds(222));

	private static final JobOptions OWN = JobOptions.NONE.withTimeout(Duration.ofSeconds(1))
		.withResultTtl(JobOptions.UNLIMITED)
		.withFailureTtl(Duration.ofSeconds(111));

	private final MovedTime time = new MovedTime();

	private final OutcomeRules rules = new OutcomeRules(new JacksonJobSerializer(JsonMapper.builder().build()),
			DEFAULTS, this.time.source());

	private ActiveRun run(JobOptions options, JobRun soFar) {
		return TestRuns.claimed(TestRuns.job(options, soFar), this.time);
	}

	private ActiveRun run(JobOptions options) {
		return run(options, JobRun.NONE);
	}

	private static ReturnedValue value(@Nullable Object value) {
		return new ReturnedValue("function", Object.class, value);
	}

	@Test
	void whatTheJobCarriesComesBeforeTheHandlerAndThatBeforeTheWorker() {
		Job own = run(OWN).job();
		Job plain = run(JobOptions.NONE).job();
		assertThat(this.rules.timeout(own, HandlerRules.of(HANDLER))).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.rules.timeout(plain, HandlerRules.of(HANDLER))).isEqualTo(Duration.ofSeconds(2));
		assertThat(this.rules.timeout(plain, HandlerRules.NONE)).isEqualTo(Duration.ofSeconds(3));
		assertThat(success(OWN, HANDLER).ttlSeconds()).isEqualTo(-1);
		assertThat(success(JobOptions.NONE, HANDLER).ttlSeconds()).isEqualTo(22);
		assertThat(success(JobOptions.NONE, JobOptions.NONE).ttlSeconds()).isEqualTo(33);
		assertThat(failure(OWN, HANDLER).ttlSeconds()).isEqualTo(111);
		assertThat(failure(JobOptions.NONE, HANDLER).ttlSeconds()).isEqualTo(222);
		assertThat(failure(JobOptions.NONE, JobOptions.NONE).ttlSeconds()).isEqualTo(333);
	}

	private Finished success(JobOptions own, JobOptions handler) {
		return (Finished) this.rules.returned(run(own), HandlerRules.of(handler), value("done"));
	}

	private Finished failure(JobOptions own, JobOptions handler) {
		return (Finished) this.rules.failed(run(own), HandlerRules.of(handler), Decision.RETRY,
				new IllegalStateException("no"));
	}

	@Test
	void aReturnedValueIsASuccess() {
		Finished end = success(JobOptions.NONE, JobOptions.NONE);
		assertThat(end.type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		assertThat(end.attempt().returnValue()).asString().isEqualTo("\"done\"");
		assertThat(end.attempt().exception()).isNull();
	}

	@Test
	void anExceptionIsAnsweredByTheRetriesThatAreLeft() {
		JobOptions options = JobOptions.NONE.withRetry(Retry.max(2).intervals(5, 10));
		Outcome first = this.rules.failed(run(options, new JobRun(null, 4, 0, 0)), HandlerRules.NONE, Decision.RETRY,
				new IllegalStateException("no"));
		assertThat(first).isInstanceOfSatisfying(Retried.class, (again) -> {
			assertThat(again.waitSeconds()).isEqualTo(5);
			assertThat(again.attempts()).isEqualTo(5);
			assertThat(again.left()).isEqualTo(Retry.max(1).intervals(5, 10));
			assertThat(again.numberOfRetries()).isNull();
			assertThat(again.attempt().exception()).contains("IllegalStateException: no");
		});
		Outcome last = this.rules.failed(run(options.withRetry(Retry.max(2).afterRetry().afterRetry())),
				HandlerRules.NONE, Decision.RETRY, new IllegalStateException("no"));
		assertThat(last).isInstanceOfSatisfying(Finished.class,
				(end) -> assertThat(end.type()).isEqualTo(JobResult.Type.FAILED));
	}

	@Test
	void whatCanNeverWorkIsNotTriedAgain() {
		ActiveRun run = run(JobOptions.NONE.withRetry(Retry.max(3)));
		assertThat(
				this.rules.failed(run, HandlerRules.NONE, Decision.RETRY, new InvalidJobException("no such function")))
			.isInstanceOf(Finished.class);
		assertThat(this.rules.failed(run, HandlerRules.NONE, Decision.RETRY,
				new JobSerializationException("no JSON", null)))
			.isInstanceOf(Finished.class);
	}

	@Test
	void aDecisionComesBeforeTheRetriesThatAreLeft() {
		JobOptions options = JobOptions.NONE.withRetry(Retry.max(3));
		assertThat(decided(options, Decision.FAIL)).isInstanceOfSatisfying(Finished.class, (end) -> {
			assertThat(end.type()).isEqualTo(JobResult.Type.FAILED);
			assertThat(end.attempt().exception()).contains("IllegalStateException: no");
		});
		assertThat(decided(options, Decision.SWALLOW)).isInstanceOfSatisfying(Finished.class, (end) -> {
			assertThat(end.type()).isEqualTo(JobResult.Type.SUCCESSFUL);
			assertThat(end.ttlSeconds()).isEqualTo(33);
			assertThat(end.attempt().returnValue()).isNull();
			assertThat(end.attempt().exception()).isNull();
		});
		assertThat(decided(JobOptions.NONE, Decision.RETRY)).isInstanceOf(Finished.class);
	}

	private Outcome decided(JobOptions options, Decision decision) {
		return this.rules.failed(run(options), HandlerRules.NONE, decision, new IllegalStateException("no"));
	}

	@Test
	void aQueueMayHaveDefaultsOfItsOwn() {
		JobOptions queue = JobOptions.NONE.withTimeout(Duration.ofSeconds(4)).withRetry(Retry.max(2).intervals(8));
		OutcomeRules withQueue = new OutcomeRules(new JacksonJobSerializer(JsonMapper.builder().build()),
				new WorkerOptions.Defaults(new JobDefaults(DEFAULTS.jobs().common(), Map.of("default", queue)), 3),
				this.time.source());
		ActiveRun run = run(JobOptions.NONE);
		assertThat(withQueue.timeout(run.job(), HandlerRules.NONE)).isEqualTo(Duration.ofSeconds(4));
		assertThat(withQueue.timeout(run.job(), HandlerRules.of(HANDLER))).isEqualTo(Duration.ofSeconds(2));
		assertThat(withQueue.failed(run, HandlerRules.NONE, Decision.RETRY, new IllegalStateException("no")))
			.isInstanceOfSatisfying(Retried.class, (again) -> {
				assertThat(again.waitSeconds()).isEqualTo(8);
				assertThat(again.left()).isEqualTo(Retry.max(1).intervals(8));
				assertThat(again.ttlSeconds()).isEqualTo(333);
			});
		assertThat(withQueue.failed(run, HandlerRules.of(JobOptions.NONE.withRetry(Retry.NONE)), Decision.RETRY,
				new IllegalStateException("no")))
			.isInstanceOf(Finished.class);
	}

	/** W17: of the retries that a job carries the first wait comes again. */
	@ParameterizedTest
	@CsvSource({ "0, 10", "1, 60", "2, 60", "3, 60" })
	void ofAReturnedRetryTheLastWaitComesAgain(int soFar, int wait) {
		Retry asked = Retry.max(4).intervals(10, 60);
		assertThat(this.rules.returned(run(JobOptions.NONE, new JobRun(null, 0, soFar, 0)), HandlerRules.NONE,
				value(asked)))
			.isInstanceOfSatisfying(Retried.class, (again) -> assertThat(again.waitSeconds()).isEqualTo(wait));
	}

	@Test
	void theWaitOfAReturnedRetryIsDrawnIfItHasAJitter() {
		Retry asked = Retry.max(4).intervals(1, 1_000_000).jitter(0.5);
		assertThat(
				this.rules.returned(run(JobOptions.NONE, new JobRun(null, 0, 2, 0)), HandlerRules.NONE, value(asked)))
			.isInstanceOfSatisfying(Retried.class,
					(again) -> assertThat(again.waitSeconds()).isBetween(500_000, 999_999));
	}

	@Test
	void aReturnedRetryIsGrantedAsOftenAsItSays() {
		Retry asked = Retry.max(2).intervals(7);
		Outcome second = this.rules.returned(run(JobOptions.NONE, new JobRun(null, 0, 1, 0)), HandlerRules.NONE,
				value(asked));
		assertThat(second).isInstanceOfSatisfying(Retried.class, (again) -> {
			assertThat(again.waitSeconds()).isEqualTo(7);
			assertThat(again.numberOfRetries()).isEqualTo(2);
			assertThat(again.left()).isNull();
		});
		Outcome third = this.rules.returned(run(JobOptions.NONE, new JobRun(null, 0, 2, 0)), HandlerRules.NONE,
				value(asked));
		assertThat(third).isInstanceOfSatisfying(Finished.class,
				(end) -> assertThat(end.type()).isEqualTo(JobResult.Type.MAX_RETRIES_EXCEEDED));
	}

	@Test
	void anAttemptDoesNotEndBeforeItStarted() {
		ActiveRun run = run(JobOptions.NONE);
		this.time.set(Duration.ofHours(-1));
		Outcome.Attempt attempt = this.rules.returned(run, HandlerRules.NONE, value(null)).attempt();
		assertThat(attempt.startedAt()).isEqualTo(run.startedAt());
		assertThat(attempt.endedAt()).isEqualTo(run.startedAt());
	}

	@Test
	void aRecordThatCannotBeReadFailsForAsLongAsTheWorkerKeepsFailures() {
		ActiveRun run = run(JobOptions.NONE);
		Finished end = (Finished) this.rules.unreadable(run.execution(),
				new InvalidJobException("'timeout' is no number"));
		assertThat(end.type()).isEqualTo(JobResult.Type.FAILED);
		assertThat(end.ttlSeconds()).isEqualTo(333);
		assertThat(end.attempt().exception()).contains("'timeout' is no number");
	}

}
