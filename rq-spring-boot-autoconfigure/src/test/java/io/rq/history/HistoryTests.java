package io.rq.history;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.lifecycle.TimeSource;
import io.rq.queue.ReclaimedJob;
import io.rq.redis.HistoryStore;
import io.rq.scheduler.PromotedJobs;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static io.rq.test.TestStores.makeKnown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link HistoryRecorder} and {@link HistoryReader}.
 */
@RedisTest
class HistoryTests {

	private final TestRedis redis = TestRedis.shared();

	private final StringRedisTemplate template = new StringRedisTemplate(this.redis.connectionFactory());

	private final AtomicLong nanos = new AtomicLong();

	private final HistoryStore store = new HistoryStore(TestStores.scripts(this.redis.connectionFactory()));

	private final HistoryRecorder recorder = recorder(this.store);

	private final HistoryReader reader = new HistoryReader(this.store, true);

	private HistoryRecorder recorder(HistoryStore store) {
		return new HistoryRecorder(store, Set.of("mail.send", "mail.read")::contains, () -> List.of("mail", "idle"),
				new TimeSource(Clock.systemUTC(), this.nanos::get));
	}

	private static RunInfo run(String queue, String function) {
		Job job = new Job("id", queue, JobStatus.STARTED, JobOptions.NONE, JobTimes.createdAt(Instant.EPOCH),
				JobRun.NONE, new JobPayload(new byte[0], null));
		return new RunInfo(job, function, "execution", 1, "worker");
	}

	private void runs(int times, String queue, String function, RunOutcome outcome) {
		makeKnown(this.template, queue);
		for (int i = 0; i < times; i++) {
			this.recorder.started(run(queue, function), Duration.ofSeconds(1));
			this.recorder.ended(run(queue, function), outcome, Duration.ofMillis(30), null);
		}
	}

	/** The one point there is, or the sum of two if a minute has just ended. */
	private HistoryPoint only(String queue, String function, HistoryRange range) {
		List<HistoryPoint> points = this.reader.read(queue, function, range).points();
		assertThat(points).hasSizeBetween(1, 2);
		HistoryPoint last = points.get(points.size() - 1);
		return (points.size() == 1) ? last
				: new HistoryPoint(last.time(), last.enqueued(), last.started() + points.get(0).started(),
						last.finished() + points.get(0).finished(), last.failed() + points.get(0).failed(),
						last.retried() + points.get(0).retried(), last.queued(), points.get(0).waiting(),
						points.get(0).running(), points.get(0).lateness());
	}

	@Test
	void outcomesAndTimesAreCountedByQueueAndFunction() {
		runs(3, "mail", "mail.send", RunOutcome.FINISHED);
		runs(2, "mail", "mail.read", RunOutcome.RETRIED);
		runs(1, "mail", "mail.read", RunOutcome.FAILED);
		runs(1, "mail", "mail.read", RunOutcome.STOPPED);
		runs(1, "mail", "unknown here", RunOutcome.LOST);
		runs(1, "print", "mail.read", RunOutcome.RELEASED);
		this.recorder.reclaimed(new ReclaimedJob("id", "print", ReclaimedJob.Outcome.FAILED));
		this.recorder.reclaimed(new ReclaimedJob("id", "print", ReclaimedJob.Outcome.RETRIED));
		this.recorder.reclaimed(new ReclaimedJob("id", "print", ReclaimedJob.Outcome.REQUEUED));
		this.recorder.promoted("mail", new PromotedJobs(4, Duration.ofMillis(2), Duration.ofMillis(900)));
		this.recorder.run();
		for (HistoryRange range : HistoryRange.values()) {
			HistoryPoint mail = only("mail", null, range);
			assertThat(mail)
				.extracting(HistoryPoint::started, HistoryPoint::finished, HistoryPoint::failed, HistoryPoint::retried,
						HistoryPoint::queued)
				.containsExactly(8L, 3L, 2L, 2L, 0L);
			assertThat(mail.waiting().p50()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(2));
			assertThat(mail.running().p99()).isBetween(Duration.ofMillis(15), Duration.ofMillis(60));
			assertThat(mail.lateness().p99()).isBetween(Duration.ofMillis(450), Duration.ofMillis(1_800));
			assertThat(only("mail", "mail.read", range))
				.extracting(HistoryPoint::started, HistoryPoint::finished, HistoryPoint::failed, HistoryPoint::retried,
						HistoryPoint::waiting)
				.containsExactly(4L, 0L, 2L, 2L, null);
			assertThat(only("mail", HistoryStore.OTHERS, range).started()).isEqualTo(1);
			assertThat(only(null, null, range))
				.extracting(HistoryPoint::started, HistoryPoint::finished, HistoryPoint::failed, HistoryPoint::retried,
						HistoryPoint::queued)
				.containsExactly(9L, 3L, 3L, 3L, null);
			assertThat(only(null, "mail.read", range).started()).isEqualTo(5);
			assertThat(only("idle", null, range)).extracting(HistoryPoint::started, HistoryPoint::queued)
				.containsExactly(0L, 0L);
		}
		History all = this.reader.read(null, null, HistoryRange.DAY);
		assertThat(all.functions()).containsExactly("mail.read", "mail.send");
		assertThat(all.source()).isEqualTo("java");
		assertThat(all.step()).isEqualTo(Duration.ofMinutes(1));
		assertThat(Duration.between(all.from(), all.to())).isBetween(Duration.ofHours(24).minusMinutes(1),
				Duration.ofHours(24));
	}

	@Test
	void whatWasCountedIsWrittenOnce() {
		runs(3, "mail", "mail.send", RunOutcome.FINISHED);
		this.recorder.run();
		this.recorder.run();
		runs(1, "mail", "mail.send", RunOutcome.FINISHED);
		this.recorder.end();
		assertThat(only("mail", null, HistoryRange.HOUR).started()).isEqualTo(4);
	}

	@Test
	@OneRedis("stops a server of its own")
	void whatRedisDidNotTakeIsWrittenLater() {
		try (TestRedis own = TestRedis.start()) {
			HistoryStore store = new HistoryStore(TestStores.scripts(own.connectionFactory()));
			HistoryRecorder recorder = recorder(store);
			recorder.started(run("mail", "mail.send"), null);
			own.pause();
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(recorder::run);
			recorder.started(run("mail", "mail.send"), null);
			own.resume();
			recorder.run();
			assertThat(new HistoryReader(store, true).read("mail", null, HistoryRange.QUARTER).points())
				.extracting(HistoryPoint::started)
				.containsExactly(2L);
		}
	}

	@Test
	void paceIsThatOfTheLastMinutes() {
		assertThat(this.reader.drainPerSecond("mail")).isEmpty();
		assertThat(this.reader.paces(List.of("mail"))).isEmpty();
		this.recorder.run();
		this.template.opsForList().rightPushAll(key("mail", "rq:queue:mail"), "a", "b");
		runs(600, "mail", "mail.send", RunOutcome.FINISHED);
		this.recorder.run();
		QueuePace pace = this.reader.paces(List.of("mail", "idle")).get("mail");
		assertThat(pace.out()).isBetween(2.0, 2.5);
		assertThat(pace.in()).isNull();
		assertThat(pace.running()).isNotNull();
		assertThat(pace.lateness()).isNull();
		assertThat(this.reader.drainPerSecond("mail")).hasValueCloseTo(pace.out(), within(0.2));
		assertThat(new HistoryReader(this.store, false).paces(List.of("mail"))).isEmpty();
		assertThat(new HistoryReader(this.store, false).read("mail", null, HistoryRange.HOUR).source())
			.isEqualTo("off");
	}

	@Test
	void arrivalsAreWhatStartedAndByHowMuchTheQueueGrew() {
		assertThat(HistoryPoint.of(Instant.EPOCH, numbers(11, 5), 4L))
			.extracting(HistoryPoint::enqueued, HistoryPoint::queued)
			.containsExactly(11L, 10L);
		assertThat(HistoryPoint.of(Instant.EPOCH, numbers(1, 2), 4L).enqueued()).isZero();
		assertThat(HistoryPoint.of(Instant.EPOCH, numbers(1, 2), null).enqueued()).isNull();
		assertThat(HistoryPoint.of(Instant.EPOCH, numbers(0, 2), 4L).enqueued()).isNull();
	}

	@Test
	void arrivalsOfTheLastMinutesAreThose() {
		long now = Instant.now().getEpochSecond() / 60;
		for (long minute = now - 5; minute < now - 3; minute++) {
			this.template.opsForHash()
				.put(key("mail", "rq:history:m" + minute / 120 + ":mail"), "" + minute % 120, "\n");
		}
		this.template.opsForList().rightPushAll(key("mail", "rq:queue:mail"), "a", "b");
		runs(600, "mail", "mail.send", RunOutcome.FINISHED);
		this.recorder.run();
		assertThat(this.reader.paces(List.of("mail")).get("mail").in()).isBetween(1.9, 2.6);
	}

	private static long[] numbers(long queued, long started) {
		long[] numbers = new long[Numbers.COUNT];
		numbers[Numbers.QUEUED] = queued;
		numbers[Numbers.STARTED] = started;
		return numbers;
	}

	@Test
	@OneRedis("counts the commands of one server")
	void writingAndReadingTakeAFewCallsHoweverManyJobs() {
		Map<String, Long> few = calls(10);
		Map<String, Long> many = calls(100_000);
		assertThat(many).isEqualTo(few).containsEntry("evalsha", 4L).containsEntry("zrange", 2L);
	}

	/** The commands that clients sent, those inside scripts aside. */
	private Map<String, Long> calls(int jobs) {
		runs(jobs, "mail", "mail.send", RunOutcome.FINISHED);
		this.recorder.run();
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			runs(jobs, "mail", "mail.send", RunOutcome.FINISHED);
			this.recorder.run();
			this.reader.read(null, null, HistoryRange.QUARTER);
			this.reader.read("mail", null, HistoryRange.DAY);
			this.reader.paces(List.of("mail", "print"));
			Map<String, Long> calls = new TreeMap<>();
			connection.serverCommands()
				.info("commandstats")
				.forEach((name, value) -> calls.put(name.toString().replace("cmdstat_", ""),
						Long.valueOf(value.toString().replaceAll("calls=(\\d+),.*", "$1"))));
			calls.keySet().retainAll(Set.of("evalsha", "eval", "zrange", "hgetall"));
			assertThat(calls.remove("hgetall")).isBetween(20L, 40L);
			return calls;
		}
	}

	@Test
	void queuesAreLookedAtOnceAMinuteWhenNothingHappens() {
		this.template.opsForList().rightPushAll(key("idle", "rq:queue:idle"), "a", "b");
		this.recorder.run();
		assertThat(only("idle", null, HistoryRange.QUARTER).queued()).isEqualTo(2);
		this.template.opsForList().rightPushAll(key("idle", "rq:queue:idle"), "c");
		this.recorder.run();
		assertThat(only("idle", null, HistoryRange.QUARTER).queued()).isEqualTo(2);
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		this.recorder.run();
		assertThat(only("idle", null, HistoryRange.QUARTER).queued()).isEqualTo(3);
	}

	@Test
	void veryManyQueuesAndFunctionsAreBounded() {
		for (int i = 0; i < 300; i++) {
			runs(1, "queue-" + i, "mail.send", RunOutcome.FINISHED);
		}
		this.recorder.run();
		assertThat(this.template.keys(key("queue-*", "rq:history:h*"))).hasSizeLessThanOrEqualTo(2 * 201);
		assertThat(only(null, null, HistoryRange.QUARTER).started()).isEqualTo(300);
		assertThatIllegalArgumentException().isThrownBy(() -> this.reader.read(null, "mail.send", HistoryRange.HOUR))
			.withMessageContaining("name one in 'queue'");
		assertThatIllegalArgumentException().isThrownBy(() -> HistoryRange.of("2h"))
			.withMessage("'range' must be one of [1h, 24h, 90d] but is '2h'");
	}

	@Test
	void quantilesAreTrueToAFactorOfTwo() {
		for (long micros = 1; micros < Duration.ofDays(40).toNanos() / 1_000; micros *= 3) {
			Duration duration = Duration.ofNanos(micros * 1_000);
			long[] numbers = new long[Numbers.COUNT];
			numbers[Numbers.RUNNING + Buckets.of(duration)] = 5;
			Quantiles quantiles = Buckets.quantiles(numbers, Numbers.RUNNING);
			assertThat(quantiles.p50()).isBetween(Duration.ZERO, duration.multipliedBy(2).plusNanos(125_000));
			assertThat(quantiles.p99().plusNanos(125_000).multipliedBy(2)).isGreaterThanOrEqualTo(duration);
			assertThat(quantiles.p99()).isGreaterThanOrEqualTo(quantiles.p50());
		}
		assertThat(Buckets.of(Duration.ofSeconds(-1))).isZero();
		assertThat(Buckets.of(Duration.ofSeconds(Long.MAX_VALUE / 10_000))).isEqualTo(Buckets.COUNT - 1);
		assertThat(Buckets.quantiles(new long[Numbers.COUNT], Numbers.RUNNING)).isNull();
	}

}
