package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Dependency;
import io.rq.job.DuplicateJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.queue.RateLimitSnapshot;
import io.rq.redis.MaintenanceStore.Chore;
import io.rq.redis.SchedulerStore.Promotion;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what scripts do to rate limits.
 */
class RateLimitTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	/** A job with a limit of RQ 3 as Python writes it. */
	private void limited(String id, int concurrency, String... fields) {
		python(id, "rate_limit_key", "api", "rate_limit_concurrency", "" + concurrency);
		hash("rq:job:" + id, fields);
		this.template.opsForSet().add("rq:rl-keys", "api");
		hash("rq:rl:api", "concurrency", "" + concurrency);
	}

	/** Puts such a job on its queue. */
	private void holder(String id, int concurrency, String... fields) {
		limited(id, concurrency, fields);
		zadd("rq:rl:api:allowed", Math.floor(now()), id);
		push("default", id);
	}

	/** Lets such jobs wait, all of them since the same second. */
	private void waiting(int concurrency, String... ids) {
		for (String id : ids) {
			limited(id, concurrency, "status", "rate_limited", "enqueued_at", "");
			zadd("rq:rl:api:rate_limited", 1795402377, id);
		}
	}

	static NewJob limited(String key, int concurrency, NewJob job) {
		Job old = job.job();
		JobOptions options = old.options()
			.withLinks(old.options().links().withRateLimit(RateLimit.key(key).concurrency(concurrency)));
		return new NewJob(new Job(old.id(), old.queue(), old.status(), options, old.times(), old.run(), old.payload()),
				job.atFront(), job.idGiven(), job.unique(), job.due());
	}

	private Set<String> holders() {
		return this.redis.state().zset("rq:rl:api:allowed").keySet();
	}

	private Set<String> waiters() {
		return this.redis.state().zset("rq:rl:api:rate_limited").keySet();
	}

	private void due(String id) {
		zadd("rq:scheduled:default", now() - 1, id);
	}

	private Promotion promote() {
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		return Objects.requireNonNull(this.schedulers.promote("default", SCHEDULER, 10));
	}

	@Test
	void jobsAreStoredAsRq3StoresThem() {
		List<Job> stored = enqueue(limited("api", 2, job("rl-0")), limited("api", 2, job("rl-1")),
				limited("api", 2, job("rl-2")), limited("other", 1, job("alone")));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.RATE_LIMITED, JobStatus.QUEUED);
		assertThat(stored.get(2).enqueuedAt()).isNull();
		assertThat(state("rq:rl", "job:rl-2", "job:rl-1")).isEqualTo("""
				rq:job:rl-1 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  origin default
				  rate_limit_concurrency 2
				  rate_limit_key api
				  status queued
				  timeout 180
				rq:job:rl-2 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  last_heartbeat
				  origin default
				  rate_limit_concurrency 2
				  rate_limit_key api
				  status rate_limited
				  timeout 180
				rq:rl-keys set
				  api
				  other
				rq:rl:api hash
				  concurrency 2
				rq:rl:api:allowed zset
				  +0 rl-0
				  +0 rl-1
				rq:rl:api:rate_limited zset
				  +0 rl-2
				rq:rl:other hash
				  concurrency 1
				rq:rl:other:allowed zset
				  +0 alone
				""");
		assertThat(this.jobs.find("rl-2").orElseThrow().rateLimit()).isEqualTo(RateLimit.key("api").concurrency(2));
		assertThat(list("rq:queue:default")).containsExactly("rl-0", "rl-1", "alone");
	}

	@Test
	void jobsOfOneCallAndOfSeveralGoInTheOrderInWhichTheyCame() {
		this.jobs.enqueue(IntStream.range(0, 1_200).mapToObj((i) -> limited("api", 1, job("j" + i))).toList());
		enqueue(limited("api", 1, job("a")), limited("api", 1, on("high", job("z"))));
		enqueue(limited("api", 1, front(job("f"))));
		List<String> expected = new ArrayList<>(IntStream.range(1, 1_200).mapToObj((i) -> "j" + i).toList());
		expected.addAll(List.of("a", "z", "f"));
		assertThat(this.template.opsForZSet().range("rq:rl:api:rate_limited", 0, -1))
			.containsExactlyElementsOf(expected);
	}

	@Test
	void concurrencyIsThatOfTheLastJobToComeAsInRq() {
		enqueue(limited("api", 1, job("a")), limited("api", 1, job("b")), limited("api", 1, job("c")));
		assertThat(list("rq:queue:default")).containsExactly("a");
		enqueue(limited("api", 3, job("d")));
		assertThat(list("rq:queue:default")).containsExactly("a", "b", "c");
		enqueue(limited("api", 1, job("e")));
		this.executions.finish(claim(3).stream().map((run) -> success(run, 500)).toList());
		assertThat(holders()).containsExactly("d");
	}

	@Test
	void jobsThatAreDueLaterChosenOrWaitForOthersGoThroughTheLimit() {
		enqueue(limited("api", 1, job("a")));
		List<Job> stored = enqueue(limited("api", 1, in(job("later"), 60)), limited("api", 1, given(job("chosen"))),
				limited("api", 1, DependencyTests.after(job("child"), Dependency.on("a"))),
				limited("api", 1, unique(job("unique"))));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.SCHEDULED, JobStatus.RATE_LIMITED, JobStatus.DEFERRED, JobStatus.RATE_LIMITED);
		assertThatExceptionOfType(DuplicateJobException.class)
			.isThrownBy(() -> enqueue(limited("api", 1, unique(job("unique")))));
		enqueue(limited("api", 1, given(job("chosen"))));
		due("later");
		promote();
		for (String id : List.of("a", "unique", "chosen", "later", "child")) {
			List<Execution> runs = claim(5);
			assertThat(runs).extracting(Execution::jobId).containsExactly(id);
			this.executions.finish(List.of(success(runs.get(0), 500)));
		}
	}

	@Test
	void jobOfACronJobGoesThroughTheLimit() {
		CronStore cron = new CronStore(new RedisScripts(this.redis.connectionFactory()), this.clock);
		cron.trigger("report", limited("api", 1, job("a")));
		cron.trigger("report", limited("api", 1, job("b")));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(waiters()).containsExactly("b");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@ParameterizedTest
	@CsvSource({ "rq:rl:api", "rq:rl:api:allowed", "rq:rl:api:rate_limited", "rq:rl-keys", "rq:queue:default" })
	void whatCannotBeKeptIsRefusedBeforeAnythingIsWritten(String key) {
		this.template.opsForValue().set(key, "of another type");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> enqueue(limited("api", 1, job("a")), job("b")));
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void waitingJobExpiresAndTheNextOneGoes() {
		enqueue(limited("api", 1, job("a")), limited("api", 1, job("b", PLAIN.withTtl(Duration.ofHours(1)))),
				limited("api", 1, job("c")));
		assertThat(this.template.getExpire("rq:job:b")).isBetween(3_500L, 3_600L);
		this.template.delete("rq:job:b");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("c");
		assertThat(waiters()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "success", "failure", "stopped", "success that is not kept" })
	void endOfARunLetsTheNextJobGo(String end) {
		holder("a", 1);
		waiting(1, "b", "c");
		Execution run = claim(1).get(0);
		this.executions.finish(List.of(switch (end) {
			case "success" -> success(run, 500);
			case "failure" -> failure(run, 500);
			case "stopped" -> stopped(run, 500);
			default -> success(run, 0);
		}));
		assertThat(field("b", "status")).isEqualTo("queued");
		assertThat(field("b", "enqueued_at")).isEqualTo(STAMP);
		assertThat(waiters()).containsExactly("c");
		assertThat(field("c", "status")).isEqualTo("rate_limited");
		assertThat(state("rq:rl-keys", "rq:rl:api hash", "allowed", "queue")).isEqualTo("""
				rq:queue:default list
				  b
				rq:queues set
				  rq:queue:default
				rq:rl-keys set
				  api
				rq:rl:api hash
				  concurrency 1
				rq:rl:api:allowed zset
				  +0 b
				""");
	}

	@Test
	void aRunIsShownFromItsStartToItsEnd() {
		holder("a", 1);
		Execution run = claim(1).get(0);
		assertThat(score("rq:executions:a", run.id())).isGreaterThan(now() + 20);
		assertThat(this.redis.state().hash("rq:execution:a:" + run.id())).containsEntry("worker_name", "w1");
		assertThat(this.jobs.executions("a")).hasSize(1);
		this.executions.finish(List.of(success(run, 500)));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:executions:a", "rq:execution:a:" + run.id());
		push("default", "a");
		hash("rq:job:a", "status", "queued");
		Execution again = claim(1).get(0);
		this.executions.retry(List.of(retry(again, 0, false, null, null)));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:executions:a", "rq:execution:a:" + again.id());
		this.executions.release(claim(1));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:executions:a");
	}

	@Test
	void retryAtOnceAndAReleaseKeepTheSlot() {
		holder("a", 1);
		waiting(1, "b");
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, null)));
		assertThat(holders()).containsExactly("a");
		this.executions.release(claim(1));
		assertThat(holders()).containsExactly("a");
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void retryThatWaitsGivesTheSlotAwayAndGetsOneWhenItIsDue() {
		holder("a", 1);
		waiting(1, "b");
		this.executions.retry(List.of(retry(claim(1).get(0), 60, false, null, null)));
		assertThat(holders()).containsExactly("b");
		due("a");
		promote();
		assertThat(waiters()).containsExactly("a");
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(holders()).containsExactly("a");
	}

	@Test
	void cancelledJobLetsTheNextGoAtOnceOrWhenItsRunHasEnded() {
		holder("runs", 2);
		holder("queued", 2);
		waiting(2, "b", "c", "d");
		Execution run = claim(1).get(0);
		this.control.cancel("c", false);
		this.control.cancel("queued", false);
		assertThat(holders()).containsExactlyInAnyOrder("b", "runs");
		assertThat(waiters()).containsExactly("d");
		this.control.cancel("runs", false);
		this.maintenance.freeSlots("default");
		assertThat(holders()).containsExactlyInAnyOrder("b", "runs");
		this.executions.finish(List.of(success(run, 500)));
		assertThat(holders()).containsExactly("b", "d");
		assertThat(list("rq:queue:default")).containsExactly("b", "d");
	}

	@Test
	void deletedReplacedRemovedAndEmptiedJobsLetTheNextGo() {
		holder("a", 1);
		waiting(1, "b", "c", "d", "e", "f");
		this.control.delete("f", false);
		this.control.delete("a", false);
		assertThat(list("rq:queue:default")).containsExactly("b");
		enqueue(given(job("b")));
		assertThat(list("rq:queue:default")).containsExactly("c", "b");
		assertThat(holders()).containsExactly("c");
		this.queueControl.remove("default", "c");
		assertThat(holders()).containsExactly("d");
		claim(1);
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(1);
		assertThat(holders()).containsExactly("e");
		assertThat(list("rq:queue:default")).containsExactly("e");
		assertThat(waiters()).isEmpty();
		claim(1);
		this.control.delete("e", false);
		assertThat(holders()).isEmpty();
	}

	@Test
	void jobOfAWorkerThatIsGoneKeepsItsSlotWhereItGoesOn() {
		holder("again", 3);
		holder("later", 3, "retries_left", "1", "retry_intervals", "[60]");
		holder("fails", 3);
		waiting(3, "x", "y", "z");
		claim(3);
		hash("rq:job:fails", "reclaims", "3");
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		assertThat(holders()).containsExactlyInAnyOrder("again", "x", "y");
		assertThat(list("rq:queue:default")).containsExactlyInAnyOrder("again", "x", "y");
		assertThat(waiters()).containsExactly("z");
	}

	@Test
	void cancelledRunOfAWorkerThatIsGoneGivesItsSlotAway() {
		holder("a", 1);
		waiting(1, "b");
		claim(1);
		this.control.cancel("a", false);
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		assertThat(holders()).containsExactly("b");
	}

	/** W43: RQ writes whole seconds. */
	@Test
	void jobsOfOneSecondGoInTheOrderInWhichTheyCame() {
		holder("a", 1);
		for (String id : List.of("z", "m", "c", "x")) {
			limited(id, 1, "status", "scheduled");
		}
		zadd("rq:scheduled:default", now() - 4, "z");
		zadd("rq:scheduled:default", now() - 3, "m");
		zadd("rq:scheduled:default", now() - 2, "c");
		promote();
		due("x");
		promote();
		for (String id : List.of("a", "z", "m", "c", "x")) {
			Execution run = claim(2).get(0);
			assertThat(run.jobId()).isEqualTo(id);
			assertThat(holders()).containsExactly(id);
			this.executions.finish(List.of(success(run, 500)));
		}
	}

	@Test
	void requeuedAndRepeatedJobsAndThoseThatWaitedForOthersGoThroughTheLimit() {
		holder("a", 1, "repeats_left", "1");
		waiting(1, "b");
		limited("failed", 1, "status", "failed");
		zadd("rq:failed:default", now() + 60, "failed");
		limited("child", 1);
		deferred("child", "a");
		assertThat(this.control.requeue("failed", true)).isTrue();
		assertThat(field("failed", "status")).isEqualTo("rate_limited");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		for (String id : List.of("b", "failed", "child", "a")) {
			assertThat(holders()).containsExactly(id);
			List<Execution> runs = claim(2);
			assertThat(runs).extracting(Execution::jobId).containsExactly(id);
			this.executions.finish(List.of(success(runs.get(0), 500)));
		}
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(holders()).isEmpty();
	}

	@Test
	void jobThatWaitsForASlotDoesNotRunWhereItsIdIsLeftOnAList() {
		holder("a", 1);
		waiting(1, "b");
		push("default", "b");
		assertThat(this.executions.claim(List.of("default"), 2, false).dropped())
			.containsExactly(new Claims.Dropped("b", "it is rate_limited"));
		assertThat(waiters()).containsExactly("b");
	}

	@Test
	void maintenanceFreesSlotsThatNobodyHoldsAndForgetsLimitsWithoutJobs() {
		assertThat(this.maintenance.chores(List.of("default"), 500, Retention.NONE).get("default")).isEmpty();
		holder("queued", 4);
		holder("runs", 4);
		holder("cancelled", 4);
		holder("gone", 4);
		claim(4);
		hash("rq:job:cancelled", "status", "canceled");
		this.template.delete(List.of("rq:executions:cancelled", "rq:job:gone"));
		hash("rq:job:queued", "status", "queued");
		waiting(4, "old", "x", "y", "z");
		this.template.delete("rq:job:old");
		this.template.opsForSet().add("rq:rl-keys", "none", "other");
		hash("rq:rl:other", "concurrency", "5");
		assertThat(this.maintenance.chores(List.of("default"), 500, Retention.NONE).get("default"))
			.containsExactly(Chore.FREE_SLOTS);
		this.maintenance.freeSlots("default");
		assertThat(holders()).containsExactlyInAnyOrder("queued", "runs", "x", "y");
		assertThat(waiters()).containsExactly("z");
		assertThat(this.redis.state().set("rq:rl-keys")).containsExactly("api");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:rl:other");
	}

	@Test
	void limitsOfJobsThatHaveEndedLeaveNothingBehind() {
		enqueue(IntStream.range(0, 1_000)
			.mapToObj((i) -> limited("customer-" + i, 1, job("job-" + i)))
			.toArray(NewJob[]::new));
		assertThat(this.redis.state().set("rq:rl-keys")).hasSize(1_000);
		this.executions.finish(claim(1_000).stream().map((run) -> success(run, 500)).toList());
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:rl"));
	}

	@Test
	void limitStaysWhileAJobOfItRunsOrWaits() {
		enqueue(limited("api", 1, job("a")), limited("api", 1, job("b")));
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(this.redis.state().hash("rq:rl:api")).containsEntry("concurrency", "1");
		this.control.cancel("b", false);
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:rl"));
	}

	@Test
	void thousandsOfLimitsWithoutJobsAreForgottenAtOnce() {
		for (int i = 0; i < 2_000; i++) {
			this.template.opsForSet().add("rq:rl-keys", "key-" + i);
			hash("rq:rl:key-" + i, "concurrency", "1");
		}
		this.template.opsForValue().set("rq:rl:key-7:rate_limited", "of another type");
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.maintenance.freeSlots("default"))
			.withMessageContaining("rq:rl:key-7:rate_limited");
		assertThat(this.redis.state().set("rq:rl-keys")).containsExactly("key-7");
	}

	@Test
	void manyHoldersAreLookedAtInParts() {
		for (int i = 0; i < 12; i++) {
			this.template.opsForSet().add("rq:rl-keys", "key-" + i);
			hash("rq:rl:key-" + i, "concurrency", "5000");
			for (int j = 0; j < 2_000; j++) {
				zadd("rq:rl:key-" + i + ":allowed", j, "gone-" + j);
			}
		}
		this.maintenance.freeSlots("default");
		assertThat(this.redis.state().set("rq:rl-keys")).hasSizeBetween(6, 11);
		for (int i = 0; i < 3; i++) {
			this.maintenance.freeSlots("default");
		}
		assertThat(this.redis.state().keys()).isEmpty();
	}

	@Test
	void thousandsOfEntriesWithoutAJobAreDroppedInParts() {
		holder("a", 1);
		waiting(1, "live");
		zadd("rq:rl:api:rate_limited", 1795402378, "live");
		for (int i = 0; i < 2_500; i++) {
			zadd("rq:rl:api:rate_limited", 5, "gone-" + i);
		}
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(waiters()).hasSizeBetween(1_400, 1_600);
		this.maintenance.freeSlots("default");
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("live");
	}

	@ParameterizedTest
	@CsvSource({ "rq:rl:api", "rq:rl:api:allowed", "rq:rl:api:rate_limited", "rq:rl-keys" })
	void keyOfAnotherTypeKeepsNoJobFromItsEnd(String key) {
		holder("a", 2);
		holder("b", 2);
		limited("due", 2, "status", "scheduled");
		limited("failed", 2, "status", "failed");
		limited("child", 2);
		deferred("child", "a");
		List<Execution> runs = claim(2);
		due("due");
		this.template.delete(key);
		this.template.opsForValue().set(key, "of another type");
		assertThat(this.executions.finish(List.of(success(runs.get(0), 500)))).isEmpty();
		assertThat(this.executions.retry(List.of(retry(runs.get(1), 60, false, null, null)))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(field("b", "status")).isEqualTo("scheduled");
		assertThat(field("child", "status")).isEqualTo("deferred");
		promote();
		assertThat(field("due", "status")).isEqualTo("scheduled");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsKey("due");
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.control.requeue("failed", false));
		assertThat(field("failed", "status")).isEqualTo("failed");
		assertThat(this.control.cancel("due", false)).isTrue();
		assertThat(this.control.delete("failed", false)).isTrue();
	}

	@Test
	void dueJobsThatAKeyDoesNotTakeKeepNoOthersFromGoing() {
		List<String> barred = IntStream.range(0, 25).mapToObj((i) -> "barred-" + (char) ('z' - i)).toList();
		for (String id : barred) {
			limited(id, 2, "status", "scheduled");
			zadd("rq:scheduled:default", now() - 60, id);
		}
		python("free", "status", "scheduled");
		due("free");
		this.template.opsForValue().set("rq:rl:api:allowed", "of another type");
		Promotion promotion = promote();
		assertThat(promotion.untilNext()).isEqualTo(Duration.ZERO);
		promote();
		promote();
		assertThat(list("rq:queue:default")).containsExactly("free");
		Map<String, Double> scheduled = this.redis.state().zset("rq:scheduled:default");
		assertThat(scheduled).containsOnlyKeys(barred);
		assertThat(scheduled.values()).allSatisfy((score) -> assertThat(score).isBetween(now() - 20, now() + 10.1));
		assertThat(promote().untilNext()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
		zadd("rq:scheduled:default", now() - 60, "barred-z");
		List<?> reply = new RedisScripts(this.redis.connectionFactory()).run(Script.PROMOTE,
				ScriptArguments.keys("rq:scheduled:default", "rq:scheduler-lock:default")
					.add("default")
					.add(SCHEDULER.name())
					.add(10)
					.add(STAMP));
		assertThat(Replies.list(reply, 4).stream().map(Replies::text)).containsExactly("rq:rl:api:allowed");
		this.template.delete("rq:rl:api:allowed");
		List<String> order = this.redis.state().zset("rq:scheduled:default").keySet().stream().toList();
		order.forEach((id) -> this.template.opsForZSet().incrementScore("rq:scheduled:default", id, -60));
		promote();
		assertThat(this.redis.state().zset("rq:rl:api:allowed").keySet()).containsExactlyInAnyOrder(order.get(0),
				order.get(1));
	}

	@Test
	void queueOfAnotherTypeKeepsNoOtherQueueFromGettingItsJobs() {
		holder("a", 1);
		waiting(1, "b", "c");
		hash("rq:job:b", "origin", "broken");
		this.template.opsForValue().set("rq:queue:broken", "of another type");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("c");
		assertThat(waiters()).containsExactly("b");
		this.template.delete("rq:queue:broken");
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:broken")).containsExactly("b");
	}

	@Test
	void slotsOfJobsThatAreDeletedAtOnceGoToTheNextOnce() {
		List<String> holders = IntStream.range(0, 20).mapToObj((i) -> "holder-" + i).toList();
		holders.forEach((id) -> holder(id, 20));
		String[] broken = IntStream.range(0, 5).mapToObj((i) -> "broken-" + i).toArray(String[]::new);
		waiting(20, broken);
		waiting(20, "b", "c");
		for (String id : broken) {
			hash("rq:job:" + id, "origin", "broken");
		}
		this.template.opsForValue().set("rq:queue:broken", "of another type");
		long before = refusedPushes();
		ScriptArguments arguments = ScriptArguments.keys("rq:job:holder-0")
			.add("0")
			.add("nonce")
			.add(STAMP)
			.add(0)
			.add("");
		holders.forEach(arguments::add);
		new RedisScripts(this.redis.connectionFactory()).run(Script.DELETE, arguments);
		assertThat(refusedPushes() - before).isBetween(5L, 15L);
		assertThat(list("rq:queue:default")).containsExactly("b", "c");
		assertThat(waiters()).containsExactlyInAnyOrder(broken);
		assertThat(holders()).containsExactlyInAnyOrder("b", "c");
	}

	private long refusedPushes() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties info = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
			String stats = info.getProperty("cmdstat_rpush");
			return Long.parseLong(stats.replaceAll(".*failed_calls=(\\d+).*", "$1"));
		}
	}

	@Test
	void jobsOfRq3AreReadCountedCancelledAndDeleted() {
		holder("a", 1);
		waiting(1, "b");
		python("ready", "status", "ready_to_enqueue");
		zadd("rq:ready:default", now(), "ready");
		python("deleted", "status", "ready_to_enqueue");
		zadd("rq:ready:default", now(), "deleted");
		assertThat(this.jobs.find("b").orElseThrow().status()).isEqualTo(JobStatus.RATE_LIMITED);
		assertThat(this.jobs.findAll(List.of("ready"))).singleElement()
			.satisfies((job) -> assertThat(job.status()).isEqualTo(JobStatus.READY_TO_ENQUEUE));
		assertThat(this.queues.rateLimits(10)).containsExactly(new RateLimitSnapshot("api", 1, null, null, 1, 1));
		this.control.cancel("ready", false);
		this.control.delete("deleted", false);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:ready:default");
		this.control.cancel("b", false);
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("b", "ready");
		assertThat(waiters()).isEmpty();
	}

	@Test
	void limitsAreCountedUpToSoMany() {
		IntStream.range(0, 30).forEach((i) -> this.template.opsForSet().add("rq:rl-keys", "key-" + i));
		hash("rq:rl:key-1", "concurrency", "many");
		this.template.opsForValue().set("rq:rl:key-2:allowed", "of another type");
		assertThat(this.queues.rateLimits(10)).hasSize(10)
			.allSatisfy(
					(limit) -> assertThat(limit).isEqualTo(new RateLimitSnapshot(limit.key(), 0, null, null, 0, 0)));
		assertThat(this.queues.rateLimits(100)).hasSize(30);
	}

}
