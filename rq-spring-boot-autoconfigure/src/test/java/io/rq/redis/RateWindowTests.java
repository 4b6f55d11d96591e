package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.queue.RateLimitSnapshot;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for rate limits by time.
 */
class RateWindowTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private static final String LIMIT = "rq:rl:windows:api";

	static NewJob limited(int jobs, Duration window, NewJob job) {
		return limited(RateLimit.key("api").limit(jobs, window), job);
	}

	static NewJob limited(RateLimit limit, NewJob job) {
		Job old = job.job();
		JobOptions options = old.options().withLinks(old.options().links().withRateLimit(limit));
		return new NewJob(new Job(old.id(), old.queue(), old.status(), options, old.times(), old.run(), old.payload()),
				job.atFront(), job.idGiven(), job.unique(), job.due());
	}

	private static NewJob minutely(int jobs, NewJob job) {
		return limited(jobs, Duration.ofMinutes(1), job);
	}

	private Set<String> holders() {
		return this.redis.state().zset(LIMIT + ":allowed").keySet();
	}

	private List<String> waiters() {
		Set<String> waiting = this.template.opsForZSet().range(LIMIT + ":rate_limited", 0, -1);
		return (waiting != null) ? List.copyOf(waiting) : List.of();
	}

	/** The entries that have the limit looked at again. */
	private List<String> ticks() {
		return Stream.of("default", "high")
			.map((queue) -> "rq:scheduled:" + queue)
			.filter((key) -> this.redis.state().keys().containsKey(key))
			.filter((key) -> this.redis.state()
				.zset(key)
				.containsKey("rate-window-" + HexFormat.of().formatHex(bytes("windows:api"))))
			.toList();
	}

	private double tick() {
		assertThat(ticks()).containsExactly("rq:scheduled:default");
		return this.redis.state().zset("rq:scheduled:default").values().iterator().next();
	}

	private void promote() {
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		SchedulerStore.Promotion promotion = this.schedulers.promote("default", SCHEDULER, 100);
		assertThat(promotion).isNotNull();
		assertThat(promotion.missing()).isEmpty();
	}

	/** Lets the starts of the last jobs lie so many seconds further back. */
	private void age(double seconds) {
		this.redis.state().zset(LIMIT + ":allowed").forEach((member, score) -> {
			if (!score.isInfinite()) {
				zadd(LIMIT + ":allowed", score - seconds, member);
			}
		});
		for (String queue : ticks()) {
			this.redis.state().zset(queue).forEach((entry, score) -> zadd(queue, score - seconds, entry));
		}
	}

	@Test
	void jobsAboveTheLimitWaitAndAreLetGoWhenStartsAreNoLongerInTheWindow() {
		List<Job> stored = enqueue(minutely(2, job("a")), minutely(2, job("b")), minutely(2, job("c")),
				minutely(2, job("d")), minutely(2, job("e")));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.RATE_LIMITED, JobStatus.RATE_LIMITED,
					JobStatus.RATE_LIMITED);
		assertThat(this.redis.state().hash("rq:job:c")).containsEntry("rate_limit_key", "window:2:60000:api")
			.doesNotContainKey("rate_limit_concurrency");
		assertThat(this.jobs.find("c").orElseThrow().rateLimit())
			.isEqualTo(RateLimit.key("api").limit(2, Duration.ofMinutes(1)));
		assertThat(this.redis.state().hash(LIMIT)).isEqualTo(Map.of("concurrency", "2", "window", "60000"));
		List<Execution> runs = claim(5);
		assertThat(runs).extracting(Execution::jobId).containsExactly("a", "b");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:executions:a");
		this.executions.finish(runs.stream().map((run) -> success(run, 500)).toList());
		assertThat(holders()).hasSize(2);
		assertThat(list("rq:queue:default")).isEmpty();
		assertThat(tick() - now()).isBetween(55.0, 61.0);
		assertThat(this.queues.rateLimits(10))
			.containsExactly(new RateLimitSnapshot("api", 2, Duration.ofMinutes(1), null, 2, 3));
		promote();
		assertThat(list("rq:queue:default")).isEmpty();
		age(61);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("c", "d");
		assertThat(waiters()).containsExactly("e");
		this.executions.finish(claim(5).stream().map((run) -> failure(run, 500)).toList());
		age(61);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("e");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
	}

	@Test
	void maintenanceLetsThemGoWhereNobodySchedules() {
		enqueue(minutely(1, job("a")), minutely(1, job("b")));
		claim(1);
		age(61);
		assertThat(ticks()).hasSize(1);
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(ticks()).isEmpty();
		claim(1);
		age(61);
		this.maintenance.freeSlots("default");
		assertThat(this.redis.state().keys()).doesNotContainKeys(LIMIT, LIMIT + ":allowed", "rq:rate-windows");
	}

	@Test
	void oneQueueAtATimeHasTheLimitLookedAt() {
		enqueue(minutely(1, job("a")), minutely(1, on("high", job("b"))), minutely(1, job("c")));
		claim(1);
		assertThat(ticks()).containsExactly("rq:scheduled:default");
		this.maintenance.freeSlots("default");
		assertThat(ticks()).containsExactly("rq:scheduled:high");
		this.control.cancel("b", false);
		assertThat(ticks()).containsExactly("rq:scheduled:default");
		double due = tick();
		this.maintenance.freeSlots("default");
		assertThat(tick()).isEqualTo(due);
		this.control.delete("c", false);
		assertThat(ticks()).isEmpty();
	}

	@Test
	void retryAtOnceAndAReclaimedJobAreStartsToo() {
		enqueue(minutely(1, job("a")), minutely(1, job("b")));
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, null)));
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		assertThat(waiters()).containsExactly("b", "a");
		age(61);
		promote();
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		assertThat(field("b", "status")).isEqualTo("rate_limited");
		assertThat(waiters()).containsExactly("a", "b");
		assertThat(field("b", "reclaims")).isEqualTo("1");
	}

	@Test
	void whatDidNotBeginDoesNotCount() {
		enqueue(minutely(1, job("a")), minutely(1, job("b")));
		this.executions.release(claim(1));
		assertThat(holders()).containsExactly("a");
		assertThat(list("rq:queue:default")).containsExactly("a");
		this.control.cancel("a", false);
		assertThat(list("rq:queue:default")).containsExactly("b");
		this.control.delete("b", false);
		assertThat(holders()).isEmpty();
		enqueue(minutely(1, job("c")));
		this.executions.finish(List.of(success(claim(1).get(0), 0)));
		enqueue(minutely(1, job("d")));
		assertThat(waiters()).containsExactly("d");
	}

	@Test
	void aRunThatTheStopOfItsWorkerHasInterruptedCounts() {
		enqueue(minutely(1, job("a")), minutely(1, job("b")));
		assertThat(this.executions.releaseBegun(claim(1))).isEmpty();
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		assertThat(waiters()).containsExactly("b", "a");
		assertThat(claim(5)).isEmpty();
		age(61);
		promote();
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
		enqueue(job("c"));
		assertThat(this.executions.releaseBegun(claim(1))).isEmpty();
		assertThat(list("rq:queue:default")).containsExactly("c");
	}

	@Test
	void aRunThatCanBePutNowhereKeepsItsLease() {
		enqueue(minutely(1, job("a")));
		List<Execution> runs = claim(1);
		for (String key : List.of("rq:queue:default", LIMIT)) {
			this.template.delete(key);
			this.template.opsForValue().set(key, "of another type");
		}
		this.executions.releaseBegun(runs);
		assertThat(field("a", "status")).isEqualTo("started");
		assertThat(this.redis.state().zset("rq:wip:default")).hasSize(1);
	}

	@Test
	void jobThatComesToItsQueueOtherwiseLinesUp() {
		enqueue(minutely(1, job("a")));
		claim(1);
		python("b", "rate_limit_key", "window:1:60000:api");
		push("default", "b");
		assertThat(this.executions.claim(List.of("default"), 5, false).dropped())
			.containsExactly(new Claims.Dropped("b", "its rate limit lets it wait"));
		assertThat(field("b", "status")).isEqualTo("rate_limited");
		promote();
		assertThat(waiters()).containsExactly("b");
		age(61);
		promote();
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
	}

	@Test
	void jobThatAWorkerWithoutLimitsHasStartedIsAStart() {
		enqueue(minutely(1, job("a")), minutely(1, job("b")));
		hash("rq:job:a", "status", "started");
		this.template.delete("rq:queue:default");
		this.maintenance.freeSlots("default");
		assertThat(holders()).containsExactly("a:");
		assertThat(list("rq:queue:default")).isEmpty();
		age(61);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("b");
	}

	@Test
	void limitsThatAreDueTogetherAreFilledInParts() {
		RateLimit other = RateLimit.key("other").limit(30, Duration.ofMinutes(1));
		for (int i = 0; i < 60; i++) {
			enqueue(minutely(30, job("a-" + i)), limited(other, job("b-" + i)));
		}
		String list = "rq:queue:default";
		assertThat(list(list)).hasSize(60);
		claim(60);
		for (String name : List.of("windows:api", "windows:other")) {
			this.redis.state()
				.zset("rq:rl:" + name + ":allowed")
				.forEach((member, score) -> zadd("rq:rl:" + name + ":allowed", score - 61, member));
		}
		this.redis.state()
			.zset("rq:scheduled:default")
			.forEach((entry, score) -> zadd("rq:scheduled:default", score - 61, entry));
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		SchedulerStore.Promotion first = this.schedulers.promote("default", SCHEDULER, 20);
		assertThat(first).extracting(SchedulerStore.Promotion::untilNext).isEqualTo(Duration.ZERO);
		assertThat(list(list)).hasSize(30);
		this.schedulers.promote("default", SCHEDULER, 20);
		assertThat(list(list)).hasSize(60);
	}

	@ParameterizedTest
	@CsvSource({ LIMIT, LIMIT + ":allowed", LIMIT + ":rate_limited", "rq:rate-windows", "rq:scheduled:default" })
	void keyOfAnotherTypeLosesNoJob(String key) {
		enqueue(minutely(2, job("a")), minutely(2, job("b")), minutely(2, job("c")));
		this.template.delete(key);
		this.template.opsForValue().set(key, "of another type");
		List<Execution> runs = claim(2);
		assertThat(runs).hasSize(2);
		assertThat(this.executions.retry(List.of(retry(runs.get(0), 0, false, null, null)))).isEmpty();
		assertThat(this.executions.finish(List.of(success(runs.get(1), 500)))).isEmpty();
		assertThat(field("a", "status")).isIn("queued", "rate_limited");
		assertThat(field("b", "status")).isEqualTo("finished");
	}

	@Test
	void neverDoMoreStartInAnyWindow() throws Exception {
		int most = 7;
		int jobs = 4 * most;
		Duration window = Duration.ofSeconds(1);
		List<Double> starts = Collections.synchronizedList(new ArrayList<>());
		Set<String> done = ConcurrentHashMap.newKeySet();
		this.jobs.enqueue(IntStream.range(0, jobs)
			.mapToObj((i) -> limited(most, window, job(String.format("j%03d", i))))
			.toList());
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			ExecutionStore store = executions("w" + i);
			Random random = new Random(i);
			tasks.add(Executors.callable(() -> {
				while (done.size() < jobs) {
					claim(store, 2).forEach((run) -> end(store, run, random, starts, done));
				}
			}, null));
		}
		tasks.add(Executors.callable(() -> {
			while (done.size() < jobs) {
				promote();
			}
		}, null));
		all(tasks);
		List<Double> sorted = starts.stream().sorted().toList();
		assertThat(sorted).hasSizeGreaterThanOrEqualTo(jobs);
		for (int i = most; i < sorted.size(); i++) {
			assertThat(sorted.get(i) - sorted.get(i - most)).as("start " + i).isGreaterThan(1.0);
		}
		assertThat(new TreeSet<>(done)).hasSize(jobs);
		assertThat(waiters()).isEmpty();
	}

	/** The start by the clock of Redis is noted in the limit. */
	private void end(ExecutionStore store, Execution run, Random random, List<Double> starts, Set<String> done) {
		Double start = this.template.opsForZSet().score(LIMIT + ":allowed", run.jobId() + ":" + run.id());
		starts.add((start != null) ? start : Double.NaN);
		if (random.nextInt(6) == 0) {
			store.retry(List.of(retry(run, 0, false, null, null)));
		}
		else {
			store.finish(List.of(success(run, random.nextBoolean() ? 500 : 0)));
			done.add(run.jobId());
		}
	}

	@Test
	void theNextIsLetGoAsSoonAsTheWindowIsOver() {
		enqueue(limited(1, Duration.ofSeconds(1), job("a")), limited(1, Duration.ofSeconds(1), job("b")));
		claim(1);
		double start = this.redis.state().zset(LIMIT + ":allowed").values().iterator().next();
		await().until(() -> {
			promote();
			return !list("rq:queue:default").isEmpty();
		});
		assertThat(now() - start).isGreaterThan(1.0);
		assertThat(claim(1)).extracting(Execution::jobId).containsExactly("b");
	}

}
