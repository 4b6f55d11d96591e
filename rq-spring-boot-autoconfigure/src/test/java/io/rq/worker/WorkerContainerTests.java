package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.handler.JobExceptionHandler;
import io.rq.handler.JobListener;
import io.rq.handler.JobTimeoutException;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.queue.ReclaimedJob;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WorkerContainer} on a real Redis.
 */
class WorkerContainerTests extends AbstractWorkerTests {

	private final AtomicInteger runs = new AtomicInteger();

	WorkerContainerTests(RedisConnectionFactory connections) {
		super(connections);
	}

	private List<JobResult.Type> resultTypes(Job job) {
		return this.bench.jobs().results(job.id()).stream().map(JobResult::type).toList();
	}

	@Test
	void runsAJobAndRecordsItsResult() {
		this.bench.handle("greet", (context, args) -> "hello " + args.get(0)).worker();
		Job job = this.bench.jobs().enqueue("greet", "Ada");
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.bench.jobs().result(job.id(), String.class)).contains("hello Ada");
		Job finished = this.bench.jobs().find(job.id()).orElseThrow();
		assertThat(finished.workerName()).isEqualTo("worker-1");
		assertThat(finished.startedAt()).isNotNull();
		assertThat(finished.endedAt()).isAfterOrEqualTo(finished.startedAt());
	}

	@Test
	void runsJobsOfSeveralQueuesAsTheyArrive() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		this.bench.worker("worker-1",
				(options) -> options.withQueues(List.of("high", "mid", "low")).withConcurrency(4));
		for (String queue : List.of("low", "high", "mid", "low")) {
			Job job = this.bench.jobs().enqueue(JobRequest.of("count").queue(queue));
			awaitStatus(job, JobStatus.FINISHED);
		}
		assertThat(this.runs).hasValue(4);
	}

	@Test
	void runsEveryJobOfALargeBacklogOnce() {
		Map<Object, Integer> seen = new ConcurrentHashMap<>();
		this.bench.handle("mark", (context, args) -> seen.merge(args.get(0), 1, Integer::sum));
		List<JobRequest> requests = new ArrayList<>();
		for (int i = 0; i < 5_000; i++) {
			requests.add(JobRequest.of("mark", i));
		}
		this.bench.jobs().enqueueAll(requests);
		this.bench.worker("worker-1", (options) -> options.withConcurrency(50));
		this.bench.worker("worker-2", (options) -> options.withConcurrency(50));
		await().untilAsserted(() -> assertThat(seen).hasSize(5_000));
		assertThat(seen.values()).containsOnly(1);
		await().untilAsserted(() -> assertThat(this.bench
			.<@Nullable Long>redis((redis) -> redis.zSetCommands().zCard(bytes(key("rq:finished:default")))))
			.isEqualTo(5_000));
		assertThat(this.bench
			.<@Nullable Boolean>redis((redis) -> redis.keyCommands().exists(bytes(key("rq:wip:default"))))).isFalse();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsOnVirtualThreads() {
		this.bench.onVirtualThreads().handle("count", (context, args) -> this.runs.incrementAndGet()).worker();
		Job job = this.bench.jobs().enqueue("count");
		awaitStatus(job, JobStatus.FINISHED);
	}

	/** W35. */
	@ParameterizedTest
	@EnumSource(DequeueStrategy.class)
	void servesAllQueuesInEveryOrder(DequeueStrategy strategy) {
		List<Object> order = Collections.synchronizedList(new ArrayList<>());
		this.bench.handle("note", (context, args) -> order.add(args.get(0)));
		for (String queue : List.of("a", "b", "c")) {
			for (int i = 0; i < 3; i++) {
				this.bench.jobs().enqueue(JobRequest.of("note", queue + i).queue(queue));
			}
		}
		this.bench.worker("worker-1",
				(options) -> options.withQueues(List.of("a", "b", "c"))
					.withConcurrency(1)
					.withStrategy(strategy)
					// so that it takes none ahead, which a slow one would have given back
					.withLimits(new WorkerOptions.Limits(false, 9)));
		await().untilAsserted(() -> assertThat(order).hasSize(9));
		switch (strategy) {
			case DEFAULT -> assertThat(order).containsExactly("a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2");
			case ROUND_ROBIN -> assertThat(order).containsExactly("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2");
			case RANDOM -> assertThat(order).contains("a0", "b2", "c2");
		}
	}

	@Test
	void retriesAtOnceUntilRetriesAreUsedUp() {
		this.bench.handle("fail", (context, args) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException("attempt " + context.attempt());
		}).worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("fail").retry(Retry.max(2)));
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.runs).hasValue(3);
		assertThat(resultTypes(job)).containsExactly(JobResult.Type.FAILED, JobResult.Type.RETRIED,
				JobResult.Type.RETRIED);
		assertThat(this.bench.jobs().results(job.id()).get(0).exception())
			.contains("java.lang.IllegalStateException: attempt 3")
			.contains("at io.rq.worker.");
		assertThat(this.bench.<@Nullable Double>redis(
				(redis) -> redis.zSetCommands().zScore(bytes(key("rq:failed:default")), bytes(job.id()))))
			.isNotNull();
	}

	@Test
	void schedulesADelayedRetryAndTakesTheFirstIntervalAgain() {
		this.bench.handle("fail", (context, args) -> {
			throw new IllegalStateException("no");
		}).worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("fail").retry(Retry.max(3).intervals(1, 60)));
		awaitStatus(job, JobStatus.SCHEDULED);
		Retry left = this.bench.jobs().find(job.id()).orElseThrow().options().retry();
		assertThat(left).isEqualTo(new Retry(2, List.of(1, 60), false));
		await().untilAsserted(() -> assertThat(this.bench.promote("default")).isOne());
		await().untilAsserted(() -> assertThat(this.bench.jobs().results(job.id())).hasSize(2));
		awaitStatus(job, JobStatus.SCHEDULED);
		await().untilAsserted(() -> assertThat(this.bench.promote("default")).isOne());
		await().untilAsserted(() -> assertThat(this.bench.jobs().results(job.id())).hasSize(3));
		awaitStatus(job, JobStatus.SCHEDULED);
		assertThat(this.bench.promote("default")).isZero();
	}

	@Test
	void exceptionHandlersDecideWhatBecomesOfAJob() {
		List<RunOutcome> outcomes = new CopyOnWriteArrayList<>();
		this.bench.handle("fail", JobOptions.NONE.withRetry(Retry.max(5)), (context, args) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException(String.valueOf(args.get(0)));
		});
		this.bench.decide((run, failure) -> switch (String.valueOf(failure.getMessage())) {
			case "never" -> JobExceptionHandler.Decision.FAIL;
			case "no matter" -> JobExceptionHandler.Decision.SWALLOW;
			default -> null;
		});
		this.bench.listen(new JobListener() {
			@Override
			public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
				outcomes.add(outcome);
				assertThat(failure != null).isEqualTo(outcome != RunOutcome.FINISHED);
			}
		}).worker();
		awaitStatus(this.bench.jobs().enqueue("fail", "never"), JobStatus.FAILED);
		assertThat(this.runs).hasValue(1);
		Job swallowed = this.bench.jobs().enqueue("fail", "no matter");
		awaitStatus(swallowed, JobStatus.FINISHED);
		assertThat(this.runs).hasValue(2);
		assertThat(this.bench.jobs().results(swallowed.id())).singleElement()
			.satisfies((result) -> assertThat(result.exception()).isNull());
		awaitStatus(this.bench.jobs().enqueue("fail", "again"), JobStatus.FAILED);
		assertThat(this.runs).hasValue(8);
		await().untilAsserted(() -> assertThat(outcomes).hasSize(8));
	}

	@Test
	void repeatsAJobAndKeepsAResultOfEachRun() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		this.bench.worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("count").repeat(Repeat.times(2).intervals(0, 60)));
		assertThat(job.options().repeat()).isEqualTo(Repeat.times(2).intervals(0, 60));
		awaitStatus(job, JobStatus.SCHEDULED);
		assertThat(this.runs).hasValue(1);
		assertThat(this.bench.jobs().find(job.id()).orElseThrow().options().repeat())
			.isEqualTo(Repeat.times(1).intervals(0, 60));
		this.bench.<@Nullable Boolean>redis(
				(redis) -> redis.zSetCommands().zAdd(bytes(key("rq:scheduled:default")), 1, bytes(job.id())));
		assertThat(this.bench.promote("default")).isOne();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.runs).hasValue(3);
		assertThat(this.bench.jobs().results(job.id())).hasSize(3).allSatisfy((result) -> {
			assertThat(result.type()).isEqualTo(JobResult.Type.SUCCESSFUL);
			assertThat(result.run().workerName()).isEqualTo("worker-1");
			assertThat(result.run().executionId()).isNotNull();
			assertThat(result.run().endedAt()).isAfterOrEqualTo(result.run().startedAt());
		});
		assertThat(this.bench.jobs().find(job.id()).orElseThrow().options().repeat())
			.isEqualTo(new Repeat(0, List.of(0, 60)));
	}

	@Test
	void followsAReturnedRetryWithItsOwnCounter() {
		this.bench.handle("again", (context, args) -> {
			this.runs.incrementAndGet();
			return Retry.max(2);
		}).worker();
		Job job = this.bench.jobs().enqueue("again");
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.runs).hasValue(3);
		assertThat(resultTypes(job)).containsExactly(JobResult.Type.MAX_RETRIES_EXCEEDED, JobResult.Type.RETRIED,
				JobResult.Type.RETRIED);
		assertThat(this.bench.jobs().find(job.id()).orElseThrow().run().numberOfRetries()).isEqualTo(2);
	}

	@Test
	void takesTheHandlersRetriesForAJobThatCarriesNone() {
		this.bench.handle("fail", JobOptions.NONE.withRetry(Retry.max(1)), (context, args) -> {
			this.runs.incrementAndGet();
			throw new IllegalStateException("no");
		}).worker();
		Job job = this.bench.jobs().enqueue("fail");
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void interruptsAJobAtItsTimeoutAndRecordsWhy() {
		this.bench.handle("slow", (context, args) -> {
			TimeUnit.MINUTES.sleep(1);
			return null;
		}).worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("slow").timeout(Duration.ofSeconds(1)));
		awaitStatus(job, JobStatus.FAILED);
		assertThat(this.bench.jobs().results(job.id()).get(0).exception()).contains("JobTimeoutException")
			.contains("Task exceeded maximum timeout value (1 seconds)");
	}

	@Test
	void givesUpAThreadThatIgnoresTheInterruptAndGoesOn() {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("deaf", (context, args) -> {
			while (release.getCount() > 0) {
				Thread.onSpinWait();
			}
			return null;
		}).handle("count", (context, args) -> this.runs.incrementAndGet());
		this.bench.worker("worker-1", (options) -> options.withConcurrency(1));
		Job deaf = this.bench.jobs().enqueue(JobRequest.of("deaf").timeout(Duration.ofSeconds(1)));
		Job next = this.bench.jobs().enqueue("count");
		awaitStatus(deaf, JobStatus.FAILED);
		awaitStatus(next, JobStatus.FINISHED);
		release.countDown();
	}

	@Test
	void recordsAnErrorAndAnUnserializableResultAsFailed() {
		this.bench.handle("error", (context, args) -> {
			throw new StackOverflowError("deep");
		}).handle("unserializable", JobOptions.NONE.withRetry(Retry.max(3)), (context, args) -> new Object()).worker();
		Job error = this.bench.jobs().enqueue("error");
		Job unserializable = this.bench.jobs().enqueue("unserializable");
		awaitStatus(error, JobStatus.FAILED);
		awaitStatus(unserializable, JobStatus.FAILED);
		assertThat(this.bench.jobs().results(error.id()).get(0).exception()).contains("StackOverflowError: deep");
		assertThat(this.bench.jobs().results(unserializable.id())).singleElement()
			.satisfies((result) -> assertThat(result.exception()).contains("java.lang.Object"));
	}

	@Test
	void failsAJobWhoseFunctionIsUnknownWithoutUsingItsRetries() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet()).worker();
		Job job = this.bench.jobs().enqueue(JobRequest.of("tasks.unknown").retry(Retry.max(3)));
		Job next = this.bench.jobs().enqueue("count");
		awaitStatus(job, JobStatus.FAILED);
		awaitStatus(next, JobStatus.FINISHED);
		assertThat(this.bench.jobs().results(job.id())).singleElement()
			.satisfies((result) -> assertThat(result.exception()).contains("No handler is named 'tasks.unknown'"));
	}

	/** W13. */
	@ParameterizedTest
	@CsvSource({ "status, lost", "created_at, 2026-11-23T02:44:03.879673123Z", "created_at, 2026-11-23T02:44:03+00:00",
			"timeout, 1h", "timeout, 180.0", "retries_left, 3.0", "retry_intervals, soon", "result_ttl, later",
			"data, nonsense" })
	void setsAPoisonPillAsideAndGoesOn(String field, String value) {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		Job poisoned = this.bench.jobs().enqueue(JobRequest.of("count").retry(Retry.max(3)));
		this.bench.<@Nullable Boolean>redis((redis) -> redis.hashCommands()
			.hSet(bytes(key("rq:job:" + poisoned.id())), bytes(field), bytes(value)));
		Job next = this.bench.jobs().enqueue("count");
		this.bench.worker();
		awaitStatus(next, JobStatus.FINISHED);
		await().untilAsserted(() -> assertThat(this.bench.<@Nullable Double>redis(
				(redis) -> redis.zSetCommands().zScore(bytes(key("rq:failed:default")), bytes(poisoned.id()))))
			.isNotNull());
		assertThat(this.bench.jobs().results(poisoned.id())).singleElement()
			.satisfies((result) -> assertThat(result.exception()).contains("InvalidJobException"));
		assertThat(this.runs).hasValue(1);
	}

	/** W36. */
	@Test
	void honoursSuspensionAndResumption() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = this.bench.worker();
		Job first = this.bench.jobs().enqueue("count");
		awaitStatus(first, JobStatus.FINISHED);
		this.bench
			.<@Nullable Boolean>redis((redis) -> redis.stringCommands().set(bytes(key("rq:suspended")), bytes("1")));
		Job second = this.bench.jobs().enqueue("count");
		await().untilAsserted(() -> assertThat(worker.state().state()).isEqualTo("suspended"));
		assertThat(this.bench.status(second)).isEqualTo(JobStatus.QUEUED);
		await().untilAsserted(() -> assertThat(this.bench.jobs().count("default")).isOne());
		this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:suspended"))));
		awaitStatus(second, JobStatus.FINISHED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "default,other" })
	void takesNoJobsWhileItIsPausedItselfAndEndsThoseThatRun(String queues) throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet()).handle("last", (context, args) -> {
			running.countDown();
			return end.await(30, TimeUnit.SECONDS);
		});
		WorkerContainer worker = this.bench.worker("worker-1",
				(base) -> base.withQueues(List.of(queues.split(","))).withConcurrency(2));
		Job last = this.bench.jobs().enqueue("last");
		assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
		worker.pause();
		await().untilAsserted(() -> assertThat(worker.state().state()).isEqualTo("suspended"));
		// a wait under way may bring one more
		Job first = this.bench.jobs().enqueue("count");
		Job second = this.bench.jobs().enqueue("count");
		end.countDown();
		awaitStatus(last, JobStatus.FINISHED);
		Job third = this.bench.jobs().enqueue("count");
		worker.stop();
		worker.start();
		await().untilAsserted(() -> assertThat(worker.state().lastHeartbeat()).isNotNull());
		assertThat(worker.isPaused()).isTrue();
		assertThat(this.bench.status(third)).isEqualTo(JobStatus.QUEUED);
		worker.resume();
		for (Job job : List.of(first, second, third)) {
			awaitStatus(job, JobStatus.FINISHED);
		}
		assertThat(this.runs).hasValue(3);
		assertThat(worker.state().state()).isNotEqualTo("suspended");
	}

	@Test
	void startsNoJobsOfAQueueThatIsPausedAndGoesOnWithinASecondAfterwards() {
		this.bench.handle("count", (context, args) -> null);
		WorkerContainer worker = this.bench.worker("worker-1", (base) -> base.withQueues(List.of("default", "other")));
		awaitStatus(this.bench.jobs().enqueue("count"), JobStatus.FINISHED);
		this.bench.queues().pause("default", "why");
		Job held = this.bench.jobs().enqueue("count");
		for (int i = 0; i < 3; i++) {
			awaitStatus(this.bench.jobs().enqueue(JobRequest.of("count").queue("other")), JobStatus.FINISHED);
		}
		assertThat(this.bench.status(held)).isEqualTo(JobStatus.QUEUED);
		await().until(() -> worker.state().state().equals("idle"));
		await().untilAsserted(() -> assertThat(this.bench.jobs().count("default")).isOne());
		this.bench.queues().pause("other", "why");
		Job other = this.bench.jobs().enqueue(JobRequest.of("count").queue("other"));
		assertThat(this.bench.queues().unpause("other")).isTrue();
		awaitStatus(other, JobStatus.FINISHED);
		this.bench.queues().unpause("default");
		Instant unpaused = Instant.now();
		awaitStatus(held, JobStatus.FINISHED);
		assertThat(this.bench.jobs().find(held.id()).orElseThrow().times().startedAt())
			.isBefore(unpaused.plusSeconds(10));
	}

	/** W41. */
	@Test
	void keepsTheLeaseOfALongJobAndShowsIt() {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("long", (context, args) -> {
			context.meta().put("stage", "half");
			context.progress(0.5, "reading");
			release.await();
			return null;
		}).worker();
		Job job = this.bench.jobs().enqueue("long");
		byte[] executions = bytes(key("rq:executions:" + job.id()));
		await().untilAsserted(
				() -> assertThat(this.bench.<@Nullable Long>redis((redis) -> redis.zSetCommands().zCard(executions)))
					.isOne());
		Map<String, Object> meta = new HashMap<>();
		this.bench.redis((redis) -> {
			byte[] stored = redis.hashCommands().hGet(bytes(key("rq:job:" + job.id())), bytes("meta"));
			return meta.put("meta", new String((stored != null) ? stored : new byte[0], StandardCharsets.UTF_8));
		});
		assertThat(meta.get("meta")).isEqualTo("{\"stage\":\"half\",\"progress\":0.5,\"progress_text\":\"reading\"}");
		await().during(Duration.ofSeconds(3))
			.untilAsserted(() -> assertThat(this.bench.status(job)).isEqualTo(JobStatus.STARTED));
		release.countDown();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.bench.<@Nullable Boolean>redis((redis) -> redis.keyCommands().exists(executions))).isFalse();
	}

	@Test
	void interruptsARunWhoseLeaseWasLostAndIgnoresItsOutcome() {
		CountDownLatch interrupted = new CountDownLatch(1);
		List<String> lost = Collections.synchronizedList(new ArrayList<>());
		this.bench.listen(new JobListener() {
			@Override
			public void leaseLost(String queue, String jobId) {
				lost.add(jobId);
			}
		}).handle("long", (context, args) -> {
			try {
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return "too late";
		}).worker();
		Job job = this.bench.jobs().enqueue("long");
		awaitStatus(job, JobStatus.STARTED);
		this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:wip:default"))));
		await().untilAsserted(() -> assertThat(interrupted.getCount()).isZero());
		await().untilAsserted(() -> assertThat(lost).contains(job.id()));
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.STARTED);
		assertThat(this.bench.jobs().results(job.id())).isEmpty();
	}

	@Test
	void stopsWithoutLosingWaitingJobsAndStartsAgain() {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("wait", (context, args) -> {
			started.countDown();
			release.await();
			return "done";
		});
		WorkerContainer worker = this.bench.worker("worker-1", (options) -> options.withConcurrency(1));
		Job running = this.bench.jobs().enqueue("wait");
		Job waiting = this.bench.jobs().enqueue("wait");
		await().until(() -> started.getCount() == 0);
		CountDownLatch stopped = new CountDownLatch(1);
		worker.stop(stopped::countDown);
		await().until(() -> !worker.state().running());
		release.countDown();
		await().until(() -> stopped.getCount() == 0);
		assertThat(worker.isRunning()).isFalse();
		assertThat(this.bench.status(running)).isEqualTo(JobStatus.FINISHED);
		assertThat(this.bench.status(waiting)).isEqualTo(JobStatus.QUEUED);
		assertThat(this.bench.<@Nullable Boolean>redis((redis) -> redis.keyCommands().exists(bytes(key("rq:workers")))))
			.isFalse();
		worker.start();
		awaitStatus(waiting, JobStatus.FINISHED);
	}

	@Test
	void givesBackAJobThatMustBeInterruptedToStop() {
		CountDownLatch started = new CountDownLatch(1);
		this.bench.handle("endless", JobOptions.NONE.withRetry(Retry.max(1)), (context, args) -> {
			started.countDown();
			TimeUnit.HOURS.sleep(1);
			return null;
		});
		WorkerContainer worker = this.bench.worker("worker-1",
				(options) -> options.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(30), Duration.ofSeconds(5),
						Duration.ofSeconds(5), Duration.ofSeconds(8), Duration.ofSeconds(1), Duration.ofSeconds(1))));
		Job job = this.bench.jobs().enqueue("endless");
		await().until(() -> started.getCount() == 0);
		worker.stop();
		Job after = this.bench.jobs().find(job.id()).orElseThrow();
		assertThat(after.status()).isEqualTo(JobStatus.QUEUED);
		assertThat(after.run().attempts()).isZero();
		assertThat(this.bench.jobs().count("default")).isOne();
	}

	@Test
	void reclaimsTheJobsOfADeadWorker() {
		List<ReclaimedJob> reclaimed = Collections.synchronizedList(new ArrayList<>());
		this.bench.listen(new JobListener() {
			@Override
			public void reclaimed(ReclaimedJob job) {
				reclaimed.add(job);
			}
		}).handle("count", (context, args) -> this.runs.incrementAndGet());
		Job job = this.bench.jobs().enqueue("count");
		this.bench.<Object>redis((redis) -> {
			redis.listCommands().lPop(bytes(key("rq:queue:default")));
			redis.hashCommands().hSet(bytes(key("rq:job:" + job.id())), bytes("status"), bytes("started"));
			redis.zSetCommands().zAdd(bytes(key("rq:wip:default")), 1, bytes(job.id() + ":dead"));
			return job;
		});
		this.bench.worker();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(reclaimed).singleElement()
			.satisfies((entry) -> assertThat(entry.outcome()).isEqualTo(ReclaimedJob.Outcome.REQUEUED));
	}

	@Test
	void stopsByItselfWhenItsQueuesAreEmptyOrItsJobsDone() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		for (int i = 0; i < 5; i++) {
			this.bench.jobs().enqueue("count");
		}
		WorkerContainer three = this.bench.worker("worker-1",
				(options) -> options.withLimits(new WorkerOptions.Limits(false, 3)));
		await().until(() -> !three.isRunning());
		assertThat(this.runs).hasValue(3);
		WorkerContainer burst = this.bench.worker("worker-2",
				(options) -> options.withLimits(new WorkerOptions.Limits(true, 0)));
		await().until(() -> !burst.isRunning());
		assertThat(this.runs).hasValue(5);
	}

	@Test
	void idsWithoutJobsHideNoJobFromAWorkerThatEmptiesItsQueue() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		byte[][] dead = IntStream.range(0, 1_500).mapToObj((i) -> bytes("gone-" + i)).toArray(byte[][]::new);
		this.bench.<@Nullable Long>redis((redis) -> redis.listCommands().rPush(bytes(key("rq:queue:default")), dead));
		this.bench.jobs().enqueue("count");
		WorkerContainer burst = this.bench.worker("worker-1",
				(options) -> options.withLimits(new WorkerOptions.Limits(true, 0)));
		await().until(() -> !burst.isRunning());
		assertThat(this.runs).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "high,default" })
	void stopsByItselfWhenItHasHadNoJobForTooLong(String queues) throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		this.bench.handle("wait", (context, args) -> release.await(30, TimeUnit.SECONDS));
		Job job = this.bench.jobs().enqueue("wait");
		WorkerContainer worker = this.bench.worker("worker-1",
				(options) -> options.withQueues(List.of(queues.split(",")))
					.withLimits(new WorkerOptions.Limits(false, 0, Duration.ofMillis(1200))));
		awaitStatus(job, JobStatus.STARTED);
		await().during(Duration.ofMillis(1600)).until(worker::isRunning);
		long ended = System.nanoTime();
		release.countDown();
		await().until(() -> !worker.isRunning());
		assertThat(Duration.ofNanos(System.nanoTime() - ended)).isBetween(Duration.ofMillis(1200),
				Duration.ofSeconds(10));
		assertThat(worker.state().state()).isEqualTo(WorkerState.EXHAUSTED);
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
	}

	@Test
	void worksOnTheQueuesOfItsHandlersAndBeatsIfGivenNone() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = this.bench.worker("worker-1", (options) -> options.withQueues(List.of()));
		awaitStatus(this.bench.jobs().enqueue("count"), JobStatus.FINISHED);
		byte[] key = bytes(key("rq:worker:worker-1"));
		byte[] born = this.bench.redis((redis) -> redis.hashCommands().hGet(key, bytes("last_heartbeat")));
		await().untilAsserted(() -> {
			byte[] beaten = this.bench.redis((redis) -> redis.hashCommands().hGet(key, bytes("last_heartbeat")));
			assertThat(beaten).isNotNull().isNotEqualTo(born);
		});
		assertThat(worker.state().queues()).containsExactly("default");
		assertThat(worker.state().lastHeartbeat()).isNotNull();
		assertThat(worker.state().problems()).isEmpty();
	}

	@Test
	void startsAndStopsHarmlesslyInAnyOrder() {
		this.bench.handle("count", (context, args) -> this.runs.incrementAndGet());
		WorkerContainer worker = this.bench
			.container(WorkerOptions.of("worker-1", "default").withTiming(WorkerBench.QUICK));
		worker.stop();
		for (int i = 0; i < 5; i++) {
			worker.start();
			worker.start();
			Job job = this.bench.jobs().enqueue("count");
			awaitStatus(job, JobStatus.FINISHED);
			worker.stop();
			worker.stop();
			assertThat(worker.isRunning()).isFalse();
		}
	}

}
