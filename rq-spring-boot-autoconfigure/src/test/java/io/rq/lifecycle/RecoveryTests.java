package io.rq.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.util.backoff.BackOffExecution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Recovery}.
 */
class RecoveryTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static List<Long> pauses(Recovery recovery) {
		BackOffExecution pauses = recovery.begin();
		return Stream.generate(pauses::nextBackOff).limit(6).toList();
	}

	@Test
	void eachPauseIsTwiceAsLongAsTheOneBefore() {
		assertThat(pauses(Recovery.DEFAULT)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
		assertThat(pauses(new Recovery(SECOND, SECOND))).containsOnly(1000L);
	}

	@Test
	void whatMustNotBeLatePausesForLess() {
		assertThat(Recovery.DEFAULT.atMost(SECOND)).isEqualTo(Recovery.DEFAULT);
		assertThat(pauses(Recovery.DEFAULT.atMost(Duration.ofMillis(300)))).startsWith(100L, 200L, 300L);
		assertThat(pauses(Recovery.DEFAULT.atMost(Duration.ofMillis(30)))).containsOnly(30L);
		assertThat(pauses(Recovery.DEFAULT.atMost(Duration.ofNanos(100)))).containsOnly(1L);
	}

	@Test
	void refusesPausesThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Recovery(Duration.ofNanos(999_999), SECOND))
			.withMessageContaining("'minPause'");
		assertThatIllegalArgumentException().isThrownBy(() -> new Recovery(SECOND, SECOND.minusMillis(1)))
			.withMessageContaining("'maxPause'");
	}

}
