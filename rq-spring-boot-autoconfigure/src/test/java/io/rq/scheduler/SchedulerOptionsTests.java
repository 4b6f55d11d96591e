package io.rq.scheduler;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.rq.lifecycle.Recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SchedulerOptions}.
 */
class SchedulerOptionsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void namesEachQueueOnce() {
		assertThat(new SchedulerOptions(List.of("b", "a", "b"), SECOND, SECOND).queues()).containsExactly("b", "a");
	}

	@Test
	void pausesNoLongerThanHalfItsLease() {
		Recovery recovery = new Recovery(Duration.ofMillis(200), Duration.ofSeconds(10));
		assertThat(new SchedulerOptions(List.of("a"), SECOND, SECOND, recovery).recovery())
			.isEqualTo(new Recovery(Duration.ofMillis(200), Duration.ofMillis(500)));
	}

	@Test
	void refusesWhatCannotWork() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SchedulerOptions(List.of(), SECOND, SECOND))
			.withMessageContaining("'queues'");
		assertThatIllegalArgumentException().isThrownBy(() -> new SchedulerOptions(List.of(" "), SECOND, SECOND))
			.withMessageContaining("'queues'");
		assertThatIllegalArgumentException().isThrownBy(() -> new SchedulerOptions(List.of("a"), Duration.ZERO, SECOND))
			.withMessageContaining("'interval'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SchedulerOptions(List.of("a"), SECOND, Duration.ofMillis(99)))
			.withMessageContaining("'lockLease'");
	}

}
