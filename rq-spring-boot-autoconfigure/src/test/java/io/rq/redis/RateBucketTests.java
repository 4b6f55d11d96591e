package io.rq.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.queue.RateLimitSnapshot;
import io.rq.redis.SchedulerStore.SchedulerIdentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for rate limits that are token buckets.
 */
class RateBucketTests extends AbstractStoreTests {

	private static final SchedulerIdentity SCHEDULER = new SchedulerIdentity("one", "host-1", 42, NOW);

	private static final String LIMIT = "rq:rl:buckets:api";

	/** Six jobs a minute, one each ten seconds. */
	private static NewJob bucket(int burst, String id) {
		return RateWindowTests.limited(RateLimit.key("api").limit(6, Duration.ofMinutes(1)).burst(burst), job(id));
	}

	private Set<String> holders() {
		return this.redis.state().zset(LIMIT + ":allowed").keySet();
	}

	private List<String> waiters() {
		Set<String> waiting = this.template.opsForZSet().range(LIMIT + ":rate_limited", 0, -1);
		return (waiting != null) ? List.copyOf(waiting) : List.of();
	}

	private double spent() {
		return Double.parseDouble(this.redis.state().hash(LIMIT).get("spent"));
	}

	/** When the limit is looked at again. */
	private double tick() {
		Map<String, Double> scheduled = this.redis.state().zset("rq:scheduled:default");
		assertThat(scheduled).hasSize(1);
		return scheduled.values().iterator().next();
	}

	private void promote() {
		this.schedulers.lead(SCHEDULER, List.of("default"), Duration.ofSeconds(30), null);
		SchedulerStore.Promotion promotion = this.schedulers.promote("default", SCHEDULER, 100);
		assertThat(promotion).isNotNull();
		assertThat(promotion.missing()).isEmpty();
	}

	/** Lets the last start and the next look lie so many seconds further back. */
	private void age(double seconds) {
		hash(LIMIT, "spent_at",
				Double.toString(Double.parseDouble(this.redis.state().hash(LIMIT).get("spent_at")) - seconds));
		if (this.redis.state().keys().containsKey("rq:scheduled:default")) {
			this.redis.state()
				.zset("rq:scheduled:default")
				.forEach((entry, score) -> zadd("rq:scheduled:default", score - seconds, entry));
		}
	}

	@Test
	void someGoAtOnceAndTheOthersAsPlacesCome() {
		List<Job> stored = enqueue(bucket(2, "a"), bucket(2, "b"), bucket(2, "c"), bucket(2, "d"), bucket(2, "e"));
		assertThat(stored).extracting(Job::status)
			.containsExactly(JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.RATE_LIMITED, JobStatus.RATE_LIMITED,
					JobStatus.RATE_LIMITED);
		assertThat(this.redis.state().hash("rq:job:c")).containsEntry("rate_limit_key", "bucket:6:60000:2:api")
			.doesNotContainKey("rate_limit_concurrency");
		assertThat(this.jobs.find("c").orElseThrow().rateLimit())
			.isEqualTo(RateLimit.key("api").limit(6, Duration.ofMinutes(1)).burst(2));
		assertThat(this.redis.state().hash(LIMIT))
			.isEqualTo(Map.of("concurrency", "6", "window", "60000", "burst", "2"));
		assertThat(this.template.opsForSet().members("rq:rate-windows")).containsExactly("buckets:api");
		List<Execution> runs = claim(5);
		assertThat(runs).extracting(Execution::jobId).containsExactly("a", "b");
		assertThat(tick() - now()).isBetween(8.0, 10.1);
		assertThat(this.redis.state().keys()).doesNotContainKeys(LIMIT + ":allowed", "rq:executions:a");
		assertThat(this.queues.rateLimits(10))
			.containsExactly(new RateLimitSnapshot("api", 6, Duration.ofMinutes(1), 2L, 2, 3));
		this.executions.finish(runs.stream().map((run) -> success(run, 500)).toList());
		promote();
		assertThat(list("rq:queue:default")).isEmpty();
		age(10);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("c");
		claim(1);
		age(600);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("d", "e");
	}

	@Test
	void schedulerThatLetsThemGoWakesNobody() throws Exception {
		enqueue(bucket(2, "a"), bucket(2, "b"), bucket(2, "c"), bucket(2, "d"));
		claim(2);
		promote();
		age(10);
		BlockingQueue<String> woken = new LinkedBlockingQueue<>();
		try (Subscription subscription = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()))
			.subscribe(woken::add)) {
			assertThat(subscription).isNotNull();
			promote();
			assertThat(list("rq:queue:default")).containsExactly("c");
			assertThat(tick()).isGreaterThan(now());
			this.template.convertAndSend("rq:scheduler-wake", "end");
			assertThat(woken.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
		}
	}

	@Test
	void placesThatJobsHaveNotTakenYetAreNotGivenTwice() {
		enqueue(bucket(2, "a"), bucket(2, "b"), bucket(2, "c"), bucket(2, "d"));
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		claim(1);
		age(600);
		promote();
		assertThat(list("rq:queue:default")).containsExactly("b", "c");
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b", "c");
		assertThat(spent()).isEqualTo(2, within(0.2));
		assertThat(waiters()).containsExactly("d");
	}

	@Test
	void maintenanceLetsThemGoAndForgetsABucketThatIsFull() {
		enqueue(bucket(1, "a"), bucket(1, "b"));
		claim(1);
		age(11);
		this.maintenance.freeSlots("default");
		assertThat(list("rq:queue:default")).containsExactly("b");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:scheduled:default");
		claim(1);
		this.maintenance.freeSlots("default");
		assertThat(this.redis.state().keys()).containsKeys(LIMIT, "rq:rate-windows");
		age(11);
		this.maintenance.freeSlots("default");
		assertThat(this.redis.state().keys()).doesNotContainKeys(LIMIT, LIMIT + ":allowed", "rq:rate-windows");
	}

	@Test
	void startThatIsTakenBackKeepsItsPlaceInTheOrder() {
		enqueue(bucket(2, "a"), bucket(2, "b"), bucket(2, "c"));
		this.executions.release(claim(2));
		assertThat(list("rq:queue:default")).containsExactly("a", "b");
		assertThat(holders()).containsExactly("a", "b");
		assertThat(claim(2)).isEmpty();
		assertThat(waiters()).containsExactly("a", "b", "c");
		age(10.5);
		promote();
		assertThat(claim(2)).extracting(Execution::jobId).containsExactly("a");
	}

	@Test
	void retryAtOnceAndAReclaimedJobAreStartsToo() {
		enqueue(bucket(1, "a"), bucket(1, "b"));
		this.executions.retry(List.of(retry(claim(1).get(0), 0, false, null, null)));
		assertThat(waiters()).containsExactly("b", "a");
		age(11);
		promote();
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
		expireLeases("default");
		steadily(() -> this.maintenance.reclaim("default", 3, 500, null));
		assertThat(waiters()).containsExactly("a", "b");
	}

	@Test
	void jobsThatComeToTheirQueueOtherwiseLineUpOrCount() {
		enqueue(bucket(1, "a"));
		claim(1);
		python("b", "rate_limit_key", "bucket:6:60000:1:api");
		push("default", "b");
		assertThat(this.executions.claim(List.of("default"), 5, false).dropped())
			.containsExactly(new Claims.Dropped("b", "its rate limit lets it wait"));
		promote();
		assertThat(waiters()).containsExactly("b");
		age(11);
		promote();
		hash("rq:job:b", "status", "started");
		this.template.delete("rq:queue:default");
		this.maintenance.freeSlots("default");
		assertThat(spent()).isEqualTo(1, within(0.2));
		assertThat(this.redis.state().keys()).doesNotContainKey(LIMIT + ":allowed");
	}

	@Test
	void theLastJobDecidesHowLargeAndHowFastItIs() {
		enqueue(bucket(3, "a"), bucket(3, "b"), bucket(3, "c"));
		enqueue(RateWindowTests.limited(RateLimit.key("api").limit(60, Duration.ofMinutes(1)).burst(1), job("d")));
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("a");
		assertThat(waiters()).containsExactly("b", "c", "d");
		age(1.1);
		promote();
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("b");
		this.control.cancel("c", false);
		assertThat(waiters()).containsExactly("d");
	}

	@ParameterizedTest
	@CsvSource({ LIMIT, LIMIT + ":allowed", LIMIT + ":rate_limited", "rq:rate-windows", "rq:scheduled:default" })
	void keyOfAnotherTypeLosesNoJob(String key) {
		enqueue(bucket(2, "a"), bucket(2, "b"), bucket(2, "c"));
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
	void neverDoMoreStartThanThereWereAndHaveComeSince() throws Exception {
		int burst = 5;
		int rate = 20;
		int jobs = 40;
		RateLimit limit = RateLimit.key("api").limit(rate, Duration.ofSeconds(1)).burst(burst);
		List<Start> starts = Collections.synchronizedList(new ArrayList<>());
		Set<String> done = ConcurrentHashMap.newKeySet();
		this.jobs.enqueue(IntStream.range(0, jobs)
			.mapToObj((i) -> RateWindowTests.limited(limit, job(String.format("j%03d", i))))
			.toList());
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			ExecutionStore store = executions("w" + i);
			Random random = new Random(i);
			tasks.add(Executors.callable(() -> {
				while (done.size() < jobs) {
					long before = System.nanoTime();
					List<Execution> runs = claim(store, 2);
					Start start = new Start(before / 1e9, System.nanoTime() / 1e9);
					runs.forEach((run) -> {
						starts.add(start);
						end(store, run, random, done);
					});
				}
			}, null));
		}
		tasks.add(Executors.callable(() -> {
			while (done.size() < jobs) {
				promote();
			}
		}, null));
		all(tasks);
		assertThat(starts).hasSizeGreaterThanOrEqualTo(jobs);
		for (Start from : starts) {
			for (Start to : starts) {
				long within = starts.stream().filter((start) -> start.isWithin(from, to)).count();
				assertThat((double) within).as("from %s to %s", from, to)
					.isLessThanOrEqualTo(burst + rate * Math.max(0, to.after() - from.before()) + 0.001);
			}
		}
		assertThat(new TreeSet<>(done)).hasSize(jobs);
		assertThat(waiters()).isEmpty();
	}

	private static void end(ExecutionStore store, Execution run, Random random, Set<String> done) {
		if (random.nextInt(6) == 0) {
			store.retry(List.of(retry(run, 0, false, null, null)));
		}
		else {
			store.finish(List.of(success(run, random.nextBoolean() ? 500 : 0)));
			done.add(run.jobId());
		}
	}

	/** When a job was taken, in seconds: after the one and before the other. */
	private record Start(double before, double after) {

		boolean isWithin(Start from, Start to) {
			return this.before >= from.before && this.after <= to.after;
		}

	}

	@Test
	void placesComeAfterTheClockWasSetBack() {
		enqueue(bucket(1, "a"), bucket(1, "b"));
		claim(1);
		hash(LIMIT, "spent_at", "" + (now() + 3600));
		this.maintenance.freeSlots("default");
		assertThat(spent()).isEqualTo(1);
		assertThat(Double.parseDouble(this.redis.state().hash(LIMIT).get("spent_at"))).isLessThanOrEqualTo(now() + 1);
		assertThat(tick()).isBetween(now(), now() + 11);
	}

}
