package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.redis.ExecutionStore.Beat;
import io.rq.redis.ExecutionStore.Run;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code beat.lua} and {@link ExecutionStore#beat}.
 */
class BeatTests extends AbstractStoreTests {

	private void register() {
		this.workers.register(new WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17"),
				TestStores.UNTOLD, LEASE);
	}

	@Test
	void leasesAndRegistrationAreRenewed() {
		register();
		Execution execution = started("run-1");
		zadd("rq:wip:default", now() + 3, "run-1:" + execution.id());
		this.template.expire("rq:worker:w1", Duration.ofSeconds(5));
		this.template.opsForHash().put("rq:job:run-1", "last_heartbeat", "");
		Beat beat = this.executions.beat("busy", List.of("default"), List.of(new Run(execution, NOW.minusSeconds(2))));
		assertThat(beat).isEqualTo(new Beat(true, List.of(), List.of()));
		assertThat(state()).isEqualTo("""
				rq:execution:run-1:E1 hash ttl 30
				  created_at 1769860798.123456
				  id E1
				  job_id run-1
				  last_heartbeat 1769860800.123456
				  worker_name w1
				rq:executions:run-1 zset ttl 30
				  +30 E1
				rq:job:run-1 hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  origin default
				  started_at 2026-01-31T12:00:00.123456Z
				  status started
				  timeout 180
				  worker_name w1
				rq:queues set
				  rq:queue:default
				rq:takers:default set
				  w1
				rq:wip:default zset
				  +30 run-1:E1
				rq:worker:w1 hash ttl 30
				  beat_at +0
				  beating_since +0
				  birth 2026-01-31T12:00:00.123456Z
				  current_job run-1
				  current_job_working_time 2.000000
				  hostname host-1
				  ip_address host:port
				  last_heartbeat 2026-01-31T12:00:00.123456Z
				  pid 42
				  python_version Java 17
				  queues default
				  state busy
				  version 0.1.0
				rq:worker:w1:executions set ttl 30
				  run-1:E1
				rq:workers set
				  rq:worker:w1
				rq:workers:default set
				  rq:worker:w1
				""");
	}

	@ParameterizedTest
	@CsvSource({ "0.1, true", "20, true", "22, false", "-5, false" })
	void seriesOfBeatsIsBrokenByAnOutageThatMakesLeasesRunOut(double ago, boolean unbroken) {
		register();
		this.executions.beat("idle", List.of("default"), List.of());
		hash("rq:worker:w1", "beat_at", "" + (now() - ago), "beating_since", "5.000000");
		this.executions.beat("idle", List.of("default"), List.of());
		assertThat(this.redis.state().hash("rq:worker:w1").get("beating_since").equals("5.000000")).isEqualTo(unbroken);
	}

	@Test
	void newRegistrationBeginsANewSeriesOfBeats() {
		register();
		this.executions.beat("idle", List.of("default"), List.of());
		hash("rq:worker:w1", "beating_since", "5.000000");
		this.template.delete("rq:worker:w1");
		assertThat(this.executions.beat("idle", List.of("default"), List.of()).registered()).isFalse();
		register();
		this.executions.beat("idle", List.of("default"), List.of());
		assertThat(this.redis.state().hash("rq:worker:w1").get("beating_since")).isNotEqualTo("5.000000");
	}

	/** W25. */
	@Test
	void lostAndCancelledRunsAreTold() {
		register();
		this.jobs.enqueue(List.of(job("a"), job("b"), job("c"), job("d"), job("e"), job("f")));
		List<Execution> runs = claim(6);
		this.template.opsForZSet().remove("rq:wip:default", "b:" + runs.get(1).id());
		this.template.opsForHash().put("rq:job:c", "status", "canceled");
		this.template.delete("rq:job:d");
		this.template.delete("rq:job:e");
		this.template.opsForValue().set("rq:job:e", "no hash");
		String before = state("rq:job:", "rq:wip");
		Beat beat = this.executions.beat("busy", List.of("default"),
				runs.stream().map((run) -> new Run(run, NOW)).toList());
		assertThat(beat.registered()).isTrue();
		assertThat(beat.lost()).containsExactly(runs.get(1), runs.get(3), runs.get(4));
		assertThat(beat.canceled()).containsExactly(runs.get(2));
		assertThat(state("rq:job:", "rq:wip")).isEqualTo(before);
		assertThat(this.redis.state().keys().keySet()).filteredOn((key) -> key.startsWith("rq:execution"))
			.containsExactlyInAnyOrder("rq:execution:a:" + runs.get(0).id(), "rq:executions:a",
					"rq:execution:c:" + runs.get(2).id(), "rq:executions:c", "rq:execution:f:" + runs.get(5).id(),
					"rq:executions:f");
	}

	/** W21. */
	@Test
	void runThatWasLostOrEndedLeavesNoKeysOfItsExecution() {
		List<Execution> runs = new ArrayList<>();
		for (String id : List.of("swept", "ended", "retried", "released")) {
			runs.add(started(id));
		}
		this.executions.beat("busy", List.of("default"), runs.stream().map((run) -> new Run(run, NOW)).toList());
		this.template.delete("rq:wip:default");
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new Run(runs.get(0), NOW))).lost())
			.hasSize(1);
		assertThat(this.executions.finish(List.of(success(runs.get(1), 500)))).hasSize(1);
		assertThat(this.executions.retry(List.of(retry(runs.get(2), 0, false, null, null)))).hasSize(1);
		this.executions.release(List.of(runs.get(3)));
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:execution"));
	}

	@Test
	void runsAreShownAtTheirWorkerFromTheirFirstBeatToTheirEndOfWhateverKind() {
		register();
		List<Execution> runs = new ArrayList<>();
		for (String id : List.of("ended", "retried", "released", "lost", "short")) {
			runs.add(started(id));
		}
		List<Execution> beaten = runs.subList(0, 4);
		this.executions.beat("busy", List.of("default"), beaten.stream().map((run) -> new Run(run, NOW)).toList());
		assertThat(this.template.opsForSet().members("rq:worker:w1:executions")).containsExactlyInAnyOrder(
				beaten.stream().map((run) -> run.jobId() + ":" + run.id()).toArray(String[]::new));
		assertThat(this.workers.workers().get(0).currentJob()).isEqualTo("ended");
		this.template.delete("rq:execution:ended:" + runs.get(0).id());
		this.executions.finish(List.of(success(runs.get(0), 500), success(runs.get(4), 500)));
		assertThat(this.workers.workers().get(0).currentJob()).isIn("retried", "released", "lost");
		this.executions.retry(List.of(retry(runs.get(1), 0, false, null, null)));
		assertThat(this.workers.workers().get(0).currentJob()).isIn("released", "lost");
		this.executions.release(List.of(runs.get(2)));
		assertThat(this.workers.workers().get(0).currentJob()).isEqualTo("lost");
		this.template.opsForZSet().remove("rq:wip:default", "lost:" + runs.get(3).id());
		this.executions.beat("busy", List.of("default"), List.of(new Run(runs.get(3), NOW)));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:worker:w1:executions");
		assertThat(this.redis.state().hash("rq:worker:w1")).doesNotContainKeys("current_job",
				"current_job_working_time");
	}

	@Test
	void runsOfAWorkerThatIsNotOnRecordAreNotShownAtIt() {
		this.executions.beat("busy", List.of("default"), List.of(new Run(started("a"), NOW)));
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:worker:"));
	}

	@Test
	void workerThatSignsOffLeavesNoRuns() {
		register();
		this.executions.beat("busy", List.of("default"), List.of(new Run(started("a"), NOW)));
		this.workers.unregister(
				new WorkerStore.WorkerIdentity("w1", List.of("default"), "host-1", 42, NOW, "0.1.0", "Java 17"));
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:worker:w1:executions");
	}

	@Test
	void keysOfAnotherTypeHarmNoOtherRun() {
		List<Execution> runs = List.of(started("a"), started("b"));
		this.template.opsForValue().set("rq:execution:a:" + runs.get(0).id(), "something else");
		this.template.opsForValue().set("rq:executions:a", "something else");
		this.template.opsForValue().set("rq:worker:w1", "something else");
		expireLeases("default");
		this.executions.beat("busy", List.of("default"), runs.stream().map((run) -> new Run(run, NOW)).toList());
		runs.forEach(
				(run) -> assertThat(score("rq:wip:default", run.jobId() + ":" + run.id())).isGreaterThan(now() + 20));
	}

	/** W40: RQ's gets shorter then. */
	@ParameterizedTest
	@ValueSource(longs = { 0, 175, 180, 600 })
	void leaseIsNoShorterNearTheTimeout(long seconds) {
		Execution run = started("a");
		this.executions.beat("busy", List.of("default"), List.of(new Run(run, NOW.minusSeconds(seconds))));
		assertThat(score("rq:wip:default", "a:" + run.id())).isBetween(now() + 28, now() + 31);
		assertThat(this.redis.state().ttl("rq:executions:a")).isBetween(28L, 30L);
	}

	/** W21. */
	@Test
	void beatAfterTheEndBringsNothingBack() {
		Execution execution = started("a");
		this.executions.finish(List.of(success(execution, 500)));
		String before = state();
		Beat beat = this.executions.beat("idle", List.of("default"), List.of(new Run(execution, NOW)));
		assertThat(beat.lost()).containsExactly(execution);
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void registrationThatIsGoneIsNotRenewedButTold() {
		assertThat(this.executions.beat("idle", List.of("default"), List.of()))
			.isEqualTo(new Beat(false, List.of(), List.of()));
		assertThat(state()).isEmpty();
	}

}
