package io.rq.operations;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;

import io.rq.job.DuplicateJobException;
import io.rq.job.InvalidJobException;
import io.rq.job.QueueFullException;
import io.rq.job.TooFewReplicasException;
import io.rq.monitor.NoAnswerException;
import io.rq.redis.ScriptRefusedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Refusal}.
 */
class RefusalTests {

	static Stream<Exception> refusedByRedisThatAnswers() {
		return Stream.of(new DuplicateJobException("a", "it runs"), new QueueFullException("q", 5, 1, 5),
				new TooFewReplicasException(List.of("a"), 0, 1, Duration.ofSeconds(1)),
				new ScriptRefusedException("page", List.of("rq:queue:text")));
	}

	@ParameterizedTest
	@MethodSource("refusedByRedisThatAnswers")
	void redisIsNotAwayWhileItAnswers(Exception failure) {
		assertThat(Refusal.of(failure)).isEqualTo(Refusal.CONFLICT);
	}

	@Test
	void everyReasonIsToldApart() {
		assertThat(Refusal.of(new OperationDeniedException(Operator.APPLICATION, Operation.STOP, "q")))
			.isEqualTo(Refusal.DENIED);
		assertThat(Refusal.of(new IllegalArgumentException("'limit'"))).isEqualTo(Refusal.MEANINGLESS);
		assertThat(Refusal.of(new InvalidJobException("no handler"))).isEqualTo(Refusal.INVALID);
		assertThat(Refusal.of(new NoAnswerException("the overview", null))).isEqualTo(Refusal.AWAY);
		assertThat(Refusal.of(new RedisConnectionFailureException("away"))).isEqualTo(Refusal.AWAY);
		assertThat(Refusal.of(new QueryTimeoutException("late"))).isEqualTo(Refusal.AWAY);
		assertThat(Refusal.of(new IllegalStateException("a fault"))).isNull();
	}

}
