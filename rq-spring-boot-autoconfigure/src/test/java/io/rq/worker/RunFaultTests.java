package io.rq.worker;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Execution;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what throws in and around a run: the outcome is recorded, the place comes
 * back, the loops go on, and the next job starts clean.
 */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class RunFaultTests extends AbstractWorkerTests {

	private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

	private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	RunFaultTests(RedisConnectionFactory connections) {
		super(connections);
		this.bench.handle("fine", (context, args) -> "fine");
	}

	private WorkerContainer oneAtATime() {
		return this.bench.worker("worker-1", (options) -> options.withConcurrency(1));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private JobListener recording() {
		return new JobListener() {
			@Override
			public void started(RunInfo run, @Nullable Duration waited) {
				RunFaultTests.this.events.add("started");
			}

			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				RunFaultTests.this.events.add("ended " + outcome);
			}

			@Override
			public void leaseLost(String queue, String jobId) {
				RunFaultTests.this.events.add("lost");
			}
		};
	}

	@ParameterizedTest
	@EnumSource
	void anExceptionThatCannotBePrintedIsAFailureLikeAnyOther(Trap trap) {
		this.bench.handle("trap", (context, args) -> {
			throw new TrappedException(trap);
		});
		WorkerContainer worker = oneAtATime();
		Job trapped = this.bench.jobs().enqueue("trap");
		Job retried = this.bench.jobs().enqueue(JobRequest.of("trap").retry(Retry.max(1)));
		Job next = this.bench.jobs().enqueue("fine");
		awaitStatus(next, JobStatus.FINISHED);
		awaitStatus(trapped, JobStatus.FAILED);
		awaitStatus(retried, JobStatus.FAILED);
		assertThat(this.bench.jobs().results(trapped.id()).get(0).exception().lines().findFirst()).get()
			.asString()
			.contains("TrappedException");
		await().until(() -> worker.state().busy() == 0);
	}

	@Test
	void anErrorOfAListenerDisturbsNothing() {
		this.bench.listen(new JobListener() {
			@Override
			public void started(RunInfo run, @Nullable Duration waited) {
				throw new AssertionError("started");
			}

			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				throw new NoClassDefFoundError("ended");
			}

			@Override
			public void leaseLost(String queue, String jobId) {
				throw new StackOverflowError("lost");
			}

			@Override
			public String toString() {
				throw new IllegalStateException("toString");
			}
		}).listen(recording()).handle("lose", (context, args) -> {
			this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:wip:default"))));
			return null;
		});
		WorkerContainer worker = oneAtATime();
		this.bench.jobs().enqueue("lose");
		Job next = this.bench.jobs().enqueue("fine");
		awaitStatus(next, JobStatus.FINISHED);
		await().until(() -> this.events.contains("lost") && worker.state().pendingOutcomes() == 0);
		assertThat(worker.state().busy()).isZero();
	}

	@Test
	void aListenerThatHangsKeepsNoRunFromItsSignsOfLife() throws InterruptedException {
		CountDownLatch lost = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.bench.listen(new JobListener() {
			@Override
			public void leaseLost(String queue, String jobId) {
				lost.countDown();
				awaitQuietly(release);
			}
		}).handle("hang", (context, args) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return null;
		});
		WorkerContainer worker = this.bench.worker("worker-1", (options) -> options.withTiming(WorkerBench.QUICK));
		Job losing = this.bench.jobs().enqueue("hang");
		Job living = this.bench.jobs().enqueue("hang");
		awaitStatus(losing, JobStatus.STARTED);
		awaitStatus(living, JobStatus.STARTED);
		this.bench.<@Nullable Long>redis((redis) -> {
			byte[] leases = bytes(key("rq:wip:default"));
			byte[] execution = redis.zSetCommands()
				.zRange(leases, 0, -1)
				.stream()
				.filter((entry) -> new String(entry, StandardCharsets.UTF_8).startsWith(losing.id()))
				.findFirst()
				.orElseThrow();
			return redis.zSetCommands().zRem(leases, execution);
		});
		assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
		Instant then = Instant.now();
		await().until(() -> {
			Instant beat = worker.state().lastHeartbeat();
			return beat != null && beat.isAfter(then);
		});
		assertThat(this.bench.jobs().find(living.id()).orElseThrow().status()).isEqualTo(JobStatus.STARTED);
		release.countDown();
	}

	/** Stops a worker while an exception handler hangs that decides at the interrupt. */
	private JobStatus stopWhileDeciding(Supplier<JobExceptionHandler.@Nullable Decision> atInterrupt)
			throws InterruptedException {
		CountDownLatch deciding = new CountDownLatch(1);
		this.bench.handle("fail", (context, args) -> {
			throw new IllegalStateException("broken");
		}).decide((run, failure) -> {
			deciding.countDown();
			awaitQuietly(new CountDownLatch(1));
			return atInterrupt.get();
		});
		WorkerContainer worker = oneAtATime();
		Job job = this.bench.jobs().enqueue("fail");
		assertThat(deciding.await(30, TimeUnit.SECONDS)).isTrue();
		worker.stop();
		return this.bench.jobs().find(job.id()).orElseThrow().status();
	}

	@Test
	void theStopInterruptsAnExceptionHandlerThatHangs() throws InterruptedException {
		assertThat(stopWhileDeciding(() -> JobExceptionHandler.Decision.SWALLOW)).isEqualTo(JobStatus.FINISHED);
	}

	@Test
	void aJobWhoseExceptionHandlerTheStopInterruptsWaitsAgain() throws InterruptedException {
		assertThat(stopWhileDeciding(() -> {
			throw new IllegalStateException("interrupted");
		})).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	void aLogThatThrowsDisturbsNothing() {
		LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
		TurboFilter broken = new TurboFilter() {
			@Override
			public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
					Object @Nullable [] params, @Nullable Throwable t) {
				if (logger.getName().startsWith("io.rq.")) {
					throw new IllegalStateException("the log is broken");
				}
				return FilterReply.NEUTRAL;
			}
		};
		this.bench.handle("fail", (context, args) -> {
			throw new IllegalStateException("no");
		}).handle("sleep", (context, args) -> {
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		logging.addTurboFilter(broken);
		try {
			WorkerContainer worker = this.bench.worker("worker-1",
					(options) -> options.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30),
							Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(8), Duration.ofMillis(500),
							Duration.ofSeconds(1))));
			Job unknown = this.bench.jobs().enqueue("unknown");
			Job failed = this.bench.jobs().enqueue("fail");
			Job slow = this.bench.jobs().enqueue(JobRequest.of("sleep").timeout(Duration.ofSeconds(1)));
			awaitStatus(unknown, JobStatus.FAILED);
			awaitStatus(failed, JobStatus.FAILED);
			awaitStatus(slow, JobStatus.FAILED);
			Job endless = this.bench.jobs().enqueue("sleep");
			awaitStatus(endless, JobStatus.STARTED);
			worker.stop();
			assertThat(this.bench.status(endless)).isEqualTo(JobStatus.QUEUED);
			assertThat(worker.isRunning()).isFalse();
		}
		finally {
			logging.getTurboFilterList().remove(broken);
		}
	}

	@Test
	void aThreadThatCannotBeCreatedCostsNeitherJobNorPlaceNorRetry(CapturedOutput output) {
		AtomicInteger refused = new AtomicInteger();
		Worker worker = this.bench.worker(WorkerOptions.of("poor", "default").withTiming(WorkerBench.QUICK), (run) -> {
			if (refused.incrementAndGet() <= 12) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			new Thread(run).start();
		});
		List<Job> jobs = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			jobs.add(this.bench.jobs().enqueue(JobRequest.of("fine").retry(Retry.max(1))));
		}
		worker.start();
		try {
			jobs.forEach((job) -> awaitStatus(job, JobStatus.FINISHED));
			await().until(() -> worker.describe().busy() == 0);
			assertThat(jobs).allMatch((job) -> this.bench.jobs().results(job.id()).size() == 1);
			assertThat(output).contains("unable to create native thread");
		}
		finally {
			worker.keeper().stop();
		}
	}

	@Test
	void aRunWhoseThreadHasDiedFailsAndGivesItsPlaceBack() throws InterruptedException {
		Job job = this.bench.jobs().enqueue("fine");
		WorkerBench.Desk desk = this.bench.desk(WorkerOptions.of("bereft", "default"), (work) -> {
		});
		Execution execution = new Execution(job.id(), "default", "1", false, "");
		ActiveRun run = new ActiveRun(job, execution, Instant.now(), 0, System.nanoTime() + TestRuns.LEASE.toNanos());
		desk.desk().receive(run);
		desk.desk().begin();
		Thread dying = new Thread(() -> run.begin(new RunInfo(job, "fine", "1", 1, "worker"), HandlerRules.NONE,
				Duration.ofSeconds(-1), TimeSource.of(Clock.systemUTC())));
		dying.start();
		dying.join();
		assertThat(desk.permits().busy()).isEqualTo(1);
		desk.ends().settleStranded();
		assertThat(desk.permits().busy()).isZero();
		assertThat(desk.writer().pending()).isEqualTo(1);
	}

	@Test
	void aRunWhoseLeaseMayHaveRunOutGoesBackWithoutHavingBegun() throws InterruptedException {
		Job job = this.bench.jobs().enqueue("fine");
		this.bench.listen(recording());
		WorkerOptions options = WorkerOptions.of("late", "default").withTiming(WorkerBench.QUICK);
		WorkerBench.Desk desk = this.bench.desk(options, Runnable::run);
		Execution execution = this.bench.stores(options)
			.executions()
			.claim(List.of("default"), 1, false)
			.claims()
			.get(0)
			.execution();
		desk.desk().receive(new ActiveRun(job, execution, Instant.now(), 0, System.nanoTime()));
		desk.desk().begin();
		assertThat(desk.permits().busy()).isZero();
		desk.writer().run();
		assertThat(this.bench.jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void aRunThatHasEndedWithoutAnOutcomeGivesItsPlaceBackAndIsRenewedNoMore() {
		Job job = this.bench.jobs().enqueue("fine");
		WorkerBench.Desk desk = this.bench.desk(WorkerOptions.of("careless", "default"), (work) -> {
		});
		ActiveRun run = new ActiveRun(job, new Execution(job.id(), "default", "1", false, ""), Instant.now(), 0,
				System.nanoTime() + TestRuns.LEASE.toNanos());
		desk.desk().receive(run);
		desk.desk().begin();
		run.end();
		desk.ends().settleStranded();
		desk.ends().settleStranded();
		assertThat(desk.permits().busy()).isZero();
		assertThat(desk.runs().isEmpty()).isTrue();
	}

	@Test
	void aHugeMessageIsCutInResultAndLog(CapturedOutput output) {
		this.bench.handle("shout", (context, args) -> {
			throw new IllegalStateException("y".repeat(2_000_000));
		});
		oneAtATime();
		Job job = this.bench.jobs().enqueue("shout");
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.bench.jobs().results(job.id()).get(0).exception()).hasSizeLessThanOrEqualTo(StoredTrace.LIMIT)
			.startsWith("java.lang.IllegalStateException: yyy");
		await().untilAsserted(() -> assertThat(output).contains("failed for good"));
		assertThat(output).contains("y".repeat(200) + "…").doesNotContain("y".repeat(201));
	}

	@Test
	void interruptsOfItsThreadsDoNotEndAWorker() {
		WorkerContainer worker = this.bench.worker();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().startsWith("rq-") && thread.getName().contains("worker-1")) {
				thread.interrupt();
			}
		}
		Job job = this.bench.jobs().enqueue("fine");
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(worker.state().running()).isTrue();
	}

	@Test
	void aLostRunIsToldOnceAsLost(CapturedOutput output) {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.listen(recording()).handle("long", (context, args) -> {
			release.await();
			return null;
		});
		WorkerContainer worker = this.bench.worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("long").retry(Retry.max(1)));
		await().until(() -> this.events.contains("started"));
		this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:wip:default"))));
		await().until(() -> this.events.containsAll(List.of("lost", "ended LOST")));
		worker.stop();
		assertThat(this.events).containsExactlyInAnyOrder("started", "lost", "ended LOST").startsWith("started");
		assertThat(output).containsOnlyOnce("Lease of job " + job.id() + " was lost")
			.doesNotContain("failed for good")
			.doesNotContain("will be tried again");
	}

	@Test
	void aFailureWhoseLeaseTurnsOutToBeLostIsToldOnceAsLost(CapturedOutput output) {
		this.bench.listen(recording()).handle("lose", (context, args) -> {
			this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:wip:default"))));
			throw new IllegalStateException("no");
		});
		WorkerContainer worker = this.bench.worker();
		Job job = this.bench.jobs().enqueue("lose");
		await().until(() -> this.events.containsAll(List.of("lost", "ended LOST")));
		worker.stop();
		assertThat(this.events).containsExactlyInAnyOrder("started", "lost", "ended LOST").startsWith("started");
		assertThat(output).containsOnlyOnce("Lease of job " + job.id() + " was lost").doesNotContain("failed for good");
	}

	@Test
	void runsMoreThanAThousandJobsAtATime() throws InterruptedException {
		int count = 2_000;
		CountDownLatch together = new CountDownLatch(count);
		this.bench.handle("meet", (context, args) -> {
			together.countDown();
			together.await();
			return null;
		});
		this.bench.worker("worker-1",
				(options) -> options.withConcurrency(count)
					.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30), Duration.ofSeconds(10),
							Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1),
							Duration.ofSeconds(1))));
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			requests.add(JobRequest.of("meet"));
		}
		List<Job> jobs = this.bench.jobs().enqueueAll(requests);
		assertThat(together.await(60, TimeUnit.SECONDS)).isTrue();
		awaitStatus(jobs.get(count - 1), JobStatus.FINISHED);
	}

	@Test
	void nothingOfAJobMeetsTheNext() {
		Thread starter = Thread.currentThread();
		ClassLoader loader = starter.getContextClassLoader();
		this.bench.handle("spoil", (context, args) -> {
			Thread thread = Thread.currentThread();
			MDC.put("tenant", "first");
			LOCAL.set("first");
			INHERITED.set("first");
			thread.setName("spoiled");
			thread.setPriority(Thread.MIN_PRIORITY);
			thread.setContextClassLoader(new ClassLoader(loader) {
			});
			thread.setUncaughtExceptionHandler((who, what) -> {
			});
			thread.interrupt();
			return null;
		}).handle("look", (context, args) -> {
			Thread thread = Thread.currentThread();
			return List.of(String.valueOf(MDC.get("tenant")), String.valueOf(LOCAL.get()),
					String.valueOf(INHERITED.get()), thread.getName().startsWith("rq-worker-1-"),
					thread.getPriority() == Thread.NORM_PRIORITY, thread.getContextClassLoader() == loader,
					thread.getUncaughtExceptionHandler() == thread.getThreadGroup(), thread.isInterrupted(),
					MDC.get("rq.job.name"), MDC.get("rq.queue"), MDC.get("rq.attempt"), MDC.get("rq.worker"));
		});
		INHERITED.set("starter");
		MDC.put("tenant", "starter");
		try {
			oneAtATime();
		}
		finally {
			INHERITED.remove();
			MDC.remove("tenant");
		}
		this.bench.jobs().enqueue("spoil");
		Job look = this.bench.jobs().enqueue("look");
		awaitStatus(look, JobStatus.FINISHED);
		assertThat(this.bench.jobs().result(look.id(), List.class)).contains(
				List.of("null", "null", "null", true, true, true, true, false, "look", "default", "1", "worker-1"));
	}

	enum Trap {

		MESSAGE, TEXT, TRACE, CAUSE, CAUSES_WITHOUT_END, NULL_TRACE

	}

	/**
	 * Throws itself from the method that its trap names, so that nobody can print what
	 * was thrown there either.
	 */
	private static final class TrappedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final Trap trap;

		TrappedException(Trap trap) {
			super("trap");
			this.trap = trap;
		}

		private void check(Trap here) {
			if (this.trap == here) {
				throw this;
			}
		}

		@Override
		public @Nullable String getMessage() {
			check(Trap.MESSAGE);
			return super.getMessage();
		}

		@Override
		public String toString() {
			check(Trap.TEXT);
			return super.toString();
		}

		@Override
		public void printStackTrace(PrintWriter s) {
			check(Trap.TRACE);
			super.printStackTrace(s);
		}

		@Override
		public void printStackTrace(PrintStream s) {
			check(Trap.TRACE);
			super.printStackTrace(s);
		}

		@Override
		public synchronized @Nullable Throwable getCause() {
			check(Trap.CAUSE);
			return (this.trap == Trap.CAUSES_WITHOUT_END) ? new TrappedException(this.trap) : null;
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			if (this.trap == Trap.NULL_TRACE) {
				throw new StackOverflowError();
			}
			return super.getStackTrace();
		}

	}

}
