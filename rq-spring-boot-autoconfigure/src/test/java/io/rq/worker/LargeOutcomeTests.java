package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessException;

import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.PartialFailureException;
import io.rq.lifecycle.TimeSource;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link OutcomeWriter} with results that are too large for one call, or
 * for any.
 */
@Timeout(120)
class LargeOutcomeTests {

	private static final int JOBS = 9;

	private static final int MORE = 10;

	private static final int NINE_MEGABYTES = 9 << 20;

	private final TestRedis redis = TestRedis.start("--client-query-buffer-limit", "1mb");

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final WorkerOptions options = WorkerOptions.of("worker-1", "default");

	private final WorkerStores stores = this.bench.stores(this.options);

	private final ActiveRuns runs = new ActiveRuns();

	private final OutcomeRules rules = new OutcomeRules(new JacksonJobSerializer(JsonMapper.builder().build()),
			this.options.defaults(), this.stores.time());

	private final AtomicLong nanos = new AtomicLong();

	private final OutcomeWriter writer = new OutcomeWriter(this.stores.executions(), this.runs,
			new Listeners<>(List.of()), new TimeSource(Clock.systemUTC(), this.nanos::get));

	private final List<Boolean> counted = new ArrayList<>();

	@AfterEach
	void close() {
		this.bench.close();
		this.redis.close();
	}

	private List<ActiveRun> claim(int count) {
		return this.bench.claim(this.stores, this.runs, JobRequest.of("fine"), count);
	}

	private void end(ActiveRun run, int bytes) {
		this.writer.add(
				this.rules.returned(run, HandlerRules.NONE, new ReturnedValue("fine", String.class, "x".repeat(bytes))),
				this.counted::add);
	}

	private void allowAll() {
		this.bench.redis((redis) -> {
			redis.serverCommands().setConfig("client-query-buffer-limit", "1gb");
			return "";
		});
	}

	@Test
	void aResultThatRedisDoesNotTakeKeepsNoOtherFromBeingRecorded() throws InterruptedException {
		List<ActiveRun> claimed = claim(JOBS);
		for (int i = 0; i < JOBS; i++) {
			end(claimed.get(i), (i == 4) ? 2_000_000 : 10);
		}
		for (int round = 0; this.writer.pending() > 1; round++) {
			assertThat(round).isLessThan(20);
			failsToWrite();
		}
		assertThat(this.bench.status(claimed.get(4).job())).isEqualTo(JobStatus.STARTED);
		assertThat(attemptsBesideOthers()).isLessThan(MORE / 2);
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(attemptsBesideOthers()).isBetween(1L, MORE / 2L);
		assertThat(this.counted).hasSize(JOBS - 1 + 2 * MORE).doesNotContain(false);
		allowAll();
		this.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(this.writer.run()).isZero();
		assertThat(claimed).extracting((run) -> this.bench.status(run.job())).containsOnly(JobStatus.FINISHED);
		assertThat(this.writer.awaitWritten(Duration.ZERO)).isTrue();
	}

	/**
	 * How often one is tried while others are recorded, which ends a connection each
	 * time. All the while the writer tells that something is wrong.
	 */
	private long attemptsBesideOthers() throws InterruptedException {
		long before = connections();
		for (int i = 0; i < MORE; i++) {
			end(claim(1).get(0), 10);
			assertThat(failsToWrite()).isTrue();
		}
		return connections() - before;
	}

	private long connections() {
		return this.bench.redis((redis) -> {
			Properties info = redis.serverCommands().info("stats");
			assertThat(info).isNotNull();
			return Long.valueOf(info.getProperty("total_connections_received"));
		});
	}

	private boolean failsToWrite() throws InterruptedException {
		try {
			this.writer.run();
			return false;
		}
		catch (DataAccessException | PartialFailureException ex) {
			// the loop goes on after a pause
			return true;
		}
	}

	@Test
	void largeResultsAreRecordedInSeveralCalls() throws InterruptedException {
		allowAll();
		List<ActiveRun> claimed = claim(4);
		end(claimed.get(0), 10);
		this.writer.run();
		claimed.stream().skip(1).forEach((run) -> end(run, NINE_MEGABYTES));
		this.bench.redis((redis) -> {
			redis.serverCommands().resetConfigStats();
			return "";
		});
		this.writer.run();
		assertThat(this.counted).containsExactly(true, true, true, true);
		String scripts = this.bench.redis((redis) -> {
			Properties info = redis.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			return info.getProperty("cmdstat_evalsha");
		});
		assertThat(scripts).startsWith("calls=3,");
	}

}
