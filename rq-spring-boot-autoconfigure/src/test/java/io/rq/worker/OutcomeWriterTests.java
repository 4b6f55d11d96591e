package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobListener;
import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.lifecycle.Listeners;
import io.rq.redis.Outcome;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.test.RedisTest;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the round of the {@link OutcomeWriter}.
 */
@RedisTest
@Timeout(60)
class OutcomeWriterTests {

	private final WorkerOptions options = WorkerOptions.of("worker-1", "default");

	private final ActiveRuns runs = new ActiveRuns();

	private final List<String> lost = new ArrayList<>();

	private final List<Boolean> counted = new ArrayList<>();

	private final WorkerBench bench;

	private final WorkerStores stores;

	private final OutcomeRules rules;

	private final OutcomeWriter writer;

	OutcomeWriterTests(RedisConnectionFactory connections) {
		this.bench = new WorkerBench(connections);
		this.stores = this.bench.stores(this.options);
		this.rules = new OutcomeRules(new JacksonJobSerializer(JsonMapper.builder().build()), this.options.defaults(),
				this.stores.time());
		this.writer = new OutcomeWriter(this.stores.executions(), this.runs, new Listeners<>(List.of(new JobListener() {
			@Override
			public void leaseLost(String queue, String jobId) {
				OutcomeWriterTests.this.lost.add(jobId);
			}
		})), this.stores.time());
	}

	/** Enqueues and claims jobs that have a retry left. */
	private List<ActiveRun> claim(int count) {
		return this.bench.claim(this.stores, this.runs, JobRequest.of("fine").retry(Retry.max(1)), count);
	}

	private Outcome success(ActiveRun run) {
		return this.rules.returned(run, HandlerRules.NONE, new ReturnedValue("fine", Object.class, "done"));
	}

	private void loseLeases() {
		this.bench.<@Nullable Long>redis(
				(redis) -> redis.keyCommands().del(key("rq:wip:default").getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void oneRoundRecordsAllThatHasGathered() throws InterruptedException {
		List<ActiveRun> claimed = claim(3);
		this.writer.add(success(claimed.get(0)), this.counted::add);
		this.writer.add(
				this.rules.failed(claimed.get(1), HandlerRules.NONE, Decision.RETRY, new IllegalStateException("no")),
				this.counted::add);
		this.writer.giveBack(claimed.get(2).execution(), this.counted::add);
		assertThat(this.writer.pending()).isEqualTo(3);
		assertThat(this.writer.run()).isZero();
		assertThat(claimed).extracting((run) -> this.bench.status(run.job()))
			.containsExactly(JobStatus.FINISHED, JobStatus.QUEUED, JobStatus.QUEUED);
		assertThat(this.bench.jobs().results(claimed.get(2).job().id())).isEmpty();
		assertThat(this.counted).containsExactly(true, true, true);
		assertThat(this.writer.pending()).isZero();
		assertThat(this.runs.isEmpty()).isTrue();
	}

	@Test
	void anOutcomeWhoseLeaseIsLostDoesNotCount() throws InterruptedException {
		ActiveRun run = claim(1).get(0);
		loseLeases();
		this.writer.add(success(run), this.counted::add);
		this.writer.run();
		assertThat(this.counted).containsExactly(false);
		assertThat(this.lost).containsExactly(run.job().id());
		assertThat(this.bench.status(run.job())).isEqualTo(JobStatus.STARTED);
		assertThat(this.runs.isEmpty()).isTrue();
	}

	@Test
	void whoHearsOfAnOutcomeMayThrow() throws InterruptedException {
		List<ActiveRun> claimed = claim(2);
		this.writer.add(success(claimed.get(0)), (counts) -> {
			throw new AssertionError("no");
		});
		this.writer.add(success(claimed.get(1)), this.counted::add);
		this.writer.run();
		assertThat(this.counted).containsExactly(true);
		assertThat(this.writer.pending()).isZero();
	}

	@Test
	void theWaitEndsWhenAllIsRecorded() throws InterruptedException {
		ActiveRun run = claim(1).get(0);
		this.writer.add(success(run));
		assertThat(this.writer.awaitWritten(Duration.ofMillis(1))).isFalse();
		this.writer.run();
		assertThat(this.writer.awaitWritten(Duration.ZERO)).isTrue();
	}

	@Test
	void aJobThatComesBackWhenNobodyWritesInGroupsIsGivenBackAtOnce() {
		ActiveRun run = claim(1).get(0);
		this.writer.endGathering();
		this.writer.giveBack(List.of(run.execution()));
		assertThat(this.bench.status(run.job())).isEqualTo(JobStatus.QUEUED);
		assertThat(this.writer.pending()).isZero();
	}

}
