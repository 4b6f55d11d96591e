package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Dependency;
import io.rq.job.JobResult;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.queue.ReclaimedJob;
import io.rq.queue.Registry;
import io.rq.redis.ExecutionStore.Run;
import io.rq.redis.SchedulerStore.SchedulerIdentity;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the scripts in a Redis that has reached {@code maxmemory} and evicts nothing:
 * all work but those that add jobs, or what filled it could never be drained.
 */
class FullRedisTests extends AbstractStoreTests {

	private static final WorkerIdentity WORKER = new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW,
			"0.1.0", "Java 17");

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	FullRedisTests() {
		super(TestRedis.start("--maxmemory-policy", "noeviction"));
	}

	@BeforeEach
	void makeRoom() {
		configure("0");
	}

	@AfterEach
	void close() {
		this.redis.close();
	}

	private void fill() {
		configure("1");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.template.opsForValue().set("x", "y"))
			.havingRootCause()
			.withMessageContaining("OOM");
	}

	private void configure(String maxMemory) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().setConfig("maxmemory", maxMemory);
		}
	}

	@Test
	void jobsAreRefusedAndLeaveNothingBehind() {
		fill();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> enqueue(job("a")))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> enqueue(in(job("a"), 10)))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> enqueue(job("a"), DependencyTests.after(job("b"), Dependency.on("gone"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(state()).isEmpty();
	}

	@Test
	void workerRegistersAndBeatsAndSignsOff() {
		Execution run = started("a");
		zadd("rq:wip:default", now() + 1, "a:" + run.id());
		fill();
		assertThat(this.workers.register(WORKER, TestStores.UNTOLD, LEASE)).isTrue();
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new Run(run, NOW))))
			.isEqualTo(new ExecutionStore.Beat(true, List.of(), List.of()));
		assertThat(score("rq:wip:default", "a:" + run.id())).isGreaterThan(now() + 20);
		this.workers.unregister(WORKER);
		assertThat(this.redis.state().hash("rq:worker:w1")).containsKey("death");
		assertThat(this.workers.register(WORKER, TestStores.UNTOLD, LEASE)).isTrue();
	}

	@Test
	void beatOfAWorkerThatIsNotRegisteredRenewsItsLeases() {
		Execution run = started("a");
		zadd("rq:wip:default", now() + 1, "a:" + run.id());
		fill();
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new Run(run, NOW))).registered()).isFalse();
		assertThat(score("rq:wip:default", "a:" + run.id())).isGreaterThan(now() + 20);
	}

	@Test
	void jobsAreTakenAndEndAndGoBack() {
		enqueue(job("a"), job("b"), job("c", PLAIN.withRetry(Retry.max(1).intervals(10))), job("d"));
		fill();
		List<Execution> runs = claim(4);
		assertThat(runs).hasSize(4);
		assertThat(this.executions
			.finish(List.of(success(runs.get(0), 500).withFollowing(List.of(on("rq-webhooks", job("f")).job())))))
			.isEmpty();
		assertThat(list("rq:queue:rq-webhooks")).containsExactly("f");
		assertThat(this.executions.retry(List.of(retry(runs.get(1), 0, false, null, null)))).isEmpty();
		assertThat(this.executions.retry(List.of(retry(runs.get(2), 10, false, null, null)))).isEmpty();
		this.executions.release(List.of(runs.get(3)));
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(this.redis.state().keys()).containsKey("rq:results:a");
		assertThat(list("rq:queue:default")).containsExactly("d", "b");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsKey("c");
	}

	@Test
	void jobsThatWaitAreRefusedWholeAndReleased() {
		enqueue(job("a"), job("b"));
		enqueue(DependencyTests.after(job("child"), Dependency.on("a")),
				DependencyTests.after(in(job("later"), 60), Dependency.on("a")));
		fill();
		String before = state();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> enqueue(DependencyTests.after(job("refused"), Dependency.on("b"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(state()).isEqualTo(before);
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(list("rq:queue:default")).containsExactly("b", "child");
		assertThat(field("later", "status")).isEqualTo("scheduled");
	}

	@Test
	void whoWaitsForAResultIsTold() throws Exception {
		enqueue(job("a"), job("b"));
		fill();
		try (AwaitedResults results = TestStores.results(new RedisScripts(this.redis.connectionFactory()))) {
			CompletableFuture<JobResult> first = results.await("a");
			this.executions.finish(List.of(success(claim(1).get(0), 500)));
			assertThat(first.get(10, TimeUnit.SECONDS).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
			CompletableFuture<JobResult> second = results.await("b");
			new RedisScripts(this.redis.connectionFactory()).run(Script.NUDGE,
					ScriptArguments.keys("rq:awaiting:x").add(60));
			assertThat(this.redis.state().keys()).containsKey("rq:awaiting:x");
			this.executions.finish(List.of(success(claim(1).get(0), 500)));
			assertThat(second.get(10, TimeUnit.SECONDS).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
		}
	}

	@Test
	void whatHappensIsCounted() {
		HistoryStore history = new HistoryStore(new RedisScripts(this.redis.connectionFactory()));
		HistoryStore.Series function = new HistoryStore.Series("default", "tasks.add");
		fill();
		history.calls(List.of(HistoryStoreTests.tally(function, 0, 1),
				HistoryStoreTests.tally(new HistoryStore.Series("default", ""), 0, 1)))
			.forEach(history::add);
		assertThat(history.functions("default")).containsExactly(function);
		assertThat(history.read(List.of(function), HistoryStore.Unit.MINUTES, 2, 2).series().get(0)).hasSize(1);
	}

	@Test
	void jobsWithARateLimitAreRefusedWholeAndGoOn() {
		enqueue(RateLimitTests.limited("api", 1, job("a")), RateLimitTests.limited("api", 1, job("b")),
				RateLimitTests.limited("api", 1, job("c")), RateLimitTests.limited("api", 1, in(job("due"), 60)));
		Execution run = claim(1).get(0);
		zadd("rq:rl:api:allowed", 5, "gone");
		hash("rq:rl:api", "concurrency", "2");
		zadd("rq:scheduled:default", now() - 1, "due");
		fill();
		String before = state().replaceAll("ttl \\d+", "");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> enqueue(RateLimitTests.limited("new", 1, job("refused"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(state().replaceAll("ttl \\d+", "")).isEqualTo(before);
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("b");
		this.executions.finish(List.of(success(run, 500)));
		assertThat(list("rq:queue:default")).containsExactly("b", "c");
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		this.schedulers.promote("default", SCHEDULER, 10);
		assertThat(field("due", "status")).isEqualTo("rate_limited");
		assertThat(this.control.cancel("b", false)).isTrue();
		assertThat(this.control.requeue("b", false)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("c");
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("due");
	}

	@Test
	void bulkOperationBeginsGoesOnAndEnds() {
		BulkStore bulk = new BulkStore(new RedisScripts(this.redis.connectionFactory()));
		fill();
		bulk.start("default", "b", Map.of("state", "RUNNING"));
		BulkStore.Open open = bulk.open(10).get(0);
		assertThat(bulk.step(open, "token", Duration.ofSeconds(30), null)).containsEntry("batch", "0");
		assertThat(bulk.cancel("b")).isTrue();
		BulkStore.Batch last = new BulkStore.Batch(0, true, 3, 2, 1, 1, Map.of("state", "DONE"));
		assertThat(bulk.step(open, "token", Duration.ofSeconds(30), last)).containsEntry("state", "DONE")
			.containsEntry("done", "1");
		assertThat(bulk.open(10)).isEmpty();
	}

	@Test
	void jobIsTakenToBeRunAtOnce() {
		enqueue(job("a"));
		fill();
		assertThat(this.executions.take("default", "sync-1", List.of("a", "b"))).isEqualTo(1);
		assertThat(list("rq:queue:default")).isEmpty();
		this.executions.giveBack("default", "sync-1");
		assertThat(list("rq:queue:default")).containsExactly("a");
	}

	@Test
	void endedJobsAreGivenAnAge() {
		this.executions.finish(List.of(success(started("a"), 500)));
		fill();
		this.maintenance.trim("default", RetentionTests.aged(60));
		assertThat(score("rq:finished:default", "a")).isLessThan(now() + 61);
		assertThat(this.redis.state().ttl("rq:job:a")).isLessThanOrEqualTo(60);
	}

	@Test
	void jobsWithARateLimitByTimeStartAndWait() {
		enqueue(RateWindowTests.limited(1, LEASE, job("a")), RateWindowTests.limited(1, LEASE, job("b")));
		fill();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> enqueue(RateWindowTests.limited(1, LEASE, job("refused"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		List<Execution> runs = claim(2);
		assertThat(runs).hasSize(1);
		assertThat(this.redis.state().zset("rq:scheduled:default")).hasSize(1);
		this.executions.retry(List.of(retry(runs.get(0), 0, false, null, null)));
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		this.template.delete("rq:rl:windows:api:allowed");
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@Test
	void jobsOfABucketStartAndWait() {
		RateLimit limit = RateLimit.key("api").limit(1, LEASE).burst(1);
		enqueue(RateWindowTests.limited(limit, job("a")), RateWindowTests.limited(limit, job("b")));
		fill();
		String before = state();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> enqueue(RateWindowTests.limited(limit, job("refused"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(state()).isEqualTo(before);
		List<Execution> runs = claim(2);
		assertThat(runs).hasSize(1);
		assertThat(this.redis.state().zset("rq:scheduled:default")).hasSize(1);
		assertThat(this.redis.state().hash("rq:rl:buckets:api")).containsKey("spent");
		this.executions.retry(List.of(retry(runs.get(0), 0, false, null, null)));
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		this.template.opsForHash().delete("rq:rl:buckets:api", "spent");
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@Test
	void jobThatAPythonProcessLeftIsEnqueued() {
		python("a", "status", "ready_to_enqueue");
		zadd("rq:ready:default", now() - 60, "a");
		fill();
		assertThat(this.maintenance.enqueueReady("default")).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(field("a", "status")).isEqualTo("queued");
	}

	@Test
	void runningJobNotesItsMeta() {
		started("a");
		fill();
		note("a");
		note("gone");
		assertThat(this.jobs.changeMeta("a", (meta) -> bytes("{\"k\":1}"))).isTrue();
		assertThat(field("a", "meta")).isEqualTo("{\"k\":1}");
		assertThat(this.jobs.findAll(List.of("a"))).hasSize(1);
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:gone");
	}

	@Test
	void jobsAreCancelledRequeuedAndDeleted() {
		enqueue(job("a"), job("b"), job("c"), in(job("later"), 60));
		this.executions.finish(List.of(failure(claim(1).get(0), 500)));
		deferred("child", "c");
		deferred("freed", "later");
		fill();
		assertThat(this.control.requeue("a", true)).isTrue();
		assertThat(this.control.cancel("b", false)).isTrue();
		assertThat(this.control.cancel("later", true)).isTrue();
		assertThat(this.control.delete("c", true)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a", "freed");
		assertThat(this.redis.state().zset("rq:canceled:default")).containsOnlyKeys("b", "later");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:c", "rq:job:child", "rq:failed:default");
	}

	@Test
	void deletedJobsAreKeptAndPutBack() {
		enqueue(job("a"), in(job("later"), 60));
		enqueue(GroupTests.in("group-1", job("member")));
		fill();
		DeletedJobs deleted = new DeletedJobs(new RedisScripts(this.redis.connectionFactory()), this.clock);
		for (String id : List.of("a", "later", "member")) {
			assertThat(deleted.delete(id, false, LEASE, null)).isEqualTo(DeletedJobs.Outcome.KEPT);
		}
		assertThat(list("rq:queue:default")).isEmpty();
		for (String id : List.of("a", "later", "member")) {
			assertThat(deleted.restore(id)).isTrue();
		}
		assertThat(list("rq:queue:default")).containsExactly("a", "member");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("later");
	}

	@Test
	void scheduledJobsRunNowOrAtAnotherTime() {
		enqueue(in(job("a"), 60), in(job("b"), 60));
		fill();
		assertThat(this.jobs.changes().runNow("a", false)).isTrue();
		assertThat(this.jobs.changes().reschedule("b", NOW)).isTrue();
		assertThat(list("rq:queue:default")).containsExactly("a");
		assertThat(score("rq:scheduled:default", "b")).isLessThan(now());
	}

	@Test
	void jobsAreChangedAndMoved() {
		enqueue(job("a"), in(job("b"), 60));
		fill();
		assertThat(this.jobs.changeCall("a",
				(data, description) -> new JobChanges.ChangedCall(bytes("[\"tasks.add\",null,[2],{}]"), "new")))
			.isTrue();
		assertThat(field("a", "description")).isEqualTo("new");
		assertThat(this.jobs.changes().move("a", "other")).isTrue();
		assertThat(this.jobs.changes().move("b", "other")).isTrue();
		assertThat(list("rq:queue:other")).containsExactly("a");
		assertThat(this.redis.state().zset("rq:scheduled:other")).containsOnlyKeys("b");
	}

	@Test
	void queuesAreEmptiedAndWorkersSuspended() {
		enqueue(job("a"), job("b"), job("c"));
		deferred("child", "c");
		push("default", "gone");
		fill();
		assertThat(this.queueControl.compact("default")).isEqualTo(1);
		assertThat(this.queueControl.remove("default", "a")).isTrue();
		this.queueControl.suspend(LEASE);
		assertThat(claim(1)).isEmpty();
		assertThat(this.queueControl.empty("default", 500)).isEqualTo(2);
		assertThat(this.queueControl.resume()).isTrue();
		assertThat(field("child", "status")).isEqualTo("failed");
		assertThat(this.control.requeue("a", false)).isTrue();
		this.queueControl.pause("default", "full");
		this.queueControl.pause("other", "full");
		this.template.opsForList().rightPop("rq:queue:default");
		assertThat(claim(1)).isEmpty();
		assertThat(this.queueControl.unpause("default")).isTrue();
		assertThat(this.queues.pauses()).containsOnlyKeys("other");
	}

	@Test
	void maintenanceRepairs() {
		started("a");
		expireLeases("default");
		hash("rq:worker:w1", "beat_at", "" + now(), "beating_since", "" + (now() - 60));
		this.template.opsForList().rightPush("rq:taken:default:gone", "b");
		this.template.opsForSet().add("rq:takers:default", "gone");
		zadd("rq:failed:default", 5, "old");
		fill();
		assertThat(this.maintenance.reclaim("default", 3, 500, null)).containsExactly(
				new MaintenanceStore.Reclaimed(new ReclaimedJob("a", "default", ReclaimedJob.Outcome.REQUEUED), false));
		assertThat(this.maintenance.restoreTaken("default")).isEqualTo(1);
		this.maintenance.expire("default", 500);
		assertThat(list("rq:queue:default")).containsExactly("b", "a");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:failed:default", "rq:taken:default:gone");
		assertThat(this.queues.census(List.of("default")).get(0).size(Registry.QUEUED)).isEqualTo(2);
	}

	@Test
	void schedulerLeadsAndMovesDueJobs() {
		enqueue(in(job("a"), 10));
		zadd("rq:scheduled:default", now() - 1, "a");
		fill();
		assertThat(this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null))
			.containsEntry("default", new SchedulerStore.Seat(true, Duration.ZERO, null, null));
		SchedulerStore.Promotion promotion = this.schedulers.promote("default", SCHEDULER, 10);
		assertThat(promotion).isNotNull();
		assertThat(promotion.moved()).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("a");
		CronStore cron = new CronStore(new RedisScripts(this.redis.connectionFactory()), this.clock);
		CronStore.State state = cron.beat(SCHEDULER, List.of(CronStoreTests.listed("report"))).states().get(0);
		assertThat(state).isNotNull();
		cron.pause("default", "report", "full");
		assertThat(cron.resume("default", "report")).isTrue();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(
					() -> cron
						.settle(SCHEDULER,
								new CronStore.Occurrence("report", "default", state.last(), NOW, NOW,
										CronStore.Unended.ALLOW, job("b"))))
			.havingRootCause()
			.withMessageContaining("OOM");
		assertThat(cron.find("default", "report").last()).isEqualTo(state.last());
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:b");
		this.schedulers.resign(SCHEDULER, List.of("default"));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:scheduler-lock:default", "rq:scheduler:one");
	}

}
