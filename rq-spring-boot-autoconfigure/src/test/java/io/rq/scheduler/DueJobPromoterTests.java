package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.SchedulerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DueJobPromoter}, on a monotonic clock that the test moves.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class DueJobPromoterTests {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final AtomicLong nanoTime = new AtomicLong();

	private final List<PromotedJobs> promoted = new ArrayList<>();

	private final SchedulerListener listener = new SchedulerListener() {

		@Override
		public void promoted(String queue, PromotedJobs jobs) {
			DueJobPromoterTests.this.promoted.add(jobs);
		}

	};

	private final SchedulerOptions options = new SchedulerOptions(List.of("high", "mail"), INTERVAL,
			Duration.ofSeconds(10));

	private final SchedulerFixture fixture;

	private final Leadership leadership;

	private final DueJobPromoter promoter;

	DueJobPromoterTests(TestRedis redis) {
		this.fixture = new SchedulerFixture(redis.connectionFactory());
		SchedulerStore store = this.fixture.store();
		TimeSource time = new TimeSource(Clock.systemUTC(), this.nanoTime::get);
		this.leadership = new Leadership(this.options, store, time, () -> null,
				new Listeners<>(List.of(this.listener)));
		this.promoter = new DueJobPromoter(this.options, store, this.leadership, time,
				new Listeners<>(List.of(this.listener)));
	}

	@Test
	void movesNothingBeforeItLeads() {
		due("mail", "a", 5);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).isEmpty();
		assertThat(this.promoter.untilNext()).isEqualTo(Long.MAX_VALUE);
		this.leadership.tend(0);
		assertThat(this.promoter.untilNext()).isZero();
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("a");
	}

	@Test
	void movesWhatIsDueInOrderAndTellsHowLate() {
		due("mail", "a", 5);
		due("mail", "b", 60);
		this.leadership.tend(0);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("b", "a");
		assertThat(this.promoted).singleElement().satisfies((jobs) -> {
			assertThat(jobs.count()).isEqualTo(2);
			assertThat(jobs.lateness()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
			assertThat(jobs.oldestLateness()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
		});
		QueueLeadership.Passes passes = this.promoter.passes("mail");
		assertThat(passes.moved()).isEqualTo(2);
		assertThat(passes.last()).isNotNull();
		assertThat(passes.lateness()).isEqualTo(this.promoted.get(0).lateness());
		assertThat(passes.oldestOverdue()).isEqualTo(this.promoted.get(0).oldestLateness());
		assertThat(this.promoter.passes("high").moved()).isZero();
	}

	@Test
	void sleepsUntilTheNextJobOfAnyQueueButNoLongerThanTheInterval() {
		this.leadership.tend(0);
		this.promoter.perform();
		assertThat(this.promoter.untilNext()).isEqualTo(INTERVAL.toNanos());
		this.fixture.schedule("mail", Duration.ofDays(36_000));
		this.fixture.schedule("high", Duration.ofMillis(700));
		assertThat(this.promoter.wake("high")).isTrue();
		assertThat(this.promoter.wake("mail")).isTrue();
		this.promoter.perform();
		assertThat(this.promoter.untilNext()).isBetween(1L, Duration.ofMillis(700).toNanos());
		assertThat(this.promoter.wake("other")).isFalse();
	}

	@Test
	void anElectionTakesThePlaceOfALook() {
		this.leadership.tend(0);
		this.promoter.perform();
		Instant first = this.promoter.passes("mail").last();
		Duration half = INTERVAL.dividedBy(2);
		this.nanoTime.addAndGet(half.toNanos());
		this.leadership.attempt();
		this.promoter.perform();
		assertThat(this.promoter.untilNext()).isEqualTo(INTERVAL.toNanos());
		assertThat(this.promoter.passes("mail").last()).isAfter(first);
		due("mail", "a", 5);
		this.leadership.attempt();
		assertThat(this.fixture.queued("mail")).isEmpty();
		this.nanoTime.addAndGet(1);
		this.leadership.attempt();
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("a");
	}

	@Test
	void looksThatNoJobWaitsForAreToldApart() {
		this.leadership.tend(0);
		assertThat(this.promoter.isAboutToLook()).isFalse();
		this.promoter.perform();
		assertThat(this.promoter.isAboutToLook()).isFalse();
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		assertThat(this.promoter.isAboutToLook()).isTrue();
		this.promoter.wake("mail");
		assertThat(this.promoter.isAboutToLook()).isFalse();
		this.fixture.schedule("mail", INTERVAL.dividedBy(2));
		this.promoter.perform();
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		assertThat(this.promoter.isAboutToLook()).isFalse();
	}

	@Test
	void looksOnlyAtQueuesThatMayHaveDueJobs() {
		this.leadership.tend(0);
		this.promoter.perform();
		due("mail", "a", 5);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).isEmpty();
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("a");
	}

	@Test
	void largeBacklogIsMovedInBatchesWithoutPauses() {
		for (int i = 0; i < 2500; i++) {
			due("mail", "job-" + i, 5);
		}
		due("high", "a", 5);
		this.leadership.tend(0);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).hasSize(1000);
		assertThat(this.fixture.queued("high")).containsExactly("a");
		assertThat(this.promoter.untilNext()).isZero();
		this.promoter.perform();
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).hasSize(2500).doesNotHaveDuplicates();
		assertThat(this.promoter.untilNext()).isEqualTo(INTERVAL.toNanos());
		assertThat(this.promoter.passes("mail").moved()).isEqualTo(2500);
	}

	/** With 200 ms for each look a lock would be lost after 45 queues. */
	@Test
	void allOfManyQueuesHaveTheirTurnWhereRedisIsSlowAndNoLockIsLost() {
		List<String> queues = IntStream.range(0, 100).mapToObj((i) -> "queue-" + i).toList();
		SchedulerOptions many = new SchedulerOptions(queues, INTERVAL, Duration.ofSeconds(10));
		List<String> lookedAt = new ArrayList<>();
		TimeSource time = new TimeSource(Clock.systemUTC(), this.nanoTime::get);
		SchedulerStore slow = recording(lookedAt, Duration.ofMillis(200));
		Leadership leader = new Leadership(many, slow, time, () -> null, new Listeners<>(List.of()));
		DueJobPromoter busy = new DueJobPromoter(many, slow, leader, time, new Listeners<>(List.of()));
		while (lookedAt.size() < 200) {
			leader.tend(0);
			busy.wakeAll();
			busy.perform();
			assertThat(queues).allMatch(leader::leads);
			assertThat(busy.untilNext()).as("there is always more").isNotPositive();
		}
		assertThat(lookedAt.subList(0, 200))
			.containsExactlyElementsOf(Stream.of(queues, queues).flatMap(List::stream).toList());
	}

	@Test
	void whereAJobIsKnownToBeDueIsLookedAtBeforeManyOthers() {
		List<String> queues = IntStream.range(0, 250).mapToObj((i) -> "queue-" + i).toList();
		SchedulerOptions many = new SchedulerOptions(queues, INTERVAL, Duration.ofSeconds(10));
		List<String> lookedAt = new ArrayList<>();
		TimeSource time = new TimeSource(Clock.systemUTC(), this.nanoTime::get);
		SchedulerStore store = recording(lookedAt, Duration.ZERO);
		Leadership leader = new Leadership(many, store, time, () -> null, new Listeners<>(List.of()));
		DueJobPromoter busy = new DueJobPromoter(many, store, leader, time, new Listeners<>(List.of()));
		leader.tend(0);
		busy.perform();
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		lookedAt.clear();
		busy.wake("queue-249");
		busy.perform();
		assertThat(lookedAt).startsWith("queue-249").hasSizeLessThan(200);
		int looks = lookedAt.size();
		busy.wake("queue-248");
		busy.perform();
		assertThat(lookedAt.get(looks)).isEqualTo("queue-248");
		while (busy.untilNext() <= 0) {
			busy.perform();
		}
		assertThat(lookedAt).containsExactlyInAnyOrderElementsOf(queues);
	}

	private SchedulerStore recording(List<String> lookedAt, Duration time) {
		return new SchedulerStore(TestStores.scripts(this.fixture.redis().getConnectionFactory()), Clock.systemUTC()) {
			@Override
			public @Nullable Promotion promote(String queue, SchedulerIdentity scheduler, int limit) {
				DueJobPromoterTests.this.nanoTime.addAndGet(time.toNanos());
				lookedAt.add(queue);
				return super.promote(queue, scheduler, limit);
			}
		};
	}

	@Test
	void lostLockMovesNothingAndIsReported() {
		this.leadership.tend(0);
		due("mail", "a", 5);
		this.fixture.redis().opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).isEmpty();
		assertThat(this.leadership.leads("mail")).isFalse();
		assertThat(this.leadership.leads("high")).isTrue();
		assertThat(this.leadership.untilNextAttempt()).isZero();
	}

	@Test
	void dueEntriesWithoutAJobAreDroppedWithAWarning(CapturedOutput output) {
		due("mail", "gone", 5);
		this.fixture.redis().delete(key("mail", "rq:job:gone"));
		due("mail", "a", 4);
		this.leadership.tend(0);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("a");
		assertThat(output).contains("WARN").contains("Queue mail had 1 due jobs").contains("[gone]");
	}

	@Test
	void queueThatCannotBeReadDoesNotStopTheOthersAndIsLoggedOnce(CapturedOutput output) {
		this.fixture.redis().opsForValue().set(key("high", "rq:scheduled:high"), "not a sorted set");
		due("mail", "a", 5);
		this.leadership.tend(0);
		this.promoter.perform();
		assertThat(this.fixture.queued("mail")).containsExactly("a");
		assertThat(this.promoter.passes("high").failure()).contains("WRONGTYPE");
		assertThat(this.promoter.passes("mail").failure()).isNull();
		assertThat(this.promoter.untilNext()).isPositive();
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		this.promoter.perform();
		assertThat(output).containsOnlyOnce("Scheduled jobs of queue high cannot be moved");
		this.fixture.redis().delete(key("high", "rq:scheduled:high"));
		this.nanoTime.addAndGet(INTERVAL.toNanos());
		this.promoter.perform();
		assertThat(this.promoter.passes("high").failure()).isNull();
		assertThat(output).containsOnlyOnce("Scheduled jobs of queue high can be moved again");
	}

	private void due(String queue, String id, int secondsAgo) {
		this.fixture.redis().opsForHash().put(key(queue, "rq:job:" + id), "data", "x");
		this.fixture.redis().opsForHash().put(key(queue, "rq:job:" + id), "status", "scheduled");
		this.fixture.redis()
			.opsForZSet()
			.add(key(queue, "rq:scheduled:" + queue), id, Clock.systemUTC().instant().getEpochSecond() - secondsAgo);
	}

}
