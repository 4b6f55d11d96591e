package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Leadership}, on a monotonic clock that the test moves.
 */
@RedisTest
class LeadershipTests {

	private static final Duration LEASE = Duration.ofSeconds(10);

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);

	private final List<String> changes = new ArrayList<>();

	private final SchedulerListener listener = new SchedulerListener() {

		@Override
		public void leadershipChanged(String queue, boolean leader) {
			LeadershipTests.this.changes.add(queue + " " + leader);
		}

	};

	private final TestRedis redis;

	private final SchedulerFixture fixture;

	LeadershipTests(TestRedis redis) {
		this.redis = redis;
		this.fixture = new SchedulerFixture(redis.connectionFactory());
	}

	@Test
	void nameIsADecimalNumberThatEveryReaderOfTheLockUnderstands() {
		SchedulerContainer container = this.fixture.container(Duration.ofSeconds(1), SchedulerFixture.LONG, "mail");
		assertThat(container.state().name()).matches("[1-9][0-9]{17}");
	}

	@Test
	void firstOneLeadsAndIsOnRecord() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		assertThat(leadership.leads("mail")).isTrue();
		assertThat(leadership.since("mail")).isNotNull();
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		assertThat(this.redis.state().hash("rq:scheduler:" + leadership.name())).containsEntry("queues", "high,mail")
			.containsEntry("pid", String.valueOf(ProcessHandle.current().pid()));
		assertThat(this.changes).containsExactlyInAnyOrder("mail true", "high true");
	}

	@Test
	void otherOneIsStandbyPerQueue() {
		this.fixture.redis().opsForValue().set("rq:scheduler-lock:mail", "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.leads("high")).isTrue();
		assertThat(this.fixture.lock("mail")).isEqualTo("4711");
		assertThat(this.changes).containsExactly("high true");
	}

	@Test
	void renewsAfterAThirdOfTheLeaseAtTheLatest() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		assertThat(leadership.untilNextAttempt()).isBetween(LEASE.toNanos() * 4 / 15, LEASE.toNanos() / 3);
		forward(LEASE.dividedBy(3));
		assertThat(leadership.untilNextAttempt()).isNotPositive();
		leadership.tend();
		forward(LEASE.dividedBy(3).multipliedBy(2));
		assertThat(leadership.leads("mail")).isTrue();
	}

	@Test
	void distrustsItselfBeforeTheLeaseEnds() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		forward(LEASE.multipliedBy(9).dividedBy(10).minusNanos(1));
		assertThat(leadership.leads("mail")).isTrue();
		forward(Duration.ofNanos(1));
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		leadership.tend();
		assertThat(leadership.leads("mail")).isTrue();
		assertThat(this.changes).endsWith("mail true").contains("mail false").hasSize(6);
	}

	@Test
	void countsTheLeaseFromTheStartOfTheRenewal() {
		RedisConnectionFactory connections = this.redis.connectionFactory();
		Leadership leadership = leadership(new SchedulerStore(new RedisScripts(connections), Clock.systemUTC()) {

			@Override
			public Map<String, Boolean> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease) {
				Map<String, Boolean> held = super.lead(scheduler, queues, lease);
				forward(LEASE);
				return held;
			}

		});
		leadership.tend();
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.untilNextAttempt()).isNotPositive();
	}

	@Test
	void failedRenewalIsTriedAgainAndLeadershipRunsOut() {
		AtomicLong failures = new AtomicLong();
		Leadership leadership = leadership(
				new SchedulerStore(new RedisScripts(this.redis.connectionFactory()), Clock.systemUTC()) {

					@Override
					public Map<String, Boolean> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease) {
						if (failures.getAndIncrement() > 0) {
							throw new IllegalStateException("away");
						}
						return super.lead(scheduler, queues, lease);
					}

				});
		leadership.tend();
		forward(LEASE.dividedBy(3));
		assertThatIllegalStateException().isThrownBy(leadership::tend);
		assertThat(leadership.untilNextAttempt()).isNotPositive();
		assertThat(leadership.leads("mail")).isTrue();
		forward(LEASE);
		assertThatIllegalStateException().isThrownBy(leadership::tend);
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(this.changes).contains("mail false");
	}

	@Test
	void resigningFreesOnlyWhatIsHeldAndTheNextTermHasAnotherName() {
		this.fixture.redis().opsForValue().set("rq:scheduler-lock:mail", "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.resign();
		leadership.tend();
		String name = leadership.name();
		leadership.resign();
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:scheduler-lock:mail");
		assertThat(leadership.leads("high")).isFalse();
		assertThat(leadership.name()).isNotEqualTo(name);
		assertThat(this.changes).containsExactly("high true", "high false");
	}

	@Test
	void lostLockIsTriedAgainAtOnce() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		leadership.lost("mail");
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.untilNextAttempt()).isZero();
	}

	@Test
	void vacantLockIsTriedAtOnceIfItMatters() {
		this.fixture.redis().opsForValue().set("rq:scheduler-lock:mail", "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend();
		assertThat(leadership.vacant("other")).isFalse();
		assertThat(leadership.vacant("high")).isFalse();
		assertThat(leadership.untilNextAttempt()).isPositive();
		assertThat(leadership.vacant("mail")).isTrue();
		assertThat(leadership.untilNextAttempt()).isZero();
	}

	private Leadership leadership(SchedulerStore store) {
		return new Leadership(new SchedulerOptions(List.of("high", "mail"), Duration.ofSeconds(1), LEASE), store,
				Clock.systemUTC(), this.nanoTime::get, new Listeners<>(List.of(this.listener)));
	}

	private void forward(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

}
