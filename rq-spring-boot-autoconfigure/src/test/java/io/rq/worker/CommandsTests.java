package io.rq.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.handler.JobContext;
import io.rq.handler.JobKilledException;
import io.rq.handler.JobListener;
import io.rq.handler.JobStoppedException;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Retry;
import io.rq.job.StopTimeoutException;
import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.redis.RedisScripts;
import io.rq.redis.Subscription;
import io.rq.redis.WorkerCommands;
import io.rq.test.FaultProxy;
import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Commands} and for the stop of a job by the template.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("has a proxy before a server of its own")
class CommandsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final TestRedis redis = TestRedis.start();

	private final StringRedisTemplate template = new StringRedisTemplate(this.redis.connectionFactory());

	private final FaultProxy proxy = FaultProxy.to(this.redis);

	private final RedisConnectionFactory application = this.proxy.connect(Duration.ofSeconds(3));

	private final RedisConnectionFactory engine = own(this.application);

	private final WorkerBench bench = new WorkerBench(this.engine);

	/** Not through the proxy. */
	private final WorkerBench caller = new WorkerBench(this.redis.connectionFactory());

	private final BlockingQueue<String> started = new LinkedBlockingQueue<>();

	private final Map<String, RunOutcome> outcomes = new ConcurrentHashMap<>();

	private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

	private final CountDownLatch released = new CountDownLatch(1);

	private static RedisConnectionFactory own(RedisConnectionFactory application) {
		RedisConnectionFactory own = OwnConnections.like(application, Use.engine(Duration.ofSeconds(1)),
				Listeners.none());
		assertThat(own).isNotNull();
		return own;
	}

	@BeforeEach
	void handle() {
		this.bench.handle("wait", (context, args) -> {
			started(context);
			this.released.await();
			return "done";
		}).handle("ignore", (context, args) -> {
			started(context);
			while (this.released.getCount() > 0) {
				Thread.onSpinWait();
			}
			return "done";
		}).handle("return", (context, args) -> {
			started(context);
			await().pollInSameThread().atMost(PATIENCE).ignoreExceptions().until(context::isCancelled);
			return "too late";
		}).listen(new JobListener() {

			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				CommandsTests.this.outcomes.put(run.job().id(), outcome);
				if (failure != null) {
					CommandsTests.this.failures.put(run.job().id(), failure);
				}
			}

		});
	}

	private void started(JobContext context) {
		this.started.add(context.job().id() + " " + context.executionId());
	}

	@AfterEach
	void close() {
		this.released.countDown();
		this.bench.close();
		RedisClients.close(this.engine);
		RedisClients.close(this.application);
		this.proxy.close();
		this.redis.close();
	}

	/** Starts a worker that listens. */
	private WorkerContainer worker() {
		WorkerContainer worker = this.bench.worker("worker-1", UnaryOperator.identity());
		awaitListening();
		return worker;
	}

	private void awaitListening() {
		await().atMost(PATIENCE).until(() -> listeners() == 1);
	}

	private long listeners() {
		Long listeners = this.template.execute((connection) -> connection.publish(bytes("rq:pubsub:worker-1"),
				bytes("{\"command\": \"stop-job\", \"job_id\": \"none\"}")), false);
		return (listeners != null) ? listeners : 0;
	}

	private static byte[] bytes(String text) {
		return AbstractWorkerTests.bytes(text);
	}

	private void send(String message) {
		this.template.convertAndSend("rq:pubsub:worker-1", message);
	}

	private Job running(String function) throws InterruptedException {
		return running(JobRequest.of(function));
	}

	private Job running(JobRequest request) throws InterruptedException {
		Job job = this.caller.jobs().enqueue(request);
		assertThat(execution()).startsWith(job.id());
		return job;
	}

	/** The next execution to start. */
	private String execution() throws InterruptedException {
		return String.valueOf(this.started.poll(30, TimeUnit.SECONDS));
	}

	private void awaitStatus(Job job, JobStatus status) {
		await().atMost(PATIENCE).until(() -> this.caller.status(job) == status);
	}

	private void awaitOutcome(Job job, RunOutcome outcome) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.outcomes).containsEntry(job.id(), outcome));
	}

	/** W31. */
	@Test
	void stopsARunningJobForGoodAndSaysWhenItHas() throws InterruptedException {
		WorkerContainer worker = worker();
		Job job = running(JobRequest.of("wait").retry(Retry.max(3)));
		this.caller.jobs().stop(job.id());
		assertThat(this.caller.status(job)).isEqualTo(JobStatus.STOPPED);
		assertThat(this.caller.jobs().results(job.id())).singleElement().satisfies((result) -> {
			assertThat(result.type()).isEqualTo(JobResult.Type.FAILED);
			assertThat(result.exception()).isEqualTo("Job stopped by user, work-horse terminated.");
		});
		assertThat(this.template.opsForZSet().range("rq:failed:default", 0, -1)).containsExactly(job.id());
		awaitOutcome(job, RunOutcome.STOPPED);
		assertThat(this.failures.get(job.id())).isInstanceOf(JobStoppedException.class)
			.hasCauseInstanceOf(InterruptedException.class);
		await().atMost(PATIENCE).until(() -> worker.state().busy() == 0);
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.caller.jobs().stop(job.id()))
			.withMessageContaining(job.id())
			.withMessageContaining("It has ended already")
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo("stopped"));
	}

	@Test
	void aMethodThatReturnsOrIgnoresTheInterruptIsStoppedAllTheSame(CapturedOutput output) throws InterruptedException {
		worker();
		Job returning = running("return");
		this.caller.jobs().stop(returning.id());
		awaitOutcome(returning, RunOutcome.STOPPED);
		assertThat(this.caller.jobs().result(returning.id(), String.class)).isEmpty();
		Job ignoring = running("ignore");
		this.caller.jobs().stop(ignoring.id());
		assertThat(this.caller.status(ignoring)).isEqualTo(JobStatus.STOPPED);
		assertThat(output).contains("has ignored the interrupt at its stop");
		awaitOutcome(ignoring, RunOutcome.STOPPED);
	}

	@Test
	void onlyThatJobIsStoppedAndOnlyThatExecution() throws InterruptedException {
		worker();
		Job other = running("wait");
		Job job = this.caller.jobs().enqueue("wait");
		String execution = execution().substring(job.id().length() + 1);
		send("{\"command\": \"stop-execution\", \"job_id\": \"%s\", \"execution_id\": \"%s\"}".formatted(other.id(),
				execution));
		send("{\"command\": \"stop-execution\", \"job_id\": \"%s\", \"execution_id\": \"%s\"}".formatted(job.id(),
				execution));
		awaitStatus(job, JobStatus.STOPPED);
		assertThat(this.caller.status(other)).isEqualTo(JobStatus.STARTED);
	}

	@Test
	void killEndsAllRunsAsFailuresWhichMayBeRetried() throws InterruptedException {
		worker();
		Job failing = running("wait");
		Job retried = running(JobRequest.of("wait").retry(Retry.max(1)));
		send("{\"command\": \"kill-horse\"}");
		awaitStatus(failing, JobStatus.FAILED);
		assertThat(execution()).startsWith(retried.id());
		assertThat(this.caller.jobs().results(failing.id()).get(0).exception()).contains(
				"Work-horse terminated unexpectedly; interrupted by the command kill-horse",
				"Caused by: java.lang.InterruptedException");
		awaitOutcome(failing, RunOutcome.FAILED);
		assertThat(this.failures.get(failing.id())).isInstanceOf(JobKilledException.class);
		awaitOutcome(retried, RunOutcome.RETRIED);
	}

	@Test
	void shutdownStopsTheWorkerForGood() throws InterruptedException {
		AtomicInteger exhausted = new AtomicInteger();
		WorkerContainer worker = worker();
		worker.addExhaustionCallback(() -> {
			throw new IllegalStateException("others are called all the same");
		});
		worker.addExhaustionCallback(exhausted::incrementAndGet);
		Job job = running("wait");
		send("{\"command\": \"shutdown\"}");
		await().atMost(PATIENCE).until(() -> !worker.isRunning());
		assertThat(worker.state().state()).isEqualTo(WorkerState.EXHAUSTED);
		assertThat(this.caller.status(job)).isEqualTo(JobStatus.QUEUED);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(exhausted).hasValue(1));
		assertThat(worker.isRunning()).isFalse();
		worker.start();
		assertThat(execution()).startsWith(job.id());
	}

	@Test
	void whatIsNoCommandIsToldOnceAndIgnored(CapturedOutput output) throws InterruptedException {
		worker();
		Job job = running("wait");
		for (String message : List.of("", "no JSON", "[]", "{}", "{\"command\": 1}", "{\"command\": \"dance\"}",
				"{\"command\": \"stop-job\"}", "{\"command\": \"stop-job\", \"job_id\": 1}",
				"{\"command\": \"stop-execution\", \"job_id\": \"" + job.id() + "\"}", "[".repeat(100_000))) {
			send(message);
		}
		this.caller.jobs().stop(job.id());
		assertThat(output.toString().split("is no command and is ignored", -1)).hasSize(2);
	}

	@Test
	void aJobThatWaitsForItsThreadIsStoppedToo() {
		WorkerBench.Desk desk = this.bench.desk(WorkerOptions.of("worker-1", "default"), (thread) -> {
		});
		ActiveRun run = TestRuns.claimed(new MovedTime());
		desk.desk().receive(run);
		run.stopJob(0);
		desk.desk().giveBackWaiting();
		assertThat(desk.writer().pending()).isEqualTo(1);
		assertThat(desk.permits().busy()).isZero();
		assertThat(run.end()).isFalse();
	}

	@Test
	void aStopThatRacesWithTheEndOfTheJobLeavesOneOutcome() throws InterruptedException {
		this.bench.handle("short", (context, args) -> {
			started(context);
			return "done";
		});
		worker();
		int stopped = 0;
		for (int i = 0; i < 200; i++) {
			Job job = this.caller.jobs().enqueue("short");
			assertThat(execution()).startsWith(job.id());
			try {
				this.caller.jobs().stop(job.id());
				assertThat(this.caller.status(job)).isEqualTo(JobStatus.STOPPED);
				stopped++;
			}
			catch (IllegalJobStateException ex) {
				assertThat(ex.getStatus()).isEqualTo("finished");
				assertThat(this.caller.jobs().result(job.id(), String.class)).contains("done");
			}
			assertThat(this.caller.jobs().results(job.id())).hasSize(1);
		}
		assertThat(stopped).isLessThanOrEqualTo(200);
	}

	/** W31. */
	@Test
	void aCommandThatGetsLostIsSentAgain() throws InterruptedException {
		worker();
		Job job = running("wait");
		this.proxy.goDeaf();
		this.caller.jobs().stop(job.id(), PATIENCE);
		assertThat(this.caller.status(job)).isEqualTo(JobStatus.STOPPED);
	}

	@Test
	void hearsCommandsAgainWhenTheConnectionWasCutOrRedisAway() throws InterruptedException {
		worker();
		Job job = running("wait");
		this.proxy.accept(false);
		this.proxy.accept(true);
		this.caller.jobs().stop(job.id(), PATIENCE);
		assertThat(this.caller.status(job)).isEqualTo(JobStatus.STOPPED);
	}

	@Test
	void whoIsToStopAJobThatDoesNotRunIsToldItsState() {
		Job waiting = this.caller.jobs().enqueue("wait");
		assertThatExceptionOfType(IllegalJobStateException.class)
			.isThrownBy(() -> this.caller.jobs().stop(waiting.id()))
			.withMessage("Job '" + waiting.id() + "' was not stopped: it is 'queued'. It does not run yet; cancel it");
		assertThat(this.caller.jobs().stop("nobody")).isFalse();
		assertThat(this.caller.jobs().stop("a:b")).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> this.caller.jobs().stop("a", Duration.ZERO));
	}

	@Test
	void whoseWorkerDoesNotAnswerIsToldInTime() {
		this.template.opsForHash()
			.putAll("rq:job:a", Map.of("status", "started", "data", "x", "worker_name", "gone", "started_at", "then"));
		assertThatExceptionOfType(StopTimeoutException.class)
			.isThrownBy(() -> this.caller.jobs().stop("a", Duration.ofMillis(100)))
			.withMessageContaining("Worker 'gone' has not confirmed within PT0.1S")
			.withMessageContaining("nobody listens to its commands");
		this.template.opsForHash().put("rq:job:a", "worker_name", "");
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.caller.jobs().stop("a"))
			.withMessageContaining("Its record names no worker");
	}

	/** W31. */
	@Test
	void aPythonWorkerThatHasHeardAStopIsNotSentItAgain() {
		AtomicInteger commands = new AtomicInteger();
		startedBy("w", "3.13.5 (main)");
		try (Subscription subscription = subscribe("w", commands::incrementAndGet)) {
			assertThat(subscription.isDeaf(PATIENCE)).isFalse();
			assertThatExceptionOfType(StopTimeoutException.class)
				.isThrownBy(() -> this.caller.jobs().stop("a", Duration.ofMillis(2500)));
		}
		assertThat(commands).hasValue(1);
	}

	@Test
	void aJavaWorkerIsSentAStopUntilItHasStopped() {
		AtomicInteger commands = new AtomicInteger();
		startedBy("w", "Java 21");
		try (Subscription subscription = subscribe("w", () -> {
			if (commands.incrementAndGet() == 2) {
				stopped();
			}
		})) {
			assertThat(subscription.isDeaf(PATIENCE)).isFalse();
			assertThat(this.caller.jobs().stop("a", PATIENCE)).isTrue();
		}
		assertThat(commands).hasValueGreaterThanOrEqualTo(2);
	}

	@Test
	void aPythonWorkerIsSentAStopUntilItHasHeardIt() {
		startedBy("w", "3.13.5 (main)");
		CompletableFuture<Boolean> stop = CompletableFuture.supplyAsync(() -> this.caller.jobs().stop("a", PATIENCE));
		await().atMost(PATIENCE).until(this::hasPublished);
		try (Subscription subscription = subscribe("w", this::stopped)) {
			assertThat(subscription.isDeaf(PATIENCE)).isFalse();
			assertThat(stop).succeedsWithin(PATIENCE).isEqualTo(true);
		}
	}

	private boolean hasPublished() {
		return Boolean.TRUE.equals(this.template.execute(
				(RedisConnection redis) -> redis.serverCommands().info("commandstats").containsKey("cmdstat_publish")));
	}

	/** A job, and the worker that runs it. */
	private void startedBy(String worker, String runtime) {
		this.template.opsForHash()
			.putAll("rq:job:a", Map.of("status", "started", "data", "x", "worker_name", worker, "started_at", "then"));
		this.template.opsForHash().putAll("rq:worker:" + worker, Map.of("birth", "then", "python_version", runtime));
	}

	private void stopped() {
		new Thread(() -> this.template.opsForHash().put("rq:job:a", "status", "stopped")).start();
	}

	private Subscription subscribe(String worker, Runnable commanded) {
		return new WorkerCommands(new RedisScripts(this.redis.connectionFactory()), worker)
			.subscribe(new WorkerCommands.Listener() {

				@Override
				public void commanded(String message) {
					commanded.run();
				}

				@Override
				public void subscriptionLost() {
				}

			});
	}

	@Test
	void anotherRunOfTheJobIsNotStopped() {
		this.template.opsForHash()
			.putAll("rq:job:a", Map.of("status", "started", "data", "x", "worker_name", "w", "started_at", "first"));
		AtomicInteger commands = new AtomicInteger();
		Runnable restart = () -> this.template.opsForHash().put("rq:job:a", "started_at", "second");
		try (Subscription subscription = subscribe("w", () -> {
			commands.incrementAndGet();
			new Thread(restart).start();
		})) {
			assertThat(subscription.isDeaf(PATIENCE)).isFalse();
			assertThatExceptionOfType(IllegalJobStateException.class)
				.isThrownBy(() -> this.caller.jobs().stop("a", PATIENCE))
				.withMessageContaining("Another run of it has begun");
		}
		assertThat(commands).hasValueGreaterThanOrEqualTo(1);
	}

	@Test
	void aWorkerThatMayNotListenIsToldOnceAndWorks(CapturedOutput output) throws InterruptedException {
		this.redis.setUser("default", "resetchannels");
		WorkerContainer worker = this.bench.worker("worker-1", UnaryOperator.identity());
		running("wait");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(output).contains("hears no commands"));
		assertThat(worker.state().problems()).isEmpty();
		worker.stop();
		assertThat(output.toString().split("hears no commands", -1)).hasSize(2);
	}

	@Test
	void leavesNoThreadAndNoConnectionBehind() {
		for (int i = 0; i < 3; i++) {
			WorkerContainer worker = worker();
			worker.stop();
			assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("rq-subscription-worker-1"));
		}
		await().atMost(PATIENCE).until(() -> listeners() == 0);
	}

}
