package io.rq.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.job.NewJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the enqueueing of jobs with chosen ids when many jobs wait: neither may it
 * take longer, nor may a job run twice or never.
 */
class LongQueueTests extends AbstractStoreTests {

	private static final int LONG = 1_000_000;

	private static final int SHORT = 1_000;

	private static final int BATCH = 1_000;

	private static final String CHUNK = "for i = 1, 1000 do redis.call('RPUSH', KEYS[1], 'filler-' .. ARGV[1] .. '-' .. i) end";

	private void fill(int size) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			for (int i = 0; i < size / 1000; i++) {
				connection.scriptingCommands()
					.eval(bytes(CHUNK), ReturnType.STATUS, 1, bytes("rq:queue:default"), bytes("" + i));
			}
		}
	}

	private static List<NewJob> batch(UnaryOperator<NewJob> change) {
		return IntStream.range(0, BATCH).mapToObj((i) -> change.apply(given(job("job-" + i)))).toList();
	}

	/** Microseconds that Redis spends in scripts during a call. */
	private long cost(Runnable call) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.serverCommands().resetConfigStats();
			call.run();
			Properties info = connection.serverCommands().info("commandstats");
			assertThat(info).isNotNull();
			return Long.parseLong(info.getProperty("cmdstat_evalsha").replaceAll(".*usec=(\\d+),.*", "$1"));
		}
	}

	/** The median cost of replacing a batch that waits behind so many others. */
	private long medianCost(int before, UnaryOperator<NewJob> change) {
		List<Long> costs = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			this.redis.flush();
			fill(before);
			this.jobs.enqueue(batch((job) -> job));
			fill(SHORT);
			costs.add(cost(() -> this.jobs.enqueue(batch(change))));
		}
		return costs.stream().sorted().toList().get(1);
	}

	/**
	 * What searched the list would take hundreds of times as long; up to twice the time
	 * was seen on a loaded machine.
	 */
	@Test
	void replacingJobsCostsNoMoreWhenAMillionWait() {
		this.jobs.enqueue(batch((job) -> job));
		assertThat(medianCost(LONG, (job) -> job)).as("again").isLessThan(4 * medianCost(SHORT, (job) -> job));
		assertThat(medianCost(LONG, (job) -> in(job, 60))).as("later")
			.isLessThan(4 * medianCost(SHORT, (job) -> in(job, 60)));
	}

	@Test
	void replacedJobsKeepTheirPlaceAmongMany() {
		fill(2_000);
		this.jobs.enqueue(batch((job) -> job));
		fill(2_000);
		this.jobs.enqueue(batch((job) -> given(job(job.job().id(), PLAIN.withDescription("new")))));
		assertThat(this.jobs.count("default")).isEqualTo(5_000);
		List<String> ran = drain();
		assertThat(ran).containsExactlyElementsOf(IntStream.range(0, BATCH).mapToObj((i) -> "job-" + i).toList());
		assertThat(field("job-7", "description")).isEqualTo("new");
	}

	@Test
	void replacedJobWaitsAgainIfItsQueueWasLost() {
		enqueue(given(job("a")));
		this.template.delete("rq:queue:default");
		python("head", "enqueued_at", "2026-01-31T12:00:01.000000Z");
		push("default", "head");
		fill(2_000);
		enqueue(given(job("a")));
		assertThat(drain()).containsExactly("head", "a");
	}

	@Test
	void jobMovedOutOfTheMiddleOfManyRunsOnceAndOnlyWhereAndWhenItShould() {
		fill(2_000);
		enqueue(given(job("front")), given(job("later")), given(job("moved")), given(job("failing")));
		fill(2_000);
		enqueue(front(given(job("front"))), in(given(job("later")), 60), on("other", given(job("moved"))),
				front(given(job("failing"))));
		List<Execution> first = claim(1);
		assertThat(first).extracting(Execution::jobId).containsExactly("failing");
		this.executions.finish(List.of(failure(first.get(0), 500)));
		assertThat(drain()).containsExactly("front");
		assertThat(this.redis.state().zset("rq:scheduled:default")).containsOnlyKeys("later");
		assertThat(field("failing", "status")).isEqualTo("failed");
		assertThat(list("rq:queue:other")).containsExactly("moved");
		assertThat(this.executions.claim(List.of("other"), 10, false).claims()).hasSize(1);
	}

	@Test
	void jobMovedFromAnEndOfManyLeavesNothingBehind() {
		enqueue(given(job("first")));
		fill(2_000);
		enqueue(given(job("last")));
		enqueue(in(given(job("first")), 60), front(given(job("last"))));
		assertThat(this.jobs.count("default")).isEqualTo(2_001);
		assertThat(drain()).containsExactly("last");
		assertThat(this.redis.state().hash("rq:job:last")).doesNotContainKey("stray_id");
	}

	/** Takes all jobs, succeeds, and returns their ids in the order of the queue. */
	private List<String> drain() {
		List<String> ids = new ArrayList<>();
		Set<String> seen = new HashSet<>();
		while (this.jobs.count("default") > 0) {
			for (Execution execution : claim(500)) {
				ids.add(execution.jobId());
				assertThat(seen.add(execution.jobId())).isTrue();
				this.executions.finish(List.of(success(execution, 500)));
			}
		}
		return ids;
	}

}
