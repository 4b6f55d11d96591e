package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers that take short jobs early.
 */
@Timeout(120)
class ReadAheadWorkerTests extends AbstractWorkerTests {

	private static final int MANY = 2_000;

	private final CountDownLatch release = new CountDownLatch(1);

	private final Semaphore begun = new Semaphore(0);

	private final AtomicInteger runs = new AtomicInteger();

	ReadAheadWorkerTests(RedisConnectionFactory connections) {
		super(connections);
		this.bench.handle("short", (context, args) -> this.runs.incrementAndGet());
		this.bench.handle("long", (context, args) -> {
			this.begun.release();
			return this.release.await(1, TimeUnit.MINUTES);
		});
	}

	@AfterEach
	void letEnd() {
		this.release.countDown();
	}

	private List<Job> enqueue(String function, int count) {
		return this.bench.jobs().enqueueAll(Collections.nCopies(count, JobRequest.of(function)));
	}

	private List<String> waiting() {
		return this.bench.redis((redis) -> redis.listCommands().lRange(bytes(key("rq:queue:default")), 0, -1))
			.stream()
			.map((id) -> new String(id, StandardCharsets.UTF_8))
			.toList();
	}

	/** A worker with one place that takes jobs early when the long job comes. */
	private WorkerContainer lockedUp() {
		WorkerContainer worker = this.bench.worker("locked-up", (options) -> options.withConcurrency(1));
		enqueue("short", MANY);
		enqueue("long", 1);
		return worker;
	}

	@Test
	void jobsDoNotWaitBehindALongOneWhileAnotherWorkerIsIdle() throws Exception {
		lockedUp();
		List<Job> after = enqueue("short", MANY);
		assertThat(this.begun.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
		this.bench.worker("idle", (options) -> options);
		await().untilAsserted(() -> assertThat(this.runs).hasValue(2 * MANY));
		await().untilAsserted(() -> assertThat(after).extracting(this.bench::status).containsOnly(JobStatus.FINISHED));
		assertThat(after).extracting((job) -> this.bench.jobs().find(job.id()).orElseThrow().run())
			.as("neither retried nor reclaimed")
			.allSatisfy((run) -> assertThat(run.attempts() + run.reclaims()).isZero());
		this.release.countDown();
	}

	@Test
	void whatWasTakenEarlyIsQueuedAgainInItsOrderWhenALongJobHoldsItUp() throws Exception {
		lockedUp();
		List<Job> after = enqueue("short", MANY);
		assertThat(this.begun.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
		List<String> ids = after.stream().map(Job::id).toList();
		await().untilAsserted(() -> assertThat(waiting()).isEqualTo(ids));
		this.release.countDown();
		await().untilAsserted(() -> assertThat(this.runs).hasValue(2 * MANY));
	}

	@Test
	void jobsBeginInTheirOrderThoughSomeAreGivenBackInBetween() {
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		this.bench.handle("in-order", (context, args) -> {
			int place = (int) Objects.requireNonNull(args.get(0));
			order.add(place);
			if (place % 50 == 49) {
				Thread.sleep(30);
			}
			return place;
		});
		this.bench.jobs()
			.enqueueAll(IntStream.range(0, MANY).mapToObj((place) -> JobRequest.of("in-order", place)).toList());
		this.bench.worker("worker-1", (options) -> options.withConcurrency(1));
		await().untilAsserted(() -> assertThat(order).hasSize(MANY));
		assertThat(order).isSorted();
	}

	@Test
	void noMoreRunAtOnceThanMay() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.bench.handle("counted", (context, args) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			Thread.yield();
			running.decrementAndGet();
			return this.runs.incrementAndGet();
		});
		enqueue("counted", MANY);
		this.bench.worker("worker-1", (options) -> options.withConcurrency(3));
		await().untilAsserted(() -> assertThat(this.runs).hasValue(MANY));
		assertThat(most.get()).isBetween(1, 3);
	}

	@Test
	void aBurstTakesAllAndEnds() {
		List<Job> jobs = new ArrayList<>(enqueue("short", MANY));
		WorkerContainer worker = this.bench.worker("worker-1",
				(options) -> options.withConcurrency(2).withLimits(new WorkerOptions.Limits(true, 0)));
		await().until(() -> !worker.isRunning());
		assertThat(this.runs).hasValue(MANY);
		assertThat(jobs).extracting(this.bench::status).containsOnly(JobStatus.FINISHED);
	}

	@Test
	void aStopGivesBackWhatItHadTakenEarly() throws Exception {
		WorkerContainer worker = lockedUp();
		enqueue("short", MANY);
		assertThat(this.begun.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
		this.release.countDown();
		worker.stop();
		int done = this.runs.get();
		assertThat(waiting()).hasSize(2 * MANY - done);
		worker.start();
		await().untilAsserted(() -> assertThat(this.runs).hasValue(2 * MANY));
	}

}
