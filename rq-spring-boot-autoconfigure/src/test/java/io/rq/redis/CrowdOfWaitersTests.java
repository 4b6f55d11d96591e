package io.rq.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.NewJob;
import io.rq.lifecycle.Listeners;
import io.rq.log.SafeLog;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What 10,000 callers cost that wait for results, and when they are told. It logs what
 * docs/performance.md shows; how long things take is held loosely, because other programs
 * may use the machine.
 */
@Tag("long")
class CrowdOfWaitersTests extends AbstractStoreTests {

	private static final SafeLog log = SafeLog.of(CrowdOfWaitersTests.class);

	private static final int WAITERS = 10_000;

	private static final int SECONDS = 8;

	private final RedisConnectionFactory given = this.redis.newConnectionFactory();

	private final RedisConnectionFactory own = OwnConnections.like(this.given, Use.engine(Duration.ofSeconds(10)),
			Listeners.none());

	private final AwaitedResults results = new AwaitedResults(
			() -> new RedisScripts((this.own != null) ? this.own : this.given), () -> Duration.ofSeconds(2));

	private final Random random = new Random(7);

	private final Queue<Execution> runs = new ArrayDeque<>();

	private final List<Execution> waitedFor = new ArrayList<>();

	private final Map<String, Long> ends = new ConcurrentHashMap<>();

	private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();

	CrowdOfWaitersTests() {
		super(TestRedis.start());
	}

	@AfterEach
	void close() {
		this.results.close();
		if (this.own != null) {
			RedisClients.close(this.own);
		}
		RedisClients.close(this.given);
		this.redis.close();
	}

	@Test
	void tenThousandAreToldSoonAndCostRedisLittle() throws Exception {
		prepare(WAITERS + SECONDS * (100 + 1_000));
		join(WAITERS);
		await().atMost(Duration.ofMinutes(1)).until(() -> this.results.reading() == 10);
		work(0);
		work(100);
		work(1_000);
		assertThat(this.results.size()).isEqualTo(WAITERS);
	}

	/** So many jobs end each second, and as many others are waited for instead. */
	private void work(int rate) throws Exception {
		this.latencies.clear();
		long reads = reads();
		double cpu = cpu();
		long start = System.nanoTime();
		int ended = 0;
		for (int tick = 1; tick <= SECONDS * 100; tick++) {
			int due = rate * tick / 100 - ended;
			if (due > 0) {
				end(due);
				join(due);
				ended += due;
			}
			TimeUnit.NANOSECONDS.sleep(start + TimeUnit.MILLISECONDS.toNanos(10L * tick) - System.nanoTime());
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		double share = (cpu() - cpu) / seconds;
		double perWait = (reads() - reads) / seconds / 10;
		int all = ended;
		await().atMost(Duration.ofSeconds(20)).until(() -> this.latencies.size() == all);
		long[] sorted = this.latencies.stream().mapToLong(Long::longValue).sorted().toArray();
		log.info("{} results a second: Redis' CPU {} %, {} waits a second on each of 10 connections, told after {} ms",
				rate, Math.round(share * 1000) / 10.0, Math.round(perWait * 10) / 10.0,
				IntStream.of(50, 99, 100).mapToObj((percent) -> percentile(sorted, percent)).toList());
		assertThat(perWait).isLessThan(15);
		assertThat(percentile(sorted, 99)).isLessThan(2_000);
	}

	private static double percentile(long[] sorted, int percent) {
		return (sorted.length > 0) ? sorted[(sorted.length - 1) * percent / 100] / 100_000 / 10.0 : 0;
	}

	private void prepare(int jobs) {
		for (int i = 0; i < jobs; i += 100) {
			enqueue(IntStream.range(i, i + 100).mapToObj((n) -> job("job-" + n)).toArray(NewJob[]::new));
			this.runs.addAll(claim(100));
		}
	}

	private void join(int callers) {
		for (int i = 0; i < callers; i++) {
			Execution run = this.runs.remove();
			this.waitedFor.add(run);
			this.results.await(run.jobId()).thenRun(() -> told(run.jobId()));
		}
	}

	private void told(String id) {
		this.latencies.add(System.nanoTime() - this.ends.get(id));
	}

	/** Ends some of the jobs, of all waits. */
	private void end(int jobs) {
		List<Outcome.Finished> outcomes = new ArrayList<>();
		for (int i = 0; i < jobs; i++) {
			int chosen = this.random.nextInt(this.waitedFor.size());
			Execution run = this.waitedFor.get(chosen);
			this.waitedFor.set(chosen, this.waitedFor.get(this.waitedFor.size() - 1));
			this.waitedFor.remove(this.waitedFor.size() - 1);
			outcomes.add(success(run, 500));
		}
		long now = System.nanoTime();
		outcomes.forEach((outcome) -> this.ends.put(outcome.execution().jobId(), now));
		this.executions.finish(outcomes);
	}

	private double cpu() {
		Properties cpu = info("cpu");
		return Double.parseDouble(cpu.getProperty("used_cpu_sys"))
				+ Double.parseDouble(cpu.getProperty("used_cpu_user"));
	}

	private long reads() {
		String reads = info("commandstats").getProperty("cmdstat_xread", "calls=0,");
		return Long.parseLong(reads.replaceAll("calls=(\\d+),.*", "$1"));
	}

	private Properties info(String section) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties info = connection.serverCommands().info(section);
			assertThat(info).isNotNull();
			return info;
		}
	}

}
