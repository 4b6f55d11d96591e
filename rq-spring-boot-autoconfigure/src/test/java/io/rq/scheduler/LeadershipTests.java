package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.SchedulerStore.Seat;
import io.rq.redis.SchedulerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
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
		leadership.tend(0);
		assertThat(leadership.leads("mail")).isTrue();
		assertThat(leadership.since("mail")).isNotNull();
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		assertThat(this.redis.state().hash(key("mail", "rq:scheduler:" + leadership.name())))
			.containsEntry("queues", "high,mail")
			.containsEntry("pid", String.valueOf(ProcessHandle.current().pid()));
		assertThat(this.changes).containsExactlyInAnyOrder("mail true", "high true");
	}

	@Test
	void otherOneIsStandbyPerQueue() {
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.leads("high")).isTrue();
		assertThat(this.fixture.lock("mail")).isEqualTo("4711");
		assertThat(this.changes).containsExactly("high true");
	}

	@Test
	void renewsAfterAThirdOfTheLeaseAtTheLatest() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		assertThat(leadership.untilNextAttempt()).isBetween(LEASE.toNanos() * 24 / 100, LEASE.toNanos() * 3 / 10);
		forward(LEASE.dividedBy(3));
		assertThat(leadership.untilNextAttempt()).isNotPositive();
		leadership.tend(0);
		forward(LEASE.dividedBy(3).multipliedBy(2));
		assertThat(leadership.leads("mail")).isTrue();
	}

	@Test
	void renewsALongLeaseEveryThreeSeconds() {
		Leadership leadership = new Leadership(
				new SchedulerOptions(List.of("mail"), Duration.ofSeconds(1), Duration.ofMinutes(10)),
				this.fixture.store(), new TimeSource(Clock.systemUTC(), this.nanoTime::get), () -> null,
				new Listeners<>(List.of(this.listener)));
		leadership.tend(0);
		assertThat(Duration.ofNanos(leadership.untilNextAttempt())).isBetween(Duration.ofMillis(2_400),
				Duration.ofSeconds(3));
	}

	@Test
	void looksAgainWhenTheLockOfAnotherRunsOut() {
		Leadership leadership = leadership(this.fixture.store());
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711", LEASE);
		leadership.tend(0);
		assertThat(leadership.untilNextAttempt()).isGreaterThan(LEASE.toNanos() * 24 / 100);
		this.fixture.redis().expire(key("mail", "rq:scheduler-lock:mail"), LEASE.dividedBy(10));
		leadership.attempt();
		assertThat(leadership.untilNextAttempt()).isBetween(1L, LEASE.dividedBy(10).plusMillis(1).toNanos());
	}

	@Test
	void renewsALittleEarlierWhereThatSavesAnotherCall() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		this.fixture.redis().delete(key("mail", "rq:scheduler-lock:mail"));
		leadership.tend(Long.MAX_VALUE);
		assertThat(this.fixture.lock("mail")).isNull();
		forward(Duration.ofNanos(leadership.untilNextAttempt()).multipliedBy(3).dividedBy(4));
		leadership.tend(0);
		assertThat(this.fixture.lock("mail")).isNull();
		leadership.tend(Long.MAX_VALUE);
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
	}

	@Test
	void distrustsItselfBeforeTheLeaseEnds() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		forward(LEASE.multipliedBy(9).dividedBy(10).minusNanos(1));
		assertThat(leadership.leads("mail")).isTrue();
		forward(Duration.ofNanos(1));
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		leadership.tend(0);
		assertThat(leadership.leads("mail")).isTrue();
		assertThat(this.changes).endsWith("mail true").contains("mail false").hasSize(6);
	}

	@Test
	void countsTheLeaseFromTheStartOfTheRenewal() {
		RedisConnectionFactory connections = this.redis.connectionFactory();
		Leadership leadership = leadership(new SchedulerStore(TestStores.scripts(connections), Clock.systemUTC()) {

			@Override
			public Map<String, Seat> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease,
					@Nullable String probe) {
				Map<String, Seat> seats = super.lead(scheduler, queues, lease, probe);
				forward(LEASE);
				return seats;
			}

		});
		leadership.tend(0);
		assertThat(this.fixture.lock("mail")).isEqualTo(leadership.name());
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.untilNextAttempt()).isNotPositive();
	}

	@Test
	void failedRenewalIsTriedAgainAndLeadershipRunsOut() {
		AtomicLong failures = new AtomicLong();
		Leadership leadership = leadership(
				new SchedulerStore(TestStores.scripts(this.redis.connectionFactory()), Clock.systemUTC()) {

					@Override
					public Map<String, Seat> lead(SchedulerIdentity scheduler, List<String> queues, Duration lease,
							@Nullable String probe) {
						if (failures.getAndIncrement() > 0) {
							throw new IllegalStateException("away");
						}
						return super.lead(scheduler, queues, lease, probe);
					}

				});
		leadership.tend(0);
		forward(LEASE.dividedBy(3));
		assertThatIllegalStateException().isThrownBy(() -> leadership.tend(0));
		assertThat(leadership.untilNextAttempt()).isNotPositive();
		assertThat(leadership.leads("mail")).isTrue();
		forward(LEASE);
		assertThatIllegalStateException().isThrownBy(() -> leadership.tend(0));
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(this.changes).contains("mail false");
	}

	@Test
	void resigningFreesOnlyWhatIsHeldAndTheNextTermHasAnotherName() {
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.resign();
		leadership.tend(0);
		String name = leadership.name();
		leadership.resign();
		assertThat(this.redis.state().keys()).containsOnlyKeys(key("mail", "rq:scheduler-lock:mail"));
		assertThat(leadership.leads("high")).isFalse();
		assertThat(leadership.name()).isNotEqualTo(name);
		assertThat(this.changes).containsExactly("high true", "high false");
	}

	@Test
	void lostLockIsTriedAgainAtOnce() {
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		leadership.lost("mail");
		assertThat(leadership.leads("mail")).isFalse();
		assertThat(leadership.untilNextAttempt()).isZero();
	}

	@Test
	void vacantLockIsTriedAtOnceIfItMatters() {
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		Leadership leadership = leadership(this.fixture.store());
		leadership.tend(0);
		assertThat(leadership.vacant("other")).isFalse();
		assertThat(leadership.vacant("high")).isFalse();
		assertThat(leadership.untilNextAttempt()).isPositive();
		assertThat(leadership.vacant("mail")).isTrue();
		assertThat(leadership.untilNextAttempt()).isZero();
	}

	private Leadership leadership(SchedulerStore store) {
		return new Leadership(new SchedulerOptions(List.of("high", "mail"), Duration.ofSeconds(1), LEASE), store,
				new TimeSource(Clock.systemUTC(), this.nanoTime::get), () -> null,
				new Listeners<>(List.of(this.listener)));
	}

	private void forward(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

}
