package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.data.redis.connection.ReturnType;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.redis.SchedulerStore.Promotion;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import io.rq.redis.SchedulerStore.Seat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code promote.lua}, {@code lead.lua} and {@code resign.lua}.
 */
class SchedulerStoreTests extends AbstractStoreTests {

	private static final SchedulerIdentity ONE = new SchedulerIdentity("one", "host-1", 42, NOW);

	private static final SchedulerIdentity TWO = new SchedulerIdentity("two", "host-2", 43, NOW);

	private static final List<String> DEFAULT = List.of("default");

	private static final Duration LOCK = Duration.ofSeconds(10);

	private Promotion promote(int max) {
		return Objects.requireNonNull(this.schedulers.promote("default", ONE, max));
	}

	/** A job that was scheduled and has been due for some seconds. */
	private void overdue(String id, double seconds, String... fields) {
		python(id, "status", "scheduled");
		this.template.opsForHash().delete("rq:job:" + id, "enqueued_at");
		hash("rq:job:" + id, fields);
		zadd("rq:scheduled:default", now() - seconds, id);
	}

	@Test
	void dueJobsAreMovedInTheOrderOfTheirTimes() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		push("default", "old");
		enqueue(in(job("later"), 60));
		overdue("b", 20);
		overdue("a", 30, "ttl", "600");
		Promotion promotion = promote(100);
		assertThat(state("rq:queue", "rq:scheduled:", "rq:job")).isEqualTo("""
				rq:job:a hash ttl 600
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add", null, [1], {}]
				  description tasks.add(1)
				  ended_at
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_callback_name
				  group_id
				  last_heartbeat
				  origin default
				  started_at
				  status queued
				  stopped_callback_name
				  success_callback_name
				  timeout 180
				  ttl 600
				  worker_name
				rq:job:b hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add", null, [1], {}]
				  description tasks.add(1)
				  ended_at
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  failure_callback_name
				  group_id
				  last_heartbeat
				  origin default
				  started_at
				  status queued
				  stopped_callback_name
				  success_callback_name
				  timeout 180
				  worker_name
				rq:job:later hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  last_heartbeat
				  origin default
				  status scheduled
				  timeout 180
				rq:queue:default list
				  old
				  a
				  b
				rq:queues set
				  rq:queue:default
				rq:scheduled:default zset
				  +60 later
				""");
		assertThat(promotion.moved()).isEqualTo(2);
		assertThat(promotion.lateness()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(25));
		assertThat(promotion.oldestLateness()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(35));
		assertThat(promotion.untilNext()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
		assertThat(promotion.missing()).isEmpty();
	}

	@Test
	void withoutDueJobsNothingHappens() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		assertThat(promote(100)).isEqualTo(new Promotion(0, Duration.ZERO, Duration.ZERO, null, List.of()));
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:scheduler:one", "rq:scheduler-lock:default");
	}

	@ParameterizedTest
	@CsvSource({ "two", "12345", "," })
	void whoeverDoesNotHoldTheLockMovesNothing(String holder) {
		overdue("a", 20);
		if (holder != null) {
			this.template.opsForValue().set("rq:scheduler-lock:default", holder);
		}
		String before = state();
		assertThat(this.schedulers.promote("default", ONE, 100)).isNull();
		assertThat(state()).isEqualTo(before);
	}

	/** W10. */
	@Test
	void noJobIsMovedBeforeItsTime() {
		this.schedulers.lead(ONE, DEFAULT, Duration.ofMinutes(1), null);
		List<NewDue> dues = new ArrayList<>();
		double start = now();
		for (int i = 0; i < 40; i++) {
			String id = "job-" + i;
			enqueue(due(job(id), NewJob.Due.in(Duration.ofNanos(5_123_457L * (i + 1)))));
			dues.add(new NewDue(id, score("rq:scheduled:default", id)));
		}
		while (!dues.isEmpty()) {
			double before = micros();
			Promotion promotion = promote(3);
			double after = micros();
			List<String> waiting = List.copyOf(this.redis.state().zset("rq:scheduled:default").keySet());
			dues.removeIf((due) -> {
				boolean moved = !waiting.contains(due.id());
				if (moved) {
					assertThat(due.score()).isLessThanOrEqualTo(after);
				}
				else if (promotion.moved() < 3) {
					assertThat(due.score()).isGreaterThan(before);
				}
				return moved;
			});
			assertThat(now() - start).isLessThan(30);
		}
		assertThat(this.jobs.count("default")).isEqualTo(40);
	}

	private record NewDue(String id, double score) {

	}

	private double micros() {
		try (var connection = this.redis.connectionFactory().getConnection()) {
			Object reply = Objects.requireNonNull(connection.scriptingCommands()
				.eval(bytes("local t = redis.call('TIME') return t[1] .. '.' .. string.format('%06d', t[2])"),
						ReturnType.VALUE, 0));
			return Double.parseDouble(new String((byte[]) reply));
		}
	}

	@Test
	void batchIsLimitedAndTellsThatThereIsMore() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("a", 30);
		overdue("b", 20);
		overdue("c", 10);
		Promotion first = promote(2);
		assertThat(first.moved()).isEqualTo(2);
		assertThat(first.untilNext()).isEqualTo(Duration.ZERO);
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		Promotion second = promote(2);
		assertThat(second.moved()).isEqualTo(1);
		assertThat(second.untilNext()).isNull();
		assertThat(list("rq:queue:default")).containsExactly("a", "b", "c");
	}

	@Test
	void jobsGoToTheFrontByTheRulesOfRq() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		push("default", "old");
		overdue("front-1", 60, "enqueue_at_front", "1");
		overdue("back", 50, "enqueue_at_front", "0");
		overdue("retried", 40, "enqueue_at_front_on_retry", "1", "ended_at", STAMP);
		overdue("not-retried", 30, "enqueue_at_front_on_retry", "1");
		overdue("front-2", 20, "enqueue_at_front", "1");
		promote(100);
		assertThat(list("rq:queue:default")).containsExactly("front-2", "retried", "front-1", "old", "back",
				"not-retried");
	}

	/** W1. */
	@Test
	void entryWithoutJobIsDroppedAfterTwoSeconds() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		zadd("rq:scheduled:default", now() - 20, "old");
		zadd("rq:scheduled:default", now(), "young");
		hash("rq:job:half", "status", "scheduled");
		zadd("rq:scheduled:default", now() - 20, "half");
		this.template.opsForValue().set("rq:job:string", "no hash");
		zadd("rq:scheduled:default", now() - 20, "string");
		overdue("good", 20);
		Promotion promotion = promote(100);
		assertThat(promotion.moved()).isEqualTo(1);
		assertThat(promotion.missing()).containsExactlyInAnyOrder("old", "half", "string");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("young");
		python("young", "status", "scheduled");
		assertThat(promote(100).moved()).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("good", "young");
	}

	@Test
	void batchOfEntriesThatAwaitTheirJobsIsNoReasonToHurry() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		zadd("rq:scheduled:default", now() - 0.1, "a");
		zadd("rq:scheduled:default", now() - 0.1, "b");
		assertThat(promote(2)).isEqualTo(new Promotion(0, Duration.ZERO, Duration.ZERO, null, List.of()));
	}

	@ParameterizedTest
	@CsvSource({ "canceled", "finished", "failed", "stopped" })
	void entryOfAJobThatHasEndedIsDroppedAfterTwoSeconds(String status) {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("a", 3600, "status", status);
		String before = state("rq:job");
		assertThat(promote(100)).isEqualTo(new Promotion(0, Duration.ZERO, Duration.ZERO, null, List.of()));
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsKey("a");
		assertThat(Double.parseDouble(field("a", "unready_since"))).isBetween(now() - 20, now() + 1);
		hash("rq:job:a", "unready_since", "" + (now() - 3));
		assertThat(promote(100).moved()).isZero();
		assertThat(state("rq:job")).isEqualTo(before);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:queue:default", "rq:scheduled:default");
	}

	/** W1. */
	@ParameterizedTest
	@CsvSource({ "finished", "started" })
	void entryThatIsThereBeforeItsJobIsScheduledStays(String status) {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("a", 3600, "status", status);
		assertThat(promote(100).moved()).isZero();
		hash("rq:job:a", "status", "scheduled");
		assertThat(promote(100).moved()).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(this.redis.state().hash("rq:job:a")).doesNotContainKey("unready_since");
	}

	@ParameterizedTest
	@CsvSource({ "queued", "deferred" })
	void entryOfAJobThatIsNotScheduledIsDropped(String status) {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("a", 20, "status", status);
		String before = state("rq:job");
		assertThat(promote(100).moved()).isZero();
		assertThat(state("rq:job")).isEqualTo(before);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:queue:default", "rq:scheduled:default");
	}

	/** W13. */
	@ParameterizedTest
	@CsvSource({ "1.5h", "0", "-1", "1e300" })
	void timeToLiveThatCannotBeReadHindersNobody(String ttl) {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("poison", 30, "ttl", ttl);
		overdue("good", 20);
		assertThat(promote(100).moved()).isEqualTo(2);
		assertThat(list("rq:queue:default")).containsExactly("poison", "good");
		assertThat(this.redis.state().ttl("rq:job:poison")).isEqualTo(-1);
	}

	@Test
	void queueKeyOfAnotherTypeLosesNothing() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		overdue("a", 20);
		overdue("b", 20, "enqueue_at_front", "1");
		this.template.opsForValue().set("rq:queue:default", "no list");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> promote(100));
		assertThat(state()).isEqualTo(before);
	}

	/** W9. */
	@Test
	void twoLeadersAtOnceMoveNothingTwice() throws InterruptedException {
		this.jobs.enqueue(IntStream.range(0, 1000)
			.mapToObj((i) -> due(job("job-" + i), NewJob.Due.in(Duration.ofMillis(1))))
			.toList());
		await().until(() -> now() > this.redis.state()
			.zset("rq:scheduled:default")
			.values()
			.stream()
			.mapToDouble(Double::doubleValue)
			.max()
			.orElse(0));
		List<Integer> moved = new CopyOnWriteArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (SchedulerIdentity scheduler : List.of(ONE, TWO)) {
			Thread thread = new Thread(() -> {
				for (int i = 0; i < 200; i++) {
					this.template.opsForValue().set("rq:scheduler-lock:default", scheduler.name());
					Promotion promotion = this.schedulers.promote("default", scheduler, 20);
					moved.add((promotion != null) ? promotion.moved() : 0);
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(moved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1000);
		assertThat(list("rq:queue:default")).hasSize(1000).doesNotHaveDuplicates();
	}

	@Test
	void freeLocksAreTakenAndOwnOnesRenewed() {
		this.template.opsForValue().set("rq:scheduler-lock:high", "12345", Duration.ofSeconds(60));
		List<String> queues = List.of("default", "high", "low");
		Map<String, Seat> held = this.schedulers.lead(ONE, queues, LOCK, null);
		String expected = """
				rq:scheduler-lock:default string ttl 10
				  one
				rq:scheduler-lock:high string ttl 60
				  12345
				rq:scheduler-lock:low string ttl 10
				  one
				rq:scheduler:one hash ttl 10
				  created_at 2026-01-31T12:00:00.123456Z
				  hostname host-1
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  name one
				  pid 42
				  queues default,high,low
				""";
		assertThat(state()).isEqualTo(expected);
		assertThat(held).containsOnlyKeys(queues)
			.containsEntry("default", new Seat(true, null, null, null))
			.containsEntry("low", new Seat(true, null, null, null))
			.hasEntrySatisfying("high", (seat) -> {
				assertThat(seat.held()).isFalse();
				assertThat(seat.holder()).isEqualTo("12345");
				assertThat(seat.untilFree()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
			});
		assertThat(this.schedulers.lead(TWO, queues, LOCK, null).values()).noneMatch(Seat::held);
		assertThat(state()).isEqualTo(expected);
		this.template.expire("rq:scheduler-lock:default", Duration.ofSeconds(1));
		assertThat(this.schedulers.lead(ONE, queues, Duration.ofSeconds(20), null).values()).extracting(Seat::held)
			.containsExactly(true, false, true);
		assertThat(state()).isEqualTo(expected.replace("ttl 10", "ttl 20"));
	}

	@Test
	void namesTellOurSchedulersFromRqs() {
		assertThat(Stream.generate(SchedulerIdentity::newName).limit(1000)).doesNotHaveDuplicates()
			.allMatch(SchedulerIdentity::isOurs);
		assertThat(List.of("", "1", "4194304", "8d6fa8208cf8412d9f1b5fa088af7344", "123456789012345678 ",
				"12345678901234567a"))
			.noneMatch(SchedulerIdentity::isOurs);
	}

	@Test
	void schedulerThatHoldsNoLockIsOffTheRecord() {
		this.schedulers.lead(ONE, DEFAULT, LOCK, null);
		this.template.opsForValue().set("rq:scheduler-lock:default", "two");
		assertThat(this.schedulers.lead(ONE, DEFAULT, LOCK, null))
			.containsExactly(Map.entry("default", new Seat(false, null, "two", null)));
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:scheduler-lock:default");
	}

	@Test
	void electionTellsWhenTheNextJobOfEachQueueIsDue() {
		List<String> queues = List.of("due", "later", "never", "broken");
		this.template.opsForZSet().add("rq:scheduled:due", "a", now() - 1);
		this.template.opsForZSet().add("rq:scheduled:later", "b", now() + 60);
		this.template.opsForValue().set("rq:scheduled:broken", "no sorted set");
		Map<String, Seat> seats = this.schedulers.lead(ONE, queues, LOCK, null);
		assertThat(seats).containsEntry("due", new Seat(true, Duration.ZERO, null, null))
			.containsEntry("never", new Seat(true, null, null, null))
			.containsEntry("broken", new Seat(true, Duration.ZERO, null, null));
		assertThat(seats.get("later").untilNext()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
	}

	@Test
	void lockOfAnotherTypeOrAJobThatIsNeverDueKeepsNoOtherQueueWaiting() {
		hash("rq:scheduler-lock:odd", "a", "b");
		this.template.opsForZSet().add("rq:scheduled:never", "x", Double.POSITIVE_INFINITY);
		Map<String, Seat> seats = this.schedulers.lead(ONE, List.of("odd", "never", "default"), LOCK, null);
		assertThat(seats.get("odd").held()).isFalse();
		assertThat(seats.get("odd").holder()).isEqualTo("a value of another type");
		assertThat(seats.get("never")).isEqualTo(seats.get("default"));
		assertThat(seats.get("default").held()).isTrue();
	}

	@Test
	void lockThatHasRunOutIsTakenOver() {
		this.schedulers.lead(ONE, DEFAULT, Duration.ofMillis(50), null);
		await().until(() -> this.schedulers.lead(TWO, DEFAULT, LOCK, null).get("default").held());
		assertThat(this.redis.state().string("rq:scheduler-lock:default")).isEqualTo("two");
		assertThat(this.schedulers.promote("default", ONE, 1)).isNull();
	}

	/** W9. */
	@Test
	void onlyOwnLocksAreGivenBackAndTheOthersHearOfIt() {
		List<String> heard = new CopyOnWriteArrayList<>();
		List<String> queues = List.of("default", "high", "low");
		this.template.opsForValue().set("rq:scheduler-lock:high", "two");
		this.schedulers.lead(ONE, queues, LOCK, null);
		try (Subscription wakeUps = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()))
			.subscribe(new SchedulerWakeUps.Listener() {
				@Override
				public void jobScheduled(String queue) {
					heard.add("scheduled: " + queue);
				}

				@Override
				public void lockGivenBack(String queue) {
					heard.add(queue);
				}
			})) {
			this.schedulers.resign(ONE, queues);
			this.schedulers.resign(ONE, queues);
			await().until(() -> heard.size() >= 2);
			assertThat(wakeUps).isNotNull();
		}
		assertThat(heard).containsExactly("default", "low");
		assertThat(state()).isEqualTo("""
				rq:scheduler-lock:high string
				  two
				""");
	}

	@Test
	void timesOfASchedulerKeepTheirMicroseconds() {
		Instant due = Instant.parse("2020-01-01T00:00:00.000001Z");
		assertThat(Timestamps.seconds(due)).isEqualTo("1577836800.000001");
		assertThat(Timestamps.ofSeconds(1577836800.000001)).isEqualTo(due);
		assertThat(Timestamps.ofSeconds(1795401949.23588)).isEqualTo(Instant.ofEpochSecond(1795401949, 235_880_000));
		List<Job> jobs = enqueue(due(job("a"), NewJob.Due.at(due)));
		assertThat(jobs.get(0).enqueuedAt()).isNotNull();
	}

}
