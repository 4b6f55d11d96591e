package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.handler.AbandonedJobException;
import io.rq.handler.CallbackEvent;
import io.rq.handler.JobStoppedException;
import io.rq.handler.RunOutcome;
import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobFailedException;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.job.Retry;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Callbacks}.
 */
@ExtendWith(OutputCaptureExtension.class)
class CallbackTests extends AbstractWorkerTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final BlockingQueue<CallbackEvent> events = new LinkedBlockingQueue<>();

	private final StringRedisTemplate template;

	CallbackTests(RedisConnectionFactory connections) {
		super(connections);
		this.template = new StringRedisTemplate(connections);
		this.bench.callback("note", this.events::add);
		this.bench.handle("add", (context, args) -> 3);
		this.bench.handle("fail", (context, args) -> {
			throw new IllegalStateException("the job's own");
		});
	}

	private static JobRequest add() {
		return JobRequest.of("add");
	}

	private static JobRequest fail() {
		return JobRequest.of("fail");
	}

	private static JobRequest all(JobRequest request, String callback) {
		return request.onSuccess(callback).onFailure(callback).onStopped(callback);
	}

	private Job enqueue(JobRequest request) {
		return this.bench.jobs().enqueue(request);
	}

	private CallbackEvent next() throws InterruptedException {
		return Objects.requireNonNull(this.events.poll(20, TimeUnit.SECONDS), "no callback");
	}

	private String exception(Job job) {
		return Objects.requireNonNull(this.bench.jobs().results(job.id()).get(0).exception());
	}

	@Test
	void aSuccessIsToldWithItsResultBeforeItIsRecorded() throws InterruptedException {
		List<JobStatus> seen = new ArrayList<>();
		this.bench.callback("look", (event) -> {
			seen.add(this.bench.status(event.job()));
			this.events.add(event);
		});
		this.bench.worker();
		Job job = enqueue(all(add(), "look"));
		CallbackEvent event = next();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(seen).containsExactly(JobStatus.STARTED);
		assertThat(event.job().id()).isEqualTo(job.id());
		assertThat(event.run().function()).isEqualTo("add");
		assertThat(event.outcome()).isEqualTo(RunOutcome.FINISHED);
		assertThat(event.result()).isEqualTo(3);
		assertThat(event.failure()).isNull();
		assertThat(this.events).isEmpty();
	}

	@Test
	void eachFailedAttemptIsTold() throws InterruptedException {
		this.bench.worker();
		Job job = enqueue(all(fail(), "note").retry(Retry.max(1)));
		CallbackEvent first = next();
		CallbackEvent second = next();
		awaitStatus(job, JobStatus.FAILED);
		assertThat(List.of(first.outcome(), second.outcome())).containsExactly(RunOutcome.RETRIED, RunOutcome.FAILED);
		assertThat(second.failure()).isInstanceOf(IllegalStateException.class).hasMessage("the job's own");
		assertThat(second.run().attempt()).isEqualTo(2);
		assertThat(this.events).isEmpty();
	}

	@Test
	void eachRepetitionIsTold() throws InterruptedException {
		this.bench.worker();
		Job job = enqueue(add().onSuccess("note").repeat(Repeat.times(2)));
		for (int i = 0; i < 3; i++) {
			assertThat(next().job().id()).isEqualTo(job.id());
		}
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void aReturnedRetryIsNoFailureUntilThereIsNoneLeft(CapturedOutput output) throws InterruptedException {
		this.bench.handle("again", (context, args) -> Retry.max(1));
		this.bench.worker();
		Job job = enqueue(all(JobRequest.of("again"), "note"));
		CallbackEvent event = next();
		awaitStatus(job, JobStatus.FAILED);
		assertThat(event.outcome()).isEqualTo(RunOutcome.FAILED);
		assertThat(event.failure()).hasMessageContaining("there is none left");
		assertThat(this.events).isEmpty();
		await().untilAsserted(() -> assertThat(output).contains(
				"(again) failed for good in attempt 2: The function asked for another run, and there is none left"));
		assertThatExceptionOfType(JobFailedException.class)
			.isThrownBy(() -> this.bench.jobs().awaitResult(job.id(), Duration.ofSeconds(30), String.class))
			.withMessageEndingWith("has failed: The function asked for another run, and there is none left");
	}

	/** W14. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatACallbackThrowsChangesNoOutcome(boolean error, CapturedOutput output) {
		this.bench.callback("broken", (event) -> {
			if (error) {
				throw new StackOverflowError("of the callback");
			}
			throw new IllegalArgumentException("of the callback");
		});
		this.bench.worker();
		Job good = enqueue(all(add(), "broken"));
		Job bad = enqueue(all(fail(), "broken"));
		awaitStatus(good, JobStatus.FINISHED);
		awaitStatus(bad, JobStatus.FAILED);
		assertThat(exception(bad)).contains("the job's own").doesNotContain("of the callback");
		assertThat(output).contains("A callback of job " + good.id() + " (add) has failed")
			.contains("A callback of job " + bad.id() + " (fail) has failed");
	}

	/** W14. */
	@Test
	void anUnknownCallbackChangesNoOutcomeAndIsToldOncePerFunction(CapturedOutput output) {
		this.bench.worker();
		List<Job> good = List.of(enqueue(all(add(), "tasks.report")), enqueue(all(add(), "tasks.report")));
		Job bad = enqueue(all(fail(), "tasks.report"));
		good.forEach((job) -> awaitStatus(job, JobStatus.FINISHED));
		awaitStatus(bad, JobStatus.FAILED);
		assertThat(exception(bad)).contains("the job's own");
		assertThat(output).containsOnlyOnce("Jobs of 'add' ask for the callbacks [tasks.report]")
			.containsOnlyOnce("Jobs of 'fail' ask for the callbacks [tasks.report]");
	}

	@Test
	void aCallbackIsInterruptedAtItsOwnTimeout() {
		AtomicBoolean interrupted = new AtomicBoolean();
		this.bench.callback("slow", (event) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
			}
		});
		this.bench.worker();
		Job job = enqueue(add().timeout(SECOND.multipliedBy(3)).onSuccess(Callback.of("slow").timeout(SECOND)));
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(interrupted).isTrue();
	}

	@Test
	void aCallbackThatIgnoresTheInterruptIsLeftBehind(CapturedOutput output) {
		CountDownLatch end = new CountDownLatch(1);
		this.bench.callback("deaf", (event) -> {
			while (end.getCount() > 0) {
				Thread.onSpinWait();
			}
		});
		this.bench.worker("worker-1", (options) -> options.withConcurrency(1));
		Job deaf = enqueue(fail().onFailure(Callback.of("deaf").timeout(SECOND)));
		Job next = enqueue(add());
		try {
			awaitStatus(deaf, JobStatus.FAILED);
			awaitStatus(next, JobStatus.FINISHED);
		}
		finally {
			end.countDown();
		}
		assertThat(exception(deaf)).contains("the job's own");
		assertThat(output).contains("has ignored the interrupt at its timeout; its thread is left behind");
	}

	@Test
	void theStopOfTheWorkerInterruptsACallbackAndTheOutcomeIsRecorded() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		this.bench.callback("endless", (event) -> {
			begun.countDown();
			new CountDownLatch(1).await();
		});
		WorkerContainer worker = this.bench.worker();
		Job job = enqueue(add().onSuccess("endless"));
		begun.await();
		worker.stop();
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.FINISHED);
	}

	@Test
	void aJobCannotBeStoppedAnyMoreWhileItsCallbackRuns() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		this.bench.callback("waiting", (event) -> {
			begun.countDown();
			end.await();
		});
		WorkerContainer worker = this.bench.worker();
		Job job = enqueue(add().onSuccess("waiting"));
		begun.await();
		this.bench.redis((connection) -> connection.publish(bytes("rq:pubsub:worker-1"),
				bytes("{\"command\": \"stop-job\", \"job_id\": \"" + job.id() + "\"}")));
		this.bench.redis((connection) -> connection.publish(bytes("rq:pubsub:worker-1"),
				bytes("{\"command\": \"kill-horse\"}")));
		end.countDown();
		awaitStatus(job, JobStatus.FINISHED);
		assertThat(worker.isRunning()).isTrue();
	}

	/** W44: in RQ the stop is not recorded then, and the worker quits. */
	@ParameterizedTest
	@ValueSource(strings = { "throwing", "unknown" })
	void w44AStopIsRecordedWhateverItsCallbackDoes(String callback) throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		this.bench.callback("throwing", (event) -> {
			this.events.add(event);
			throw new IllegalStateException("of the callback");
		});
		this.bench.handle("endless", (context, args) -> {
			begun.countDown();
			new CountDownLatch(1).await();
			return null;
		});
		this.bench.worker();
		Job job = enqueue(all(JobRequest.of("endless"), callback));
		begun.await();
		this.bench.jobs().stop(job.id());
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.STOPPED);
		if (callback.equals("throwing")) {
			CallbackEvent event = next();
			assertThat(event.outcome()).isEqualTo(RunOutcome.STOPPED);
			assertThat(event.failure()).isInstanceOf(JobStoppedException.class);
			assertThat(event.run().function()).isEqualTo("endless");
		}
		awaitStatus(enqueue(add()), JobStatus.FINISHED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void aSlowCallbackKeepsNobodyWaitingWhoStopsTheJob() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		this.bench.callback("slow", (event) -> {
			end.await();
			this.events.add(event);
		});
		this.bench.handle("endless", (context, args) -> {
			begun.countDown();
			new CountDownLatch(1).await();
			return null;
		});
		this.bench.worker();
		Job job = enqueue(JobRequest.of("endless").onStopped("slow"));
		begun.await();
		this.bench.jobs().stop(job.id());
		assertThat(this.bench.status(job)).isEqualTo(JobStatus.STOPPED);
		assertThat(this.events).isEmpty();
		end.countDown();
		assertThat(next().job().id()).isEqualTo(job.id());
	}

	@Test
	void aMethodThatIgnoresItsTimeoutIsToldWhenItIsRecorded() throws InterruptedException {
		CountDownLatch end = new CountDownLatch(1);
		this.bench.handle("deaf", (context, args) -> {
			while (end.getCount() > 0) {
				Thread.onSpinWait();
			}
			return null;
		});
		this.bench.worker();
		Job job = enqueue(all(JobRequest.of("deaf"), "note").timeout(SECOND));
		try {
			CallbackEvent event = next();
			assertThat(event.outcome()).isEqualTo(RunOutcome.FAILED);
			assertThat(event.run().function()).isEqualTo("deaf");
			assertThat(this.bench.status(job)).isEqualTo(JobStatus.FAILED);
		}
		finally {
			end.countDown();
		}
	}

	/** W14: in RQ such a callback ends the sweep, and the worker, again and again. */
	@Test
	void w14JobsOfWorkersThatAreGoneFailWhateverTheirCallbacksDo() throws InterruptedException {
		this.bench.callback("throwing", (event) -> {
			throw new IllegalStateException("of the callback");
		});
		List<String> callbacks = List.of("unknown", "throwing", "note");
		for (String callback : callbacks) {
			this.template.opsForHash()
				.putAll(key("rq:job:" + callback), Map.of("status", "started", "origin", "default", "timeout", "180",
						"data", "[\"add\", null, [], {}]", "failure_callback_name", callback, "reclaims", "3"));
			this.template.opsForZSet().add(key("rq:wip:default"), callback + ":1", 1);
		}
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"));
		this.bench.worker();
		CallbackEvent event = next();
		assertThat(event.job().id()).isEqualTo("note");
		assertThat(event.outcome()).isEqualTo(RunOutcome.FAILED);
		assertThat(event.failure()).isInstanceOf(AbandonedJobException.class);
		assertThat(event.run().function()).isEqualTo("add");
		for (String callback : callbacks) {
			assertThat(this.bench.jobs().find(callback)).get().extracting(Job::status).isEqualTo(JobStatus.FAILED);
		}
		awaitStatus(enqueue(add()), JobStatus.FINISHED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void aJobThatWouldBeDroppedAtOnceIsKeptUntilItsCallbackIsCalled() throws InterruptedException {
		for (String id : List.of("told", "untold")) {
			this.template.opsForHash()
				.putAll(key("rq:job:" + id), Map.of("status", "started", "origin", "default", "timeout", "180", "data",
						"[\"add\", null, [], {}]", "failure_ttl", "0", "reclaims", "3"));
			this.template.opsForZSet().add(key("rq:wip:default"), id + ":1", 1);
		}
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"));
		this.template.opsForHash().put(key("rq:job:told"), "failure_callback_name", "note");
		this.bench.worker();
		CallbackEvent event = next();
		assertThat(event.job().id()).isEqualTo("told");
		assertThat(event.outcome()).isEqualTo(RunOutcome.FAILED);
		assertThat(this.template.getExpire(key("rq:job:told"))).isBetween(3_000L, 3_600L);
		assertThat(this.template.hasKey(key("rq:job:untold"))).isFalse();
	}

	@Test
	void jobsThatGoBackToTheirQueueHaveNotFailed() throws InterruptedException {
		for (String id : List.of("back", "retried")) {
			this.template.opsForHash()
				.putAll(key("rq:job:" + id), Map.of("status", "started", "origin", "default", "timeout", "180", "data",
						"[\"add\", null, [], {}]", "failure_callback_name", "note"));
			this.template.opsForZSet().add(key("rq:wip:default"), id + ":1", 1);
		}
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"));
		this.template.opsForHash().put(key("rq:job:retried"), "retries_left", "1");
		this.bench.worker();
		assertThat(next().job().id()).isEqualTo("retried");
		for (String id : List.of("back", "retried")) {
			await().untilAsserted(() -> assertThat(this.bench.jobs().find(id)).get()
				.extracting(Job::status)
				.isEqualTo(JobStatus.FINISHED));
		}
		assertThat(this.events).isEmpty();
	}

}
