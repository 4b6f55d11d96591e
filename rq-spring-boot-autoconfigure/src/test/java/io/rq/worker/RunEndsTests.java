package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.Retry;
import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Threads;
import io.rq.redis.Outcome;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializer;
import io.rq.test.RedisTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RunEnds}, and for the {@link Timekeeper} and the {@link Heartbeater}
 * as time passes.
 */
@RedisTest
class RunEndsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration GRACE = Duration.ofSeconds(2);

	private final MovedTime time = new MovedTime();

	private final WorkerOptions options = WorkerOptions.of("worker-1", "default");

	/** What listeners hang at. */
	private CountDownLatch hanging = new CountDownLatch(0);

	private final List<String> told = Collections.synchronizedList(new ArrayList<>());

	private final Listeners<JobListener> listeners = new Listeners<>(List.of(new JobListener() {
		@Override
		public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
			Deadline.in(Duration.ofSeconds(30))
				.await((nanos) -> RunEndsTests.this.hanging.await(nanos, TimeUnit.NANOSECONDS));
			RunEndsTests.this.told.add(outcome + " after " + took.toSeconds());
		}
	}));

	private final ActiveRuns runs = new ActiveRuns();

	private final Permits permits = new Permits(1);

	private final JobHandlerRegistry handlers = new JobHandlerRegistry("default");

	private final JobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final OutcomeRules rules = new OutcomeRules(this.serializer, this.options.defaults(), this.time.source());

	private final WorkerBench bench;

	private final WorkerStores stores;

	private final OutcomeWriter writer;

	private final RunEnds ends;

	private final ActiveRun run = TestRuns.claimed(this.time);

	RunEndsTests(RedisConnectionFactory connections) {
		this.bench = new WorkerBench(connections);
		this.stores = this.bench.stores(this.options);
		this.writer = new OutcomeWriter(this.stores.executions(), this.runs, this.listeners, this.stores.time());
		RunThreads threads = new RunThreads(Runnable::run, Map.of(), () -> {
		});
		Callbacks callbacks = new Callbacks(this.handlers, this.serializer, threads, this.time.source());
		this.ends = new RunEnds(this.permits, this.runs, this.rules, this.writer, callbacks,
				new Notices(null, callbacks), new RunReports(threads, this.listeners));
		this.permits.take(1);
		this.runs.add(this.run);
	}

	@AfterEach
	void clearThread() {
		MDC.clear();
		Thread.interrupted();
	}

	private void begin() {
		TestRuns.begin(this.run, TIMEOUT, this.time);
	}

	private Outcome success() {
		return this.rules.returned(this.run, HandlerRules.NONE, new ReturnedValue("function", Object.class, null));
	}

	private void assertEndedOnce() {
		assertThat(this.writer.pending()).isEqualTo(1);
		assertThat(this.permits.busy()).isZero();
		this.ends.broken(this.run, new IllegalStateException("too late"));
		this.ends.released(this.run, TestRuns.info(this.run));
		this.ends.givenBack(this.run);
		assertThat(this.writer.pending()).isEqualTo(1);
		assertThat(this.permits.busy()).isZero();
	}

	@Test
	void aSuccessIsToldWithTheTimeItTook() {
		begin();
		this.time.pass(Duration.ofSeconds(3));
		this.ends.ended(this.run, TestRuns.info(this.run), success(), null, null);
		assertThat(this.told).containsExactly("FINISHED after 3");
		assertEndedOnce();
	}

	@Test
	void aReleaseGoesThroughTheWriterAndIsToldWhenItIsRecorded() throws InterruptedException {
		begin();
		this.time.pass(Duration.ofSeconds(1));
		this.ends.released(this.run, TestRuns.info(this.run));
		assertThat(this.told).isEmpty();
		assertEndedOnce();
		this.writer.run();
		// nothing in Redis is the worker's
		assertThat(this.told).containsExactly("LOST after 1");
	}

	@Test
	void aRunThatHasNotBegunGoesThroughTheWriterToo() {
		this.ends.givenBack(this.run);
		assertThat(this.told).isEmpty();
		assertEndedOnce();
	}

	@Test
	void noMoreJobsAreTakenThanListenersHearOf() {
		CountDownLatch hung = new CountDownLatch(1);
		this.hanging = hung;
		List<Thread> telling = IntStream.range(0, 102).mapToObj((number) -> {
			ActiveRun other = TestRuns.claimed(this.time);
			TestRuns.begin(other, TIMEOUT, this.time);
			Outcome outcome = this.rules.returned(other, HandlerRules.NONE,
					new ReturnedValue("function", Object.class, null));
			Thread thread = new Thread(() -> this.ends.ended(other, TestRuns.info(other), outcome, null, null));
			thread.start();
			return thread;
		}).toList();
		await().until(this.ends::isCongested);
		hung.countDown();
		telling.forEach((thread) -> Threads.join(thread, Duration.ofSeconds(30)));
		assertThat(this.ends.isCongested()).isFalse();
	}

	@Test
	void whoseExceptionHandlerHangsFailsAsItHasFailed() throws InterruptedException {
		begin();
		this.run.leave();
		this.run.beginEnding(ActiveRun.Ending.undecided(new IllegalStateException("broken")), TIMEOUT,
				this.time.source());
		this.time.pass(TIMEOUT);
		this.run.interruptIfLate(this.time.ticks());
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.run.abandonIfStuck(this.time.ticks(), Duration.ZERO)).isTrue();
		this.ends.abandoned(this.run, TestRuns.info(this.run));
		assertEndedOnce();
		this.writer.run();
		assertThat(this.told).containsExactly("LOST after " + TIMEOUT.toSeconds());
	}

	@Test
	void whatBreaksAroundTheMethodIsAnOutcome() {
		begin();
		this.ends.broken(this.run, new OutOfMemoryError("no thread"));
		assertEndedOnce();
	}

	@Test
	void whatCannotSayWhatItIsIsToldToo() throws InterruptedException {
		JobRequest request = JobRequest.of("function").retry(Retry.max(1));
		ActiveRun claimed = this.bench.claim(this.stores, this.runs, request, 1).get(0);
		this.ends.broken(claimed, new IllegalStateException() {
			@Override
			public String toString() {
				throw new UnsupportedOperationException();
			}
		});
		this.writer.run();
		assertThat(this.told).singleElement().asString().startsWith("RETRIED");
	}

	@Test
	void aRunWhoseLeaseIsLostIsToldAndNotRecorded() {
		begin();
		this.run.loseLease();
		this.ends.ended(this.run, TestRuns.info(this.run), success(), null, null);
		assertThat(this.told).containsExactly("LOST after 0");
		assertThat(this.writer.pending()).isZero();
		assertThat(this.permits.busy()).isZero();
		assertThat(this.runs.isEmpty()).isTrue();
	}

	@Test
	void theTimekeeperInterruptsAtTheTimeoutAndGivesUpAfterTheGrace() {
		begin();
		Timekeeper timekeeper = new Timekeeper(this.runs, GRACE, this.ends, this.time.source());
		this.time.pass(TIMEOUT.minusNanos(1));
		timekeeper.run();
		assertThat(Thread.interrupted()).isFalse();
		this.time.pass(Duration.ofNanos(1));
		timekeeper.run();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.permits.busy()).isEqualTo(1);
		this.time.pass(GRACE);
		timekeeper.run();
		assertEndedOnce();
	}

	@Test
	void theHeartbeaterBeatsOnceAnInterval() {
		Registration registration = new Registration(this.stores.workers(), this.options, Set::of, this.time.source());
		Heartbeater heartbeater = new Heartbeater(this.stores.executions(), registration, new ActiveRuns(),
				this.options, () -> "idle", this.listeners, this.time.source());
		heartbeater.run();
		assertThat(heartbeater.lastBeatAt()).isEqualTo(this.time.instant());
		this.time.pass(Duration.ofSeconds(9));
		heartbeater.run();
		assertThat(heartbeater.lastBeatAt()).isEqualTo(this.time.instant().minusSeconds(9));
		this.time.pass(Duration.ofSeconds(1));
		heartbeater.run();
		assertThat(heartbeater.lastBeatAt()).isEqualTo(this.time.instant());
	}

}
