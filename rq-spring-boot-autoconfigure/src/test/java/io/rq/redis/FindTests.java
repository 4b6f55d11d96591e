package io.rq.redis;

import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.Job;
import io.rq.job.JobExecution;
import io.rq.job.JobPayload;
import io.rq.job.NewJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for reading many jobs and what runs of them.
 */
class FindTests extends AbstractStoreTests {

	private static NewJob withData(String id, byte[] data) {
		NewJob job = job(id);
		Job old = job.job();
		return new NewJob(new Job(id, old.queue(), old.status(), old.options(), old.times(), old.run(),
				new JobPayload(data, null)), false, false, false, null);
	}

	private long scriptCalls(Runnable work) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			work.run();
			Properties info = connection.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			return Long.parseLong(info.getProperty("cmdstat_evalsha").replaceAll("^(?:.*,)?calls=(\\d+).*$", "$1"));
		}
	}

	@Test
	void jobsAreReadInTheOrderOfTheIdsWithoutThoseThatThereAreNot() {
		enqueue(job("a"), job("b"), job("c"));
		assertThat(this.jobs.findAll(List.of("c", "none", "a", "c"))).extracting(Job::id)
			.containsExactly("c", "a", "c");
		assertThat(this.jobs.findAll(List.of("b"))).usingRecursiveFieldByFieldElementComparator()
			.containsExactly(this.jobs.find("b").orElseThrow());
		assertThat(this.jobs.findAll(List.of())).isEmpty();
	}

	@Test
	void aThousandJobsAreReadAtOnce() {
		this.jobs.enqueue(IntStream.range(0, 2500).mapToObj((i) -> job("j" + i)).toList());
		List<String> ids = IntStream.range(0, 2500).mapToObj((i) -> "j" + (2499 - i)).toList();
		this.jobs.findAll(ids.subList(0, 1));
		assertThat(scriptCalls(
				() -> assertThat(this.jobs.findAll(ids)).extracting(Job::id).containsExactlyElementsOf(ids)))
			.isEqualTo(3);
	}

	@Test
	void aCallEndsEarlyWhereJobsAreLarge() {
		byte[] large = new byte[7 * 1024 * 1024];
		for (int i = 0; i < large.length; i++) {
			large[i] = (byte) (i * 31 + i / 251 + i / 65521);
		}
		for (int i = 0; i < 6; i++) {
			hash("rq:job:j" + i, "created_at", STAMP, "origin", "default");
			raw("rq:job:j" + i, large);
		}
		List<String> ids = List.of("j0", "j1", "j2", "j3", "j4", "j5");
		this.jobs.findAll(List.of("none"));
		assertThat(scriptCalls(
				() -> assertThat(this.jobs.findAll(ids)).extracting(Job::id).containsExactlyElementsOf(ids)))
			.isEqualTo(2);
	}

	private void raw(String key, byte[] data) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.hashCommands().hSet(bytes(key), bytes("data"), data);
		}
	}

	@Test
	void whatCannotBeReadHidesNothingElse() {
		enqueue(job("a"), job("b"), withData("c", bytes("x")));
		hash("rq:job:a", "timeout", "1h");
		this.template.opsForValue().set("rq:job:text", "of another type");
		hash("rq:job:half", "status", "queued");
		assertThat(this.jobs.findAll(List.of("a", "text", "half", "b", "c"))).extracting(Job::id)
			.containsExactly("b", "c");
	}

	@Test
	void thereIsAJobIfItHasData() {
		enqueue(job("a"));
		hash("rq:job:half", "status", "queued");
		assertThat(this.jobs.exists("a")).isTrue();
		assertThat(this.jobs.exists("half")).isFalse();
		assertThat(this.jobs.exists("none")).isFalse();
	}

	@Test
	void aRunThatCannotBeReadIsShownWithoutWhatIsNotKnown() {
		zadd("rq:executions:a", now() + 60, "odd");
		this.template.opsForValue().set("rq:execution:a:odd", "of another type");
		assertThat(this.jobs.executions("a")).singleElement().satisfies((run) -> {
			assertThat(run.id()).isEqualTo("odd");
			assertThat(run.workerName()).isNull();
		});
	}

	@Test
	void runsUnderWayAreThoseThatTheirWorkersShow() {
		Execution run = started("a");
		assertThat(this.jobs.executions("a")).isEmpty();
		this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW.minusSeconds(1))));
		List<JobExecution> shown = this.jobs.executions("a");
		assertThat(shown)
			.containsExactly(new JobExecution("a", run.id(), "w1", NOW.minusSeconds(1), NOW, shown.get(0).expiresAt()));
		assertThat((double) shown.get(0).expiresAt().getEpochSecond()).isBetween(now() + 20, now() + 40);
		this.executions.finish(List.of(success(run, 500)));
		assertThat(this.jobs.executions("a")).isEmpty();
	}

	/** W21: the two keys of RQ's executions live differently long. */
	@Test
	void runWhoseHashIsGoneOrHalfIsShownAllTheSame() {
		enqueue(job("a"));
		zadd("rq:executions:a", 1795401949, "gone");
		zadd("rq:executions:a", 1795401950, "half");
		hash("rq:execution:a:half", "last_heartbeat", "1795401949.23588", "created_at", "x");
		assertThat(this.jobs.executions("a")).containsExactly(
				new JobExecution("a", "gone", null, null, null, Instant.ofEpochSecond(1795401949)),
				new JobExecution("a", "half", null, null, Instant.parse("2026-11-23T02:45:49.235880Z"),
						Instant.ofEpochSecond(1795401950)));
	}

}
