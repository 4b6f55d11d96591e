package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Retry;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for stops of a {@link WorkerContainer}: whoever calls them, they end in bounded
 * time and leave nothing behind.
 */
@Timeout(60)
class StopTests extends AbstractWorkerTests {

	private static final UnaryOperator<WorkerOptions> AS_IT_IS = UnaryOperator.identity();

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicReference<@Nullable WorkerContainer> container = new AtomicReference<>();

	StopTests(RedisConnectionFactory connections) {
		super(connections);
	}

	private WorkerContainer start(String name, UnaryOperator<WorkerOptions> change) {
		WorkerContainer started = this.bench.worker(name, change);
		this.container.set(started);
		return started;
	}

	private WorkerContainer current() {
		await().until(() -> this.container.get() != null);
		return Objects.requireNonNull(this.container.get());
	}

	private static UnaryOperator<WorkerOptions> shutdownTimeout(Duration timeout) {
		return (options) -> options.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30), Duration.ofSeconds(5),
				Duration.ofSeconds(5), timeout, Duration.ofMillis(500), Duration.ofSeconds(1)));
	}

	private static List<String> threads(String worker) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("rq-") && name.contains(worker))
			.toList();
	}

	private void awaitGone(WorkerContainer worker, String name) {
		await().until(() -> !worker.isRunning());
		await().untilAsserted(() -> assertThat(threads(name)).isEmpty());
		Set<byte[]> workers = this.bench.<@Nullable Set<byte[]>>redis(
				(redis) -> redis.setCommands().sMembers(key("rq:workers").getBytes(StandardCharsets.UTF_8)));
		assertThat(workers).isEmpty();
	}

	@Test
	void aJobMayStopItsOwnWorker() {
		this.bench.handle("stop", (context, args) -> {
			long start = System.nanoTime();
			current().stop();
			TimeUnit.MILLISECONDS.sleep(100);
			return Duration.ofNanos(System.nanoTime() - start).toSeconds() < 4;
		});
		Job job = this.bench.jobs().enqueue("stop");
		WorkerContainer worker = start("suicidal", AS_IT_IS);
		awaitGone(worker, "suicidal");
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
		assertThat(this.bench.jobs().result(job.id(), Boolean.class)).contains(true);
	}

	@Test
	void jobsMayStopTheirWorkerAllAtOnceAndAreWaitedForByNobodyButIt() {
		CountDownLatch together = new CountDownLatch(4);
		this.bench.handle("stop", (context, args) -> {
			together.countDown();
			together.await();
			current().stop();
			return null;
		});
		List<Job> jobs = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			jobs.add(this.bench.jobs().enqueue("stop"));
		}
		WorkerContainer worker = start("concerted", AS_IT_IS);
		awaitGone(worker, "concerted");
		assertThat(jobs).allMatch((job) -> this.bench.status(job) == JobStatus.FINISHED);
	}

	@Test
	void aJobThatStopsItsWorkerMayLastNoLongerThanTheShutdownTimeout() {
		this.bench.handle("stop", (context, args) -> {
			current().stop();
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		Job job = this.bench.jobs().enqueue("stop");
		long start = System.nanoTime();
		WorkerContainer worker = start("lingering", shutdownTimeout(Duration.ofSeconds(8)));
		awaitGone(worker, "lingering");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void aJobOnAVirtualThreadMayStopItsOwnWorker() {
		this.bench.onVirtualThreads().handle("stop", (context, args) -> {
			current().stop();
			return null;
		});
		Job job = this.bench.jobs().enqueue("stop");
		WorkerContainer worker = start("virtual", AS_IT_IS);
		awaitGone(worker, "virtual");
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
	}

	@Test
	void aJobMayRestartItsOwnWorker() {
		this.bench.handle("restart", (context, args) -> {
			current().stop();
			current().start();
			return null;
		}).handle("count", (context, args) -> this.runs.incrementAndGet());
		Job job = this.bench.jobs().enqueue("restart");
		start("phoenix", AS_IT_IS);
		await().until(() -> this.bench.status(job) == JobStatus.FINISHED);
		Job next = this.bench.jobs().enqueue("count");
		await().until(() -> this.bench.status(next) == JobStatus.FINISHED);
	}

	@Test
	void aJobMayCloseItsApplication() {
		CountDownLatch closed = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		GenericApplicationContext context = new GenericApplicationContext();
		this.bench.handle("close", (run, args) -> {
			context.close();
			interrupted.set(Thread.currentThread().isInterrupted());
			closed.countDown();
			return null;
		}).handle("wait", (run, args) -> {
			closed.await();
			return null;
		});
		WorkerContainer worker = this.bench.container(WorkerOptions.of("closing", "default")
			.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5),
					Duration.ofSeconds(6), Duration.ofMillis(500), Duration.ofSeconds(1))));
		context.registerBean("worker", WorkerContainer.class, () -> worker);
		Job other = this.bench.jobs().enqueue("wait");
		Job job = this.bench.jobs().enqueue("close");
		context.refresh();
		await().until(() -> closed.getCount() == 0);
		assertThat(interrupted).isFalse();
		awaitGone(worker, "closing");
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
		assertThat(this.bench.status(other)).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	void aListenerMayStopTheWorkerFromAThreadThatTheStopNeeds() {
		this.bench.listen(new JobListener() {
			@Override
			public void leaseLost(String queue, String jobId) {
				current().stop();
			}
		}).handle("sleep", (context, args) -> {
			this.runs.incrementAndGet();
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		this.bench.jobs().enqueue("sleep");
		WorkerContainer worker = start("listened", AS_IT_IS);
		await().until(() -> this.runs.get() == 1);
		this.bench.<@Nullable Long>redis(
				(redis) -> redis.keyCommands().del(key("rq:wip:default").getBytes(StandardCharsets.UTF_8)));
		awaitGone(worker, "listened");
	}

	@Test
	void anInterruptDoesNotCutAStopShort() throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("wait", (context, args) -> {
			started.countDown();
			release.await();
			return null;
		});
		Job job = this.bench.jobs().enqueue("wait");
		WorkerContainer worker = start("patient", AS_IT_IS);
		started.await();
		AtomicReference<@Nullable Boolean> flagged = new AtomicReference<>();
		Thread stopper = new Thread(() -> {
			worker.stop();
			flagged.set(Thread.currentThread().isInterrupted() && !worker.isRunning());
		});
		stopper.start();
		await().until(() -> !worker.state().running());
		stopper.interrupt();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().startsWith("rq-keep-patient")) {
				thread.interrupt();
			}
		}
		release.countDown();
		stopper.join();
		assertThat(flagged.get()).isTrue();
		awaitGone(worker, "patient");
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
	}

	@Test
	void manyMayStopAtOnceAndAllReturnWhenItIsOver() throws InterruptedException {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = start("wanted", AS_IT_IS);
		Job job = this.bench.jobs().enqueue("count");
		await().until(() -> this.bench.status(job) == JobStatus.FINISHED);
		AtomicInteger over = new AtomicInteger();
		CountDownLatch called = new CountDownLatch(8);
		for (int i = 0; i < 8; i++) {
			boolean callback = i % 2 == 0;
			new Thread(() -> {
				Runnable then = () -> {
					over.addAndGet(worker.isRunning() ? 0 : 1);
					called.countDown();
				};
				if (callback) {
					worker.stop(then);
				}
				else {
					worker.stop();
					then.run();
				}
			}).start();
		}
		assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(over).hasValue(8);
		awaitGone(worker, "wanted");
	}

	@Test
	void aWorkerThatEndsOfItsOwnAccordFinishesWhatItTookHoweverLong() {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("long", (context, args) -> {
			this.runs.incrementAndGet();
			release.await();
			return "done";
		}).handle("short", (context, args) -> this.runs.incrementAndGet());
		Job job = this.bench.jobs().enqueue("long");
		Duration timeout = Duration.ofMillis(500);
		WorkerContainer burst = start("burst",
				(options) -> shutdownTimeout(timeout).apply(options.withLimits(new WorkerOptions.Limits(true, 0))));
		await().until(() -> this.runs.get() == 1);
		await().during(timeout.multipliedBy(4)).until(() -> burst.isRunning() && burst.state().running());
		release.countDown();
		awaitGone(burst, "burst");
		assertThat(this.bench.jobs().result(job.id(), String.class)).contains("done");
		assertThat(burst.state().state()).isEqualTo(WorkerState.EXHAUSTED);
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void aStopFromOutsideHasADeadlineAlsoWhenTheWorkerIsEndingOfItsOwnAccord() {
		this.bench.handle("long", (context, args) -> {
			this.runs.incrementAndGet();
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		Job job = this.bench.jobs().enqueue(JobRequest.of("long").retry(Retry.max(1)));
		WorkerContainer worker = start("limited", (options) -> shutdownTimeout(Duration.ofSeconds(8))
			.apply(options.withConcurrency(1).withLimits(new WorkerOptions.Limits(false, 1))));
		await().until(() -> this.runs.get() == 1);
		worker.stop();
		assertThat(worker.isRunning()).isFalse();
		awaitGone(worker, "limited");
		Job after = this.bench.jobs().find(job.id()).orElseThrow();
		assertThat(after.status()).isEqualTo(JobStatus.QUEUED);
		assertThat(after.run().attempts()).isZero();
	}

	@Test
	void whatFollowsAJobRunsWithoutItsInterruptFlag() {
		List<Boolean> flags = new ArrayList<>();
		CountDownLatch told = new CountDownLatch(3);
		this.bench.listen(new JobListener() {
			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				synchronized (flags) {
					flags.add(Thread.currentThread().isInterrupted());
				}
				told.countDown();
			}
		}).handle("restore", JobOptions.NONE.withRetry(Retry.max(1)), (context, args) -> {
			this.runs.incrementAndGet();
			try {
				TimeUnit.HOURS.sleep(1);
				return null;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("interrupted", ex);
			}
		}).handle("set", (context, args) -> {
			Thread.currentThread().interrupt();
			if (args.isEmpty()) {
				return "fine";
			}
			throw new IllegalStateException("set");
		});
		WorkerContainer worker = start("flagged", shutdownTimeout(Duration.ofSeconds(8)));
		Job good = this.bench.jobs().enqueue("set");
		Job bad = this.bench.jobs().enqueue("set", "throw");
		await().until(() -> this.bench.status(good) == JobStatus.FINISHED);
		await().until(() -> this.bench.status(bad) == JobStatus.FAILED);
		Job interrupted = this.bench.jobs().enqueue("restore");
		await().until(() -> this.runs.get() == 1);
		worker.stop();
		Job after = this.bench.jobs().find(interrupted.id()).orElseThrow();
		assertThat(after.status()).isEqualTo(JobStatus.QUEUED);
		assertThat(after.run().attempts()).isZero();
		await().until(() -> told.getCount() == 0);
		assertThat(flags).containsExactly(false, false, false);
	}

}
