package io.rq.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.job.JobRequest;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.scheduler.Election;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CronDuty}, on a monotonic clock that the test moves.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class CronDutyTests {

	private static final long SECOND = 1_000_000_000L;

	private final AtomicLong nanoTime = new AtomicLong();

	private final List<CronFire> fires = new ArrayList<>();

	private final CronFixture fixture;

	private final TestElection election = new TestElection("123");

	private final CronJobs jobs;

	private final CronDuty duty;

	CronDutyTests(TestRedis redis) {
		this.fixture = new CronFixture(redis.connectionFactory());
		this.jobs = this.fixture.jobs();
		this.duty = duty(this.election, this.nanoTime);
	}

	private CronDuty duty(Election leads, AtomicLong ticker) {
		return new CronDuty(this.jobs, this.fixture.store(), leads, new TimeSource(Clock.systemUTC(), ticker::get),
				new Listeners<CronListener>(List.of(this.fires::add)));
	}

	private void every(String name, int seconds) {
		this.jobs.register(job(name, seconds));
	}

	private static CronJob job(String name, int seconds) {
		return CronJob.of(name, JobRequest.of("tasks.hit"), Schedule.every(Duration.ofSeconds(seconds)));
	}

	/** Leads from now on, and has seen the cron jobs. */
	private void begin() {
		this.election.lead(this.fixture, "default");
		this.duty.perform();
	}

	@Test
	void withoutCronJobsOrLeadershipThereIsNothingToDo() {
		this.election.lead(this.fixture, "default");
		this.duty.perform();
		assertThat(this.duty.untilNext()).isEqualTo(Long.MAX_VALUE);
		every("poll", 30);
		this.election.led.clear();
		this.duty.perform();
		assertThat(this.duty.untilNext()).isEqualTo(Long.MAX_VALUE);
		assertThat(this.fixture.keys()).noneMatch((key) -> key.contains("cron"));
		this.duty.end();
		assertThat(this.election.identified).isFalse();
	}

	@Test
	void aNewIntervalIsWaitedForAndDoesNotFireAtOnce() {
		every("poll", 30);
		begin();
		assertThat(this.fixture.queued()).isEmpty();
		assertThat(this.duty.untilNext()).isBetween(1L, 10 * SECOND);
		this.nanoTime.addAndGet(10 * SECOND);
		this.duty.perform();
		assertThat(this.fixture.queued()).isEmpty();
		assertThat(this.duty.untilNext()).isBetween(1L, 30 * SECOND);
	}

	@Test
	void whatIsDueIsFiredAndToldToListeners() {
		every("poll", 30);
		begin();
		Instant last = this.fixture.moveBack("poll", 31);
		this.duty.wakeAll();
		this.duty.perform();
		Instant due = last.plusSeconds(30);
		assertThat(this.fires).singleElement().satisfies((fire) -> {
			assertThat(fire.name()).isEqualTo("poll");
			assertThat(fire.queue()).isEqualTo("default");
			assertThat(fire.occurrence()).isEqualTo(due);
			assertThat(fire.outcome()).isEqualTo(CronFire.Outcome.FIRED);
			assertThat(fire.lateness()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
		});
		assertThat(this.fixture.queued()).containsExactly(this.fires.get(0).jobId());
		assertThat(this.duty.untilNext()).isPositive();
		this.duty.perform();
		assertThat(this.fires).hasSize(1);
	}

	@Test
	void manyThatAreDueAtOnceLeaveRoomForElections() {
		IntStream.range(0, 120).forEach((number) -> every("poll-" + number, 30));
		begin();
		IntStream.range(0, 120).forEach((number) -> this.fixture.moveBack("poll-" + number, 31));
		this.duty.wakeAll();
		this.duty.perform();
		assertThat(this.fires).hasSize(50);
		assertThat(this.duty.untilNext()).isNotPositive();
		this.duty.perform();
		this.duty.perform();
		assertThat(this.fires).extracting(CronFire::name).doesNotHaveDuplicates().hasSize(120);
	}

	@Test
	void thoseThatAreToCatchUpLeaveOthersTheirTurn() {
		IntStream.range(0, 60)
			.forEach((number) -> this.jobs.register(job("poll-" + number, 30).misfire(MisfirePolicy.ALL)));
		every("last", 30);
		begin();
		IntStream.range(0, 60).forEach((number) -> this.fixture.moveBack("poll-" + number, 3001));
		this.fixture.moveBack("last", 31);
		this.duty.wakeAll();
		this.duty.perform();
		this.duty.perform();
		assertThat(this.fires).hasSize(100).extracting(CronFire::name).contains("last");
	}

	@Test
	void theTickerOfTheMachineMayRunAheadOfTheClockOfRedis() {
		every("poll", 30);
		begin();
		this.nanoTime.addAndGet(31 * SECOND);
		this.duty.perform();
		assertThat(this.fixture.queued()).isEmpty();
		assertThat(this.duty.untilNext()).isBetween(20 * SECOND, 30 * SECOND);
	}

	@Test
	void missedOccurrencesAreMadeUpForOnceOrEachOrNotAtAll(CapturedOutput output) {
		this.jobs.register(job("once", 30));
		this.jobs.register(job("all", 30).misfire(MisfirePolicy.ALL));
		this.jobs.register(job("skip", 600).misfire(MisfirePolicy.SKIP));
		begin();
		this.fixture.moveBack("once", 100);
		this.fixture.moveBack("all", 100);
		this.fixture.moveBack("skip", 900);
		this.duty.wakeAll();
		for (int i = 0; i < 5; i++) {
			this.duty.perform();
		}
		assertThat(fired("once")).isEqualTo(1);
		assertThat(fired("all")).isEqualTo(3);
		assertThat(fired("skip")).isZero();
		assertThat(this.fires).extracting(CronFire::outcome).contains(CronFire.Outcome.MISSED);
		assertThat(this.fixture.queued()).hasSize(4);
		assertThat(output).contains("Cron job 'skip' has missed its occurrence");
	}

	private long fired(String name) {
		return this.fires.stream()
			.filter((fire) -> fire.name().equals(name) && fire.outcome() == CronFire.Outcome.FIRED)
			.count();
	}

	@Test
	void overlapsAndPausesLeaveOut() {
		this.jobs.register(job("poll", 30).overlap(OverlapPolicy.SKIP));
		begin();
		this.fixture.moveBack("poll", 95);
		this.duty.wakeAll();
		this.duty.perform();
		this.fixture.moveBack("poll", 35);
		this.duty.wakeAll();
		this.duty.perform();
		CronTemplate operations = new CronTemplate(this.jobs, this.fixture.store());
		operations.pause("poll", "");
		this.fixture.moveBack("poll", 35);
		this.duty.wakeAll();
		this.duty.perform();
		assertThat(this.fires).extracting(CronFire::outcome)
			.containsExactly(CronFire.Outcome.FIRED, CronFire.Outcome.OVERLAPPED, CronFire.Outcome.PAUSED);
		assertThat(this.fires.get(2).jobId()).isNull();
	}

	@Test
	void theLastJobMayMakeRoom() {
		this.jobs.register(job("poll", 30).overlap(OverlapPolicy.CANCEL));
		begin();
		for (int i = 0; i < 2; i++) {
			this.fixture.moveBack("poll", 65);
			this.duty.wakeAll();
			this.duty.perform();
			this.nanoTime.addAndGet(SECOND);
		}
		assertThat(this.fires).hasSize(2);
		assertThat(this.fixture.queued()).containsExactly(this.fires.get(1).jobId());
	}

	@Test
	void twoThatBelieveToLeadFireOnce() {
		every("poll", 30);
		begin();
		TestElection second = new TestElection("123");
		second.led.add("default");
		CronDuty other = duty(second, this.nanoTime);
		this.fixture.moveBack("poll", 31);
		this.duty.wakeAll();
		other.perform();
		this.duty.perform();
		assertThat(this.fires).hasSize(1);
		assertThat(this.fixture.queued()).hasSize(1);
	}

	@Test
	void whoHasLostTheLockFiresNothingAndSaysSo() {
		every("poll", 30);
		begin();
		this.fixture.moveBack("poll", 31);
		this.fixture.redis().opsForValue().set(key("rq:scheduler-lock:default"), "another");
		this.nanoTime.addAndGet(31 * SECOND);
		this.duty.perform();
		assertThat(this.fixture.queued()).isEmpty();
		assertThat(this.election.lost).containsExactly("default");
	}

	@Test
	void whoComesLaterGoesOnWhereTheLastOneEnded() {
		every("poll", 30);
		begin();
		Instant last = this.fixture.moveBack("poll", 45);
		this.election.led.clear();
		this.duty.perform();
		TestElection second = new TestElection("456");
		second.lead(this.fixture, "default");
		CronDuty other = duty(second, new AtomicLong(77));
		other.perform();
		assertThat(this.fires).singleElement().extracting(CronFire::occurrence).isEqualTo(last.plusSeconds(30));
		other.wakeAll();
		other.perform();
		assertThat(other.untilNext()).isBetween(1L, 15 * SECOND);
	}

	@Test
	void oneThatCannotBeFiredDoesNotStopTheOthersAndIsLoggedOnce(CapturedOutput output) {
		every("bad", 30);
		every("poll", 30);
		this.fixture.redis().opsForValue().set(key("rq:cron:default:bad"), "of another type");
		begin();
		this.fixture.moveBack("poll", 31);
		this.duty.wakeAll();
		this.duty.perform();
		assertThat(fired("poll")).isEqualTo(1);
		assertThat(this.duty.untilNext()).isPositive();
		assertThat(output).containsOnlyOnce("Cron job 'bad' cannot be fired");
		this.fixture.redis().delete(key("rq:cron:default:bad"));
		this.nanoTime.addAndGet(10 * SECOND);
		this.duty.perform();
		assertThat(output).containsOnlyOnce("Cron job 'bad' can be fired again");
	}

	@Test
	void aQueueThatTakesNoJobsIsTriedAgain(CapturedOutput output) {
		every("poll", 30);
		begin();
		this.fixture.moveBack("poll", 31);
		this.fixture.redis().opsForValue().set(key("rq:queue:default"), "of another type");
		this.duty.wakeAll();
		this.duty.perform();
		assertThat(this.election.attempts).isEqualTo(1);
		assertThat(this.duty.untilNext()).isEqualTo(SECOND);
		this.fixture.redis().delete(key("rq:queue:default"));
		this.nanoTime.addAndGet(SECOND);
		this.duty.perform();
		assertThat(this.fixture.queued()).hasSize(1);
		assertThat(output).containsOnlyOnce("cannot be fired").contains("can be fired again");
	}

	@Test
	void thatItCanBeFiredAgainIsSaidWhenItIs(CapturedOutput output) {
		every("poll", 30);
		begin();
		this.fixture.moveBack("poll", 31);
		this.fixture.redis().opsForValue().set(key("rq:queue:default"), "of another type");
		for (int i = 0; i < 3; i++) {
			this.duty.wakeAll();
			this.duty.perform();
			this.nanoTime.addAndGet(SECOND);
		}
		assertThat(output).containsOnlyOnce("cannot be fired").doesNotContain("can be fired again");
	}

	@Test
	void aStateThatIsNeverTheOneThatWasReadIsNotReadWithoutAPause() {
		every("poll", 30);
		AtomicInteger beats = new AtomicInteger();
		CronDuty odd = new CronDuty(this.jobs, this.fixture.misreading(beats), this.election,
				new TimeSource(Clock.systemUTC(), this.nanoTime::get), new Listeners<>(List.of()));
		this.election.lead(this.fixture, "default");
		odd.perform();
		odd.perform();
		assertThat(odd.untilNext()).isEqualTo(SECOND);
		assertThat(beats).hasValue(1);
		this.nanoTime.addAndGet(SECOND);
		odd.perform();
		assertThat(odd.untilNext()).isEqualTo(SECOND);
		assertThat(beats).hasValue(2);
		assertThat(this.fixture.queued()).isEmpty();
	}

	@Test
	void rqsToolsAreShownWhatHasChangedAndTheEnd() {
		every("poll", 30);
		begin();
		this.nanoTime.addAndGet(10 * SECOND);
		this.duty.perform();
		String shown = this.fixture.redis().<String, String>opsForHash().get(key("rq:cron_scheduler:123"), "cron_jobs");
		assertThat(shown).contains("\"name\": \"poll\"", "\"interval\": 30", "\"next_enqueue_time\": \"20");
		assertThat(this.duty.untilNext()).isLessThanOrEqualTo(30 * SECOND);
		assertThat(this.fixture.keys()).contains(key("rq:cron_schedulers"));
		this.duty.end();
		assertThat(this.fixture.keys()).doesNotContain(key("rq:cron_schedulers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "4194304", "8d6fa8208cf8412d9f1b5fa088af7344" })
	void thatRqsSchedulerLeadsTheQueueIsToldOnceUntilThisOneHasLed(String holder, CapturedOutput output) {
		every("poll", 30);
		this.election.holders.putAll(Map.of("default", SchedulerIdentity.newName(), "other", holder));
		this.duty.perform();
		assertThat(output).doesNotContain("are not fired");
		this.election.holders.put("default", holder);
		this.duty.perform();
		this.duty.perform();
		assertThat(output).containsOnlyOnce("Cron jobs [poll] of queue 'default' are not fired: RQ's own scheduler")
			.contains("without --with-scheduler, or give these cron jobs another queue. The lock names it " + holder)
			.doesNotContain("queue 'other'");
		this.election.holders.clear();
		begin();
		this.election.led.clear();
		this.election.holders.put("default", holder);
		this.duty.perform();
		assertThat(output.toString().split("are not fired", -1)).hasSize(3);
	}

	@Test
	void nothingIsDueAfterTheEnd() {
		this.jobs.register(job("poll", 30).until(Instant.parse("2020-01-01T00:00:00Z")));
		begin();
		this.nanoTime.addAndGet(10 * SECOND);
		this.duty.perform();
		assertThat(this.duty.untilNext()).isBetween(30 * SECOND, 40 * SECOND);
		assertThat(new CronTemplate(this.jobs, this.fixture.store()).list()).singleElement()
			.satisfies((info) -> assertThat(info.nextFire()).isNull());
	}

	/**
	 * Leads what the test says.
	 */
	static final class TestElection implements Election {

		private final Set<String> led = new HashSet<>();

		private final Map<String, String> holders = new HashMap<>();

		private final List<String> lost = new ArrayList<>();

		private final SchedulerIdentity identity;

		private int attempts;

		private boolean identified;

		TestElection(String token) {
			this.identity = new SchedulerIdentity(token, "host", 42, Instant.parse("2026-01-31T12:00:00Z"));
		}

		void lead(CronFixture fixture, String queue) {
			fixture.redis().opsForValue().set(key(queue, "rq:scheduler-lock:" + queue), this.identity.name());
			this.led.add(queue);
		}

		@Override
		public boolean leads(String queue) {
			return this.led.contains(queue);
		}

		@Override
		public @Nullable String holder(String queue) {
			return this.holders.get(queue);
		}

		@Override
		public SchedulerIdentity identity() {
			this.identified = true;
			return this.identity;
		}

		@Override
		public void lost(String queue) {
			this.led.remove(queue);
			this.lost.add(queue);
		}

		@Override
		public void attempt() {
			this.attempts++;
		}

	}

}
