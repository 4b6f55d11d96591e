package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SchedulerRound}, with duties of their own.
 */
@RedisTest
class SchedulerRoundTests {

	private final List<String> performed = new ArrayList<>();

	private final RoundLoop wakeUps = new RoundLoop("wake-ups", SafeLog.of(SchedulerRoundTests.class),
			() -> SchedulerFixture.LONG);

	private final SchedulerFixture fixture;

	private final SchedulerRound round;

	private final TestDuty first = new TestDuty("first");

	private final TestDuty second = new TestDuty("second");

	SchedulerRoundTests(TestRedis redis) {
		this.fixture = new SchedulerFixture(redis.connectionFactory());
		SchedulerOptions options = new SchedulerOptions(List.of("mail"), Duration.ofSeconds(1), SchedulerFixture.LONG);
		SchedulerStore store = this.fixture.store();
		Listeners<SchedulerListener> listeners = new Listeners<>(List.of());
		Leadership leadership = new Leadership(options, store, TimeSource.of(Clock.systemUTC()), () -> null, listeners);
		DueJobPromoter promoter = new DueJobPromoter(options, store, leadership, TimeSource.of(Clock.systemUTC()),
				listeners);
		SchedulerParts parts = new SchedulerParts(options, leadership, promoter, List.of(this.first, this.second));
		this.round = new SchedulerRound(() -> parts, this.wakeUps);
	}

	@AfterEach
	void stop() {
		this.wakeUps.terminate(SchedulerFixture.LONG, SchedulerFixture.LONG);
	}

	@Test
	void performsAllDutiesInTheirOrderAfterTheElectionAndSleepsUntilTheEarliest() {
		this.first.left = 500;
		this.second.left = 300;
		assertThat(this.round.run()).isEqualTo(Duration.ofNanos(300));
		assertThat(this.performed).containsExactly("first", "second");
		assertThat(this.fixture.lock("mail")).isNotNull();
		assertThat(this.wakeUps.isRunning()).isTrue();
	}

	@Test
	void sleepsNoLongerThanUntilTheNextElection() {
		assertThat(this.round.run()).isLessThanOrEqualTo(SchedulerFixture.LONG.dividedBy(3));
	}

	@Test
	void tellsWhatADutyFailedWithUntilARoundSucceeds() {
		this.first.failure = new IllegalStateException("broken");
		assertThatIllegalStateException().isThrownBy(this.round::run);
		assertThat(this.round.failure()).contains("broken");
		this.first.failure = null;
		this.round.run();
		assertThat(this.round.failure()).isNull();
	}

	@Test
	void passGoesOnUntilNoDutyHasAnythingToDoAndGivesTheLocksBack() {
		this.second.left = 0;
		this.second.times = 3;
		this.round.pass();
		assertThat(this.performed).containsExactly("first", "second", "first", "second", "first", "second");
		assertThat(this.fixture.lock("mail")).isNull();
		assertThat(this.wakeUps.isRunning()).isFalse();
	}

	@Test
	void passThatFailsGivesTheLocksBackAndIsTold() {
		this.second.failure = new IllegalStateException("broken");
		this.round.pass();
		assertThat(this.round.failure()).contains("broken");
		assertThat(this.fixture.lock("mail")).isNull();
	}

	/**
	 * Has something to do a number of times.
	 */
	private final class TestDuty implements Duty {

		private final String name;

		private long left = Long.MAX_VALUE;

		private int times = Integer.MAX_VALUE;

		private RuntimeException failure;

		TestDuty(String name) {
			this.name = name;
		}

		@Override
		public void perform() {
			if (this.failure != null) {
				throw this.failure;
			}
			SchedulerRoundTests.this.performed.add(this.name);
			this.times--;
		}

		@Override
		public long untilNext() {
			return (this.times > 0) ? this.left : Long.MAX_VALUE;
		}

		@Override
		public void wakeAll() {
		}

	}

}
