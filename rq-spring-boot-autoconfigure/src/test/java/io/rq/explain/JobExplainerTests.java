package io.rq.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.handler.JobContext;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;
import io.rq.redis.ExecutionStore;
import io.rq.redis.QueueWait;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerLease;
import io.rq.redis.WorkerStore;
import io.rq.redis.WorkerStore.WorkerSkills;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.test.RedisClients;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Lets jobs not run, for each cause that there is, and has it explained.
 */
@RedisTest
@Timeout(120)
class JobExplainerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final BlockingQueue<String> started = new LinkedBlockingQueue<>();

	private static volatile CountDownLatch end = new CountDownLatch(1);

	private final RedisScripts scripts;

	private final StringRedisTemplate template;

	private final ApplicationContextRunner application;

	JobExplainerTests(TestRedis redis) {
		this.scripts = TestStores.scripts(redis.connectionFactory());
		this.template = new StringRedisTemplate(redis.connectionFactory());
		this.application = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url(),
					"spring.data.redis.client-type=" + RedisClients.name(), "rq.default-queue=java", "rq.worker.name=w",
					"rq.worker.queues=java", "rq.worker.concurrency=1");
	}

	@BeforeEach
	void begin() {
		started.clear();
		end = new CountDownLatch(1);
	}

	/** An application that only enqueues and explains. */
	private void producer(BiConsumer<JobOperations, JobExplainer> test, String... properties) {
		this.application.withPropertyValues("rq.worker.enabled=false")
			.withPropertyValues(properties)
			.run((context) -> test.accept(jobs(context), context.getBean(JobExplainer.class)));
	}

	/** The same beside one with a worker. */
	private void withWorker(BiConsumer<JobOperations, JobExplainer> test, String... properties) {
		this.application.withBean(JavaJobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false", "rq.worker.heartbeat-interval=1s")
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try {
					producer(test);
				}
				finally {
					end.countDown();
				}
			});
	}

	private static JobOperations jobs(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(JobOperations.class);
	}

	private static Job running(JobOperations jobs) {
		Job job = jobs.enqueue(JobRequest.of("block"));
		await().atMost(PATIENCE).until(() -> job.id().equals(started.poll(1, TimeUnit.SECONDS)));
		return job;
	}

	private static Explanation explained(JobExplainer explainer, String id, Cause cause) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(explainer.explain(id).cause()).isEqualTo(cause));
		return explainer.explain(id);
	}

	private static Explanation ended(JobOperations jobs, JobExplainer explainer, JobRequest request, JobStatus status) {
		Job job = jobs.enqueue(request);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(jobs.find(job.id())).get().extracting(Job::status).isEqualTo(status));
		return explainer.explain(job.id());
	}

	@ParameterizedTest
	@EnumSource
	void theGuideSaysOfEachCauseWhatToDo(Cause cause) throws IOException {
		assertThat(Files.readAllLines(Path.of("..", "docs", "operations.md")))
			.anyMatch((line) -> line.matches("\\| (`\\w+`, )*`" + cause + "`.* \\| .+ \\| .+ \\|"));
	}

	@Test
	void anIdThatThereIsNot() {
		producer((jobs, explainer) -> {
			Explanation explanation = explainer.explain("none");
			assertThat(explanation.cause()).isEqualTo(Cause.UNKNOWN);
			assertThat(explanation.state()).isNull();
			assertThat(explanation.text()).startsWith("There is no job of that id");
			assertThatIllegalArgumentException().isThrownBy(() -> explainer.explain(" "));
		});
	}

	@Test
	void aJobThatHasExpiredWhileItWaited() {
		producer((jobs, explainer) -> {
			jobs.enqueue(JobRequest.of("brief"));
			Job job = jobs.enqueue(JobRequest.of("brief").ttl(Duration.ofSeconds(1)));
			assertThat(explainer.explain(job.id()).evidence()).containsKey("expiresAt");
			Explanation explanation = explained(explainer, job.id(), Cause.EXPIRED);
			assertThat(explanation.text()).contains("gone while it waited on queue 'java': its ttl ended");
			assertThat(explanation.evidence()).containsEntry("position", 2L).containsEntry("waiting", 2L);
		});
	}

	@Test
	void anEndedJobThatHasExpired() {
		withWorker((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief").resultTtl(Duration.ofSeconds(1)));
			Explanation explanation = explained(explainer, job.id(), Cause.EXPIRED);
			assertThat(explanation.text()).startsWith("The job ended well on queue 'java', and its record has expired");
			assertThat(explanation.evidence()).containsEntry("registry", "finished");
		}, "rq.worker.maintenance-interval=1h");
	}

	@Test
	void aRecordThatNobodyCanRead() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief"));
			this.template.opsForHash().put(key("java", "rq:job:" + job.id()), "timeout", "1h");
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.UNREADABLE);
			assertThat(explanation.text()).contains("Field 'timeout' of the job holds '1h'");
		});
	}

	@Test
	void aJobThatWasTakenOffItsQueue() {
		this.application.withPropertyValues("rq.worker.enabled=false").run((context) -> {
			Job job = jobs(context).enqueue(JobRequest.of("brief"));
			context.getBean(QueueOperations.class).remove("java", job.id());
			Explanation explanation = context.getBean(JobExplainer.class).explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.NEVER_ENQUEUED);
			assertThat(explanation.state()).isEqualTo(JobStatus.CREATED);
			assertThat(explanation.text()).contains("was taken off queue 'java'");
			jobs(context).requeue(job.id());
			assertThat(context.getBean(JobExplainer.class).explain(job.id()).cause()).isEqualTo(Cause.NO_WORKER);
		});
	}

	@Test
	void noWorkerListens() {
		producer((jobs, explainer) -> {
			Explanation explanation = explainer.explain(jobs.enqueue(JobRequest.of("brief")).id());
			assertThat(explanation.cause()).isEqualTo(Cause.NO_WORKER);
			assertThat(explanation.state()).isEqualTo(JobStatus.QUEUED);
			assertThat(explanation.text()).isEqualTo("No worker listens on queue 'java'.");
			assertThat(explanation.evidence()).containsEntry("queue", "java")
				.containsEntry("position", 1L)
				.containsEntry("waiting", 1L)
				.containsKey("enqueuedAt");
			assertThat(explanation.remedy()).startsWith("Start one for that queue");
		});
	}

	@Test
	void allWorkersAreSuspended() {
		this.application.withBean(JavaJobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false")
			.run((context) -> {
				JobOperations jobs = jobs(context);
				JobExplainer explainer = context.getBean(JobExplainer.class);
				QueueOperations queues = context.getBean(QueueOperations.class);
				queues.suspend(Duration.ofHours(1));
				Job job = jobs.enqueue(JobRequest.of("brief"));
				Explanation explanation = explained(explainer, job.id(), Cause.SUSPENDED);
				assertThat(explanation.text()).startsWith("All workers are suspended").contains("(in 1 h)");
				assertThat(explanation.evidence()).containsKey("suspendedUntil");
				queues.suspend();
				assertThat(explainer.explain(job.id()).text()).contains("until somebody resumes them");
				queues.resume();
				explained(explainer, job.id(), Cause.FINISHED);
			});
	}

	@Test
	void theQueueIsPaused() {
		this.application.withBean(JavaJobs.class)
			.withPropertyValues("rq.worker.with-scheduler=false")
			.run((context) -> {
				JobOperations jobs = jobs(context);
				JobExplainer explainer = context.getBean(JobExplainer.class);
				QueueOperations queues = context.getBean(QueueOperations.class);
				queues.pause("java", "the provider is down");
				Job job = jobs.enqueue(JobRequest.of("brief"));
				Explanation explanation = explained(explainer, job.id(), Cause.QUEUE_PAUSED);
				assertThat(explanation.text()).startsWith("Somebody has paused queue 'java' at ")
					.endsWith(": the provider is down.");
				assertThat(explanation.evidence()).containsEntry("reason", "the provider is down")
					.containsKey("pausedSince");
				queues.unpause("java");
				explained(explainer, job.id(), Cause.FINISHED);
			});
	}

	@Test
	void aJobThatRunsAndThoseThatWaitForItsWorker() {
		withWorker((jobs, explainer) -> {
			IntStream.range(0, 5).forEach((i) -> ended(jobs, explainer, JobRequest.of("brief"), JobStatus.FINISHED));
			Job running = running(jobs);
			Explanation explanation = explainer.explain(running.id());
			assertThat(explanation.cause()).isEqualTo(Cause.RUNNING);
			assertThat(explanation.text()).startsWith("The job runs on worker w since ")
				.contains("Its lease lasts until");
			assertThat(explanation.evidence()).containsKeys("startedAt", "leaseUntil", "lastHeartbeat");
			List<Job> waiting = jobs.enqueueAll(List.of(JobRequest.of("brief"), JobRequest.of("brief")));
			explanation = explained(explainer, waiting.get(1).id(), Cause.WORKERS_BUSY);
			assertThat(explanation.text())
				.isEqualTo("The only worker of queue 'java' is busy: w (1 of 1). The job is number 2 of 2 that waits.");
			assertThat(explanation.evidence()).containsEntry("workers", List.of("w"));
		});
	}

	/** Of a worker that is as it is for as long as it takes to look at it. */
	@Test
	void aJobThatWaitsItsTurnIsToldWhenThatComes() {
		producer((jobs, explainer) -> {
			new WorkerStore(this.scripts, Clock.systemUTC()).register(
					new WorkerStore.WorkerIdentity("slow", List.of("java"), "host", 1,
							Clock.systemUTC().instant().minusSeconds(60), "1", "Java 17"),
					TestStores.UNTOLD, Duration.ofMinutes(5));
			this.template.opsForHash().put(key("java", "rq:worker:slow"), "successful_job_count", "5");
			List<Job> waiting = jobs.enqueueAll(List.of(JobRequest.of("brief"), JobRequest.of("brief")));
			Explanation explanation = explainer.explain(waiting.get(0).id());
			assertThat(explanation.cause()).isEqualTo(Cause.WAITS_ITS_TURN);
			assertThat(explanation.text()).startsWith("The job is the next one on queue 'java'");
			explanation = explainer.explain(waiting.get(1).id());
			assertThat(explanation.text())
				.startsWith("Waits its turn on queue 'java' as number 2 of 2. Its workers end ")
				.contains("so its turn comes in about");
			assertThat(explanation.evidence()).containsKeys("drainPerSecond", "expectedWait")
				.containsEntry("drainFrom", "the average of the workers since they started");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(explainer.explain(waiting.get(1).id()).evidence())
					.containsEntry("drainFrom", "two looks at the counters of the workers"));
			assertThat(explainer.explain(waiting.get(1).id()).text()).contains("has ended between two looks");
		});
	}

	@Test
	void aWorkerThatSaysItIsOlderThanTheWorldChangesNothing() {
		producer((jobs, explainer) -> {
			new WorkerStore(this.scripts, Clock.systemUTC()).register(new WorkerStore.WorkerIdentity("old",
					List.of("java"), "host", 1, Clock.systemUTC().instant(), "1", "Java 17"), TestStores.UNTOLD,
					Duration.ofMinutes(5));
			this.template.opsForHash()
				.putAll(key("java", "rq:worker:old"),
						Map.of("successful_job_count", "5", "birth", "-999999999-01-01T00:00:00Z"));
			List<Job> waiting = jobs.enqueueAll(List.of(JobRequest.of("brief"), JobRequest.of("brief")));
			assertThat(explainer.explain(waiting.get(1).id()).cause()).isEqualTo(Cause.WAITS_ITS_TURN);
		});
	}

	@Test
	void aFunctionThatNoWorkerKnows() {
		withWorker((jobs, explainer) -> {
			running(jobs);
			Job job = jobs.enqueue(JobRequest.of("no.such"));
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.FUNCTION_UNKNOWN);
			assertThat(explanation.text()).isEqualTo(
					"None of the workers of queue 'java' knows the function 'no.such': the job will fail as soon "
							+ "as one takes it, unless 'rq.worker.unknown-function-grace' lets it wait there.");
			end.countDown();
			await().atMost(PATIENCE).until(() -> explainer.explain(job.id()).state() == JobStatus.FAILED);
			explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.FUNCTION_UNKNOWN);
			assertThat(explanation.text()).contains("because worker w does not know its function 'no.such'");
		});
	}

	@Test
	void aJobThatWasPutBackForAWorkerThatKnowsItsFunction() {
		withWorker((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("no.such"));
			Explanation explanation = explained(explainer, job.id(), Cause.NO_SCHEDULER);
			assertThat(explanation.text())
				.startsWith("Worker w has no handler named 'no.such' and has put the job back; it is due at ");
			this.template.opsForValue().set(key("java", "rq:scheduler-lock:java"), "lazy");
			explanation = explained(explainer, job.id(), Cause.PUT_BACK);
			assertThat(explanation.text()).endsWith("No worker there tells that it knows it: the job fails when one "
					+ "takes it whose 'rq.worker.unknown-function-grace' is over.");
			assertThat(explanation.evidence()).containsEntry("function", "no.such").doesNotContainKey("knownBy");
			new WorkerStore(this.scripts, Clock.systemUTC())
				.register(
						new WorkerStore.WorkerIdentity("knowing", List.of("java"), "host", 1,
								Clock.systemUTC().instant(), "1", "Java 17"),
						new WorkerSkills(1, List.of("no.such")), Duration.ofMinutes(5));
			explanation = explained(explainer, job.id(), Cause.PUT_BACK);
			assertThat(explanation.text()).endsWith(" knowing there knows it.");
			assertThat(explanation.evidence()).containsEntry("knownBy", List.of("knowing"));
		}, "rq.worker.unknown-function-grace=1h");
	}

	@Test
	void jobsThatHaveEnded() {
		withWorker((jobs, explainer) -> {
			Explanation explanation = ended(jobs, explainer, JobRequest.of("brief"), JobStatus.FINISHED);
			assertThat(explanation.cause()).isEqualTo(Cause.FINISHED);
			assertThat(explanation.text()).startsWith("The job has ended well at ");
			explanation = ended(jobs, explainer, JobRequest.of("count", "many"), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.ARGUMENTS_NOT_BOUND);
			assertThat(explanation.text())
				.contains("its arguments do not fit the function 'count': Argument 1 'number' of 'count' must be int");
			explanation = ended(jobs, explainer, JobRequest.of("count"), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.ARGUMENTS_NOT_BOUND);
			explanation = ended(jobs, explainer, JobRequest.of("count", 1, 2), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.ARGUMENTS_NOT_BOUND);
			explanation = ended(jobs, explainer, JobRequest.of("count", 7), JobStatus.FAILED);
			assertThat(explanation.cause()).isEqualTo(Cause.FAILED);
			assertThat(explanation.text()).endsWith(": java.lang.IllegalStateException: bang");
			assertThat(explanation.evidence()).containsEntry("failureClass", "java.lang.IllegalStateException")
				.containsEntry("failure", "java.lang.IllegalStateException: bang")
				.containsEntry("rootCause", "java.io.IOException: disk")
				.containsEntry("attempts", 1)
				.containsEntry("worker", "w");
		});
	}

	@Test
	void jobsThatWereStoppedAndCancelled() {
		withWorker((jobs, explainer) -> {
			Job running = running(jobs);
			Job waiting = jobs.enqueue(JobRequest.of("brief"));
			jobs.cancel(waiting.id());
			Explanation explanation = explainer.explain(waiting.id());
			assertThat(explanation.cause()).isEqualTo(Cause.CANCELED);
			assertThat(explanation.text()).startsWith("The job was cancelled at ");
			jobs.stop(running.id(), PATIENCE);
			explanation = explainer.explain(running.id());
			assertThat(explanation.cause()).isEqualTo(Cause.STOPPED);
			assertThat(explanation.state()).isEqualTo(JobStatus.STOPPED);
			assertThat(explanation.text()).startsWith("The job was stopped by a command at ");
		});
	}

	@Test
	void aScheduledJobWithoutAndWithAScheduler() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief").in(Duration.ofHours(2)));
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.NO_SCHEDULER);
			assertThat(explanation.text()).startsWith("The job is scheduled for ")
				.endsWith("(in 2 h), and no scheduler serves queue 'java': the job would wait for ever.");
			producer((others, other) -> {
				Explanation later = explained(explainer, job.id(), Cause.SCHEDULED);
				assertThat(later.text()).startsWith("The job is scheduled for ")
					.contains("(in ")
					.endsWith(" puts it on queue 'java' then.");
				assertThat(later.evidence()).containsKeys("due", "scheduler");
			}, "rq.worker.with-scheduler=true");
		});
	}

	@Test
	void aSchedulerThatHangs() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief").in(Duration.ofHours(2)));
			this.template.opsForValue().set(key("java", "rq:scheduler-lock:java"), "hangs", Duration.ofSeconds(61));
			this.template.opsForZSet()
				.add(key("java", "rq:scheduled:java"), job.id(), System.currentTimeMillis() / 1000 - 60);
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.SCHEDULER_LATE);
			assertThat(explanation.text()).contains(" ago), but scheduler hangs, which serves queue 'java'");
			this.template.opsForZSet().remove(key("java", "rq:scheduled:java"), job.id());
			assertThat(explainer.explain(job.id()).cause()).isEqualTo(Cause.ASTRAY);
		});
	}

	@Test
	void aRetryAndARepetitionThatAreDueLater() {
		withWorker((jobs, explainer) -> {
			Explanation explanation = ended(jobs, explainer,
					JobRequest.of("count", 7).retry(Retry.max(3).intervals(600)), JobStatus.SCHEDULED);
			assertThat(explanation.cause()).isEqualTo(Cause.NO_SCHEDULER);
			assertThat(explanation.text()).startsWith("The job has failed; retry 1 of 3 is due at ");
			Explanation repeats = ended(jobs, explainer, JobRequest.of("brief").repeat(Repeat.times(2).intervals(600)),
					JobStatus.SCHEDULED);
			assertThat(repeats.text()).startsWith("The job has run and repeats at ");
			producer((others, other) -> {
				Explanation retry = explained(explainer, explanation.id(), Cause.RETRY_DELAYED);
				assertThat(retry.evidence()).containsEntry("attempts", 1)
					.containsEntry("retriesLeft", 2)
					.containsEntry("lastFailure", "java.lang.IllegalStateException: bang");
				assertThat(explained(explainer, repeats.id(), Cause.REPEATS).evidence()).containsKey("repeatsLeft");
			}, "rq.worker.with-scheduler=true");
		});
	}

	@Test
	void jobsThatWaitForOthers() {
		producer((jobs, explainer) -> {
			Job parent = jobs.enqueue(JobRequest.of("brief").id("parent"));
			Job other = jobs.enqueue(JobRequest.of("brief").id("other").in(Duration.ofHours(1)));
			Job child = jobs.enqueue(JobRequest.of("brief").dependsOn(parent, other));
			Explanation explanation = explainer.explain(child.id());
			assertThat(explanation.cause()).isEqualTo(Cause.WAITS_FOR_JOBS);
			assertThat(explanation.state()).isEqualTo(JobStatus.DEFERRED);
			assertThat(explanation.text()).isEqualTo("Waits for 2 of its 2 jobs: parent (queued), other (scheduled).");
			assertThat(explanation.evidence().get("waitsFor")).hasToString("{parent=queued, other=scheduled}");
			jobs.cancel(parent.id());
			explanation = explainer.explain(child.id());
			assertThat(explanation.cause()).isEqualTo(Cause.DEPENDENCY_FAILED);
			assertThat(explanation.text()).startsWith("Waits for parent (canceled), which will not end well by itself");
			assertThat(explanation.evidence()).containsEntry("failureAllowed", false);
		});
	}

	@Test
	void aDependencyThatHasFailed() {
		withWorker((jobs, explainer) -> {
			Job failed = jobs.enqueue(JobRequest.of("count", 7).id("bad"));
			Job child = jobs.enqueue(JobRequest.of("brief").dependsOn(failed));
			Explanation explanation = explained(explainer, child.id(), Cause.DEPENDENCY_FAILED);
			assertThat(explanation.text()).startsWith("Waits for bad (failed)");
			Job allowing = jobs.enqueue(JobRequest.of("brief").dependsOn(Dependency.on(failed).allowFailure()));
			explained(explainer, allowing.id(), Cause.FINISHED);
		});
	}

	@Test
	void theOneOfManyDependenciesThatHasNotEnded() {
		producer((jobs, explainer) -> {
			String[] ids = IntStream.range(0, 2_500).mapToObj((i) -> "p" + i).toArray(String[]::new);
			jobs.enqueue(JobRequest.of("brief").id("p2400"));
			Job child = jobs.enqueue(JobRequest.of("brief").dependsOn(ids));
			assertThat(explainer.explain(child.id()).text()).isEqualTo("Waits for 1 of its 2500 jobs: p2400 (queued).");
		});
	}

	@Test
	void jobsOfARateLimit() {
		producer((jobs, explainer) -> {
			RateLimit limit = RateLimit.key("api").concurrency(1);
			Job first = jobs.enqueue(JobRequest.of("brief").rateLimit(limit));
			jobs.enqueue(JobRequest.of("brief").rateLimit(limit));
			Job third = jobs.enqueue(JobRequest.of("brief").rateLimit(limit));
			Explanation explanation = explainer.explain(third.id());
			assertThat(explanation.cause()).isEqualTo(Cause.RATE_LIMITED);
			assertThat(explanation.text())
				.isEqualTo("Rate limit 'api' lets 1 job be on queues or run at a time, and 1 do: " + first.id()
						+ ". The job is number 2 of 2 that wait.");
			assertThat(explanation.evidence()).containsEntry("key", "api")
				.containsEntry("holders", List.of(first.id()))
				.containsEntry("position", 2L);
		});
	}

	@Test
	void jobsOfARateLimitByTime() {
		withWorker((jobs, explainer) -> {
			RateLimit limit = RateLimit.key("smtp").limit(1, Duration.ofHours(1));
			ended(jobs, explainer, JobRequest.of("brief").rateLimit(limit), JobStatus.FINISHED);
			Job job = jobs.enqueue(JobRequest.of("brief").rateLimit(limit));
			Explanation explanation = explained(explainer, job.id(), Cause.RATE_LIMITED);
			assertThat(explanation.text()).startsWith(
					"Rate limit 'smtp' lets 1 job start within 1 h, and 1 have or may. The job is number 1 of 1 "
							+ "that wait. The next place is free at ");
			assertThat(explanation.evidence()).containsEntry("window", Duration.ofHours(1)).containsKey("nextFree");
			RateLimit bucket = RateLimit.key("sms").limit(1, Duration.ofHours(1)).burst(1);
			ended(jobs, explainer, JobRequest.of("brief").rateLimit(bucket), JobStatus.FINISHED);
			Job even = jobs.enqueue(JobRequest.of("brief").rateLimit(bucket));
			assertThat(explained(explainer, even.id(), Cause.RATE_LIMITED).text()).isEqualTo(
					"Rate limit 'sms' lets 1 job start in 1 h, evenly and 1 at once at most. The job is number 1 of 1 "
							+ "that wait.");
		});
	}

	@Test
	void aRunWhoseWorkerIsGone() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief"));
			ExecutionStore dies = new ExecutionStore(this.scripts, Clock.systemUTC(),
					new WorkerLease("dies", Duration.ofSeconds(2), Duration.ofSeconds(1)), TestStores.MAX_PAYLOAD);
			assertThat(dies.claim(List.of("java"), 1, false).claims()).hasSize(1);
			assertThat(explainer.explain(job.id()).cause()).isEqualTo(Cause.RUNNING);
			Explanation explanation = explained(explainer, job.id(), Cause.LEASE_EXPIRED);
			assertThat(explanation.text()).startsWith("The lease of its run on worker dies has run out at ")
				.endsWith("The job waits to be put back on its queue.");
			assertThat(explanation.remedy()).startsWith("Start a Java worker on queue 'java'");
			this.template.delete(key("java", "rq:wip:java"));
			explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.LEASE_MISSING);
			assertThat(explanation.text()).contains("no lease stands for that run");
		});
	}

	@Test
	void anIdThatAWorkerHasTakenAndTheWorkerIsGone() {
		producer((jobs, explainer) -> {
			WorkerStore workers = new WorkerStore(this.scripts, Clock.systemUTC());
			WorkerStore.WorkerIdentity waits = new WorkerStore.WorkerIdentity("waits", List.of("java"), "host", 1,
					Clock.systemUTC().instant(), "1", "Java 17");
			workers.register(waits, TestStores.UNTOLD, Duration.ofSeconds(30));
			Job job = jobs.enqueue(JobRequest.of("brief"));
			try (QueueWait wait = new QueueWait(this.scripts, "java", "waits", Duration.ofSeconds(1))) {
				assertThat(wait.await(Duration.ofSeconds(1), true)).isTrue();
			}
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.TAKEN);
			assertThat(explanation.text()).startsWith("Worker waits has just taken the job off queue 'java'");
			this.template.delete(key("java", "rq:worker:waits"));
			explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.TAKER_GONE);
			assertThat(explanation.text()).contains("and is gone");
		});
	}

	@Test
	void aJobThatAProcessOfRq3IsAboutToEnqueue() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief"));
			this.template.opsForList().remove(key("java", "rq:queue:java"), 0, job.id());
			assertThat(explainer.explain(job.id()).cause()).isEqualTo(Cause.ASTRAY);
			this.template.opsForHash().put(key("java", "rq:job:" + job.id()), "status", "ready_to_enqueue");
			this.template.opsForZSet().add(key("java", "rq:ready:java"), job.id(), System.currentTimeMillis() / 1000);
			assertThat(explainer.explain(job.id()).cause()).isEqualTo(Cause.READY);
		});
	}

	@Test
	void ofALongQueueOnlyTheEndsAreSearched() {
		producer((jobs, explainer) -> {
			String[] others = IntStream.range(0, 15_000).mapToObj((i) -> "x" + i).toArray(String[]::new);
			this.template.opsForList().rightPushAll(key("java", "rq:queue:java"), others);
			Job job = jobs.enqueue(JobRequest.of("brief"));
			this.template.opsForList().rightPushAll(key("java", "rq:queue:java"), others);
			Explanation explanation = explainer.explain(job.id());
			assertThat(explanation.cause()).isEqualTo(Cause.NO_WORKER);
			assertThat(explanation.evidence()).doesNotContainKey("position").containsEntry("waiting", 30_001L);
		});
	}

	@Test
	void keysOfAnotherTypeChangeNothing() {
		producer((jobs, explainer) -> {
			Job job = jobs.enqueue(JobRequest.of("brief"));
			for (String key : List.of(key("java", "rq:wip:java"), key("java", "rq:workers:java"),
					key("java", "rq:takers:java"), key("java", "rq:scheduler-lock:java"),
					key("java", "rq:queue:java:intermediate"), key("java", "rq:executions:" + job.id()),
					key("java", "rq:failed:java"))) {
				this.template.opsForHash().put(key, "a", "b");
			}
			assertThat(explainer.explain(job.id()).cause()).isEqualTo(Cause.NO_WORKER);
		});
	}

	static class JavaJobs {

		@RqJob(name = "block", queue = "java")
		void block(JobContext context) throws InterruptedException {
			started.add(context.job().id());
			end.await();
		}

		@RqJob(name = "brief", queue = "java")
		void brief() {
		}

		@RqJob(name = "count", queue = "java")
		void count(int number) {
			throw new IllegalStateException("bang", new IOException("disk"));
		}

	}

}
