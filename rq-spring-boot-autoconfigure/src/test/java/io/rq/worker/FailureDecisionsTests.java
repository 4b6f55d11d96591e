package io.rq.worker;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.handler.RunInfo;
import io.rq.job.JobOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureDecisions}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureDecisionsTests {

	private static final RuntimeException FAILURE = new IllegalStateException("no");

	private final RunInfo run = TestRuns.info(TestRuns.claimed(new MovedTime()));

	private Decision decide(HandlerRules rules, JobExceptionHandler... handlers) {
		Decision decision = new FailureDecisions(List.of(handlers)).ask(this.run, FAILURE);
		return (decision != null) ? decision : FailureDecisions.decide(rules, FAILURE);
	}

	@Test
	void theFirstThatDecidesIsHeard() {
		assertThat(decide(HandlerRules.NONE, (run, failure) -> null, (run, failure) -> Decision.SWALLOW,
				(run, failure) -> Decision.FAIL))
			.isEqualTo(Decision.SWALLOW);
	}

	@Test
	void withoutADecisionTheHandlerOfTheJobIsAsked() {
		assertThat(decide(HandlerRules.NONE, (run, failure) -> null)).isEqualTo(Decision.RETRY);
		HandlerRules never = new HandlerRules(JobOptions.NONE, (failure) -> failure != FAILURE);
		assertThat(decide(never)).isEqualTo(Decision.FAIL);
		assertThat(decide(never, (run, failure) -> Decision.RETRY)).isEqualTo(Decision.RETRY);
	}

	@Test
	void oneThatThrowsIsLoggedAndPassedOver(CapturedOutput output) {
		assertThat(decide(HandlerRules.NONE, (run, failure) -> {
			throw new LinkageError("broken handler");
		}, (run, failure) -> Decision.FAIL)).isEqualTo(Decision.FAIL);
		assertThat(output).contains("failed on job job-1 (function)", "broken handler");
	}

	@Test
	void aHandlerThatCannotTellLetsTheJobBeTriedAgain(CapturedOutput output) {
		assertThat(decide(new HandlerRules(JobOptions.NONE, (failure) -> {
			throw new IllegalArgumentException("cannot tell");
		}))).isEqualTo(Decision.RETRY);
		assertThat(output).contains("cannot tell whether", "IllegalArgumentException: cannot tell");
	}

}
