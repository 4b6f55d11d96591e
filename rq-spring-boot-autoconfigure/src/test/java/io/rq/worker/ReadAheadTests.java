package io.rq.worker;

import java.time.Clock;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.rq.lifecycle.TimeSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReadAhead}.
 */
class ReadAheadTests {

	private static final long MILLISECOND = Duration.ofMillis(1).toNanos();

	private final ReadAhead ahead = new ReadAhead(10, TimeSource.of(Clock.systemUTC()));

	@Test
	void nothingIsTakenEarlyBeforeAnythingIsKnown() {
		assertThat(this.ahead.jobs()).isZero();
	}

	@Test
	void whatRunsInTheNextMomentIsTakenEarly() {
		this.ahead.ran(MILLISECOND);
		this.ahead.ran(MILLISECOND);
		assertThat(this.ahead.jobs()).isEqualTo(20);
		assertThat(this.ahead.jobs()).isEqualTo(20);
	}

	@Test
	void theNumberHasABound() {
		this.ahead.ran(0);
		assertThat(this.ahead.jobs()).isEqualTo(50);
	}

	@Test
	void nothingIsTakenEarlyWhereJobsTakeLong() {
		this.ahead.ran(21 * MILLISECOND);
		assertThat(this.ahead.jobs()).isZero();
	}

	@Test
	void aLongJobAmongShortOnesCountsForAWhile() {
		this.ahead.ran(MILLISECOND);
		assertThat(this.ahead.jobs()).isPositive();
		this.ahead.ran(1000 * MILLISECOND);
		assertThat(this.ahead.jobs()).isZero();
		this.ahead.ran(MILLISECOND);
		assertThat(this.ahead.jobs()).isZero();
		for (int i = 0; i < 10; i++) {
			this.ahead.ran(MILLISECOND);
			this.ahead.jobs();
		}
		assertThat(this.ahead.jobs()).isPositive();
	}

	@Test
	void aThreadIsWokenForAsMuchAsIsWorthIt() {
		assertThat(this.ahead.threads(50)).as("nothing is known").isEqualTo(50);
		this.ahead.ran(10_000);
		this.ahead.jobs();
		assertThat(this.ahead.threads(50)).isEqualTo(3);
		assertThat(this.ahead.threads(1)).isEqualTo(1);
		assertThat(this.ahead.threads(0)).isZero();
		this.ahead.pause();
		assertThat(this.ahead.threads(50)).isEqualTo(50);
	}

	@Test
	void aPauseLastsUntilSeveralLooksHaveSeenShortJobs() {
		this.ahead.ran(0);
		this.ahead.jobs();
		this.ahead.pause();
		this.ahead.ran(0);
		assertThat(this.ahead.jobs()).isZero();
		for (int i = 0; i < 10; i++) {
			this.ahead.ran(0);
			this.ahead.jobs();
		}
		assertThat(this.ahead.jobs()).isPositive();
	}

}
