package io.rq.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.queue.RegisteredWorker;
import io.rq.queue.Registry;
import io.rq.redis.WorkerStore;
import io.rq.redis.WorkerStore.WorkerIdentity;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.template.StoredJobs;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for an application that is replaced by another version of itself, in which a
 * method has another name.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class DeploymentTests {

	private final ApplicationContextRunner runner;

	private final WorkerStore workers;

	DeploymentTests(TestRedis redis) {
		this.workers = new WorkerStore(TestStores.scripts(redis.connectionFactory()), Clock.systemUTC());
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, JacksonAutoConfiguration.class,
					RqAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.url=" + redis.url(), "rq.worker.queues=default",
					"rq.scheduler.interval=100ms");
	}

	private static void awaitEnd(JobTemplate jobs, List<Job> enqueued) {
		List<String> ids = enqueued.stream().map(Job::id).toList();
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.until(() -> jobs.findAll(ids)
				.stream()
				.allMatch((job) -> job.status() == JobStatus.FINISHED || job.status() == JobStatus.FAILED));
	}

	@Test
	void whileOldAndNewShareAQueueNoJobFailsForItsName() {
		shareAQueue((producers) -> producers.enqueue(200));
	}

	@Test
	@Tag("long")
	void noJobFailsForItsNameInAMinuteOfOldAndNew() {
		shareAQueue((producers) -> {
			Instant end = Instant.now().plus(Duration.ofMinutes(1));
			while (Instant.now().isBefore(end)) {
				producers.enqueue(50);
				Awaitility.await().until(() -> producers.queues().count("default") < 100);
			}
		});
	}

	@Test
	void noJobFailsForItsNameBesideAWorkerThatDoesNotTellWhatItKnows() {
		this.workers.register(
				new WorkerIdentity("python", List.of("default"), "host", 1, Instant.now(), "2.10", "3.12"),
				TestStores.UNTOLD, Duration.ofMinutes(5));
		shareAQueue((producers) -> producers.enqueue(50));
	}

	private static String name(ApplicationContext context) {
		return context.getBean(WorkerContainer.class).options().name();
	}

	private void shareAQueue(Consumer<Producers> load) {
		this.runner.withBean(Before.class).run((old) -> this.runner.withBean(After.class).run((replaced) -> {
			QueueOperations queues = replaced.getBean(QueueOperations.class);
			Producers producers = new Producers(old.getBean(JobTemplate.class), replaced.getBean(JobTemplate.class),
					queues, new ArrayList<>());
			// who is not on record yet is not known to know a function
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.workers.workers()).extracting(RegisteredWorker::name)
					.contains(name(old), name(replaced)));
			load.accept(producers);
			awaitEnd(producers.after(), producers.enqueued());
			assertThat(queues.count("default", Registry.FAILED)).isZero();
			int ran = old.getBean(Before.class).runs.get() + replaced.getBean(After.class).runs.get();
			assertThat(ran).isEqualTo(producers.enqueued().size());
		}));
	}

	@Test
	void aJobThatNobodyKnowsFailsAtOnceByDefault() {
		this.runner.withBean(Before.class).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue("mail.deliver", 1);
			awaitEnd(jobs, List.of(job));
			assertThat(jobs.find(job.id()).orElseThrow().run().attempts()).isZero();
			assertThat(jobs.executions(job.id())).isEmpty();
			assertThat(jobs.results(job.id()).get(0).exception()).contains("No handler is named 'mail.deliver'");
		});
	}

	@Test
	void aJobThatNobodyKnowsHasItsGraceInWhichAWorkerMayCome(CapturedOutput output) {
		this.runner.withBean(Before.class).withPropertyValues("rq.worker.unknown-function-grace=60s").run((old) -> {
			JobTemplate jobs = old.getBean(JobTemplate.class);
			Job job = jobs.enqueue("mail.deliver", 1);
			Awaitility.await().until(() -> jobs.find(job.id()).orElseThrow().status() == JobStatus.SCHEDULED);
			assertThat(output).contains("mail.deliver on queue default are put back");
			this.runner.withBean(After.class).run((replaced) -> {
				awaitEnd(jobs, List.of(job));
				assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FINISHED);
				assertThat(replaced.getBean(After.class).runs).hasValue(1);
			});
		});
	}

	@Test
	void theGraceHasAnEnd() {
		this.runner.withBean(Before.class)
			.withPropertyValues("rq.worker.unknown-function-grace=1500ms")
			.run((context) -> {
				JobTemplate jobs = context.getBean(JobTemplate.class);
				Job job = jobs.enqueue("mail.deliver", 1);
				awaitEnd(jobs, List.of(job));
				assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FAILED);
			});
	}

	@Test
	void jobsUnderAFormerNameRunAndNewOnesGetTheNewName() {
		this.runner.withBean(After.class).run((context) -> {
			JobTemplate jobs = context.getBean(JobTemplate.class);
			Job job = jobs.enqueue("mail.send", 1);
			assertThat(jobs.call(job.id()).orElseThrow().function()).isEqualTo("mail.deliver");
			awaitEnd(jobs, List.of(job));
			assertThat(context.getBean(After.class).runs).hasValue(1);
		});
	}

	@Test
	void storedJobsThatWouldNotRunAreNamed() {
		this.runner.withBean(Before.class).withPropertyValues("rq.worker.auto-startup=false").run((old) -> {
			JobTemplate jobs = old.getBean(JobTemplate.class);
			jobs.enqueue("mail.send", 1);
			Job later = jobs.enqueue(JobRequest.of("mail.send", 2).in(Duration.ofHours(1)));
			Job report = jobs.enqueue("report", "text");
			Job gone = jobs.enqueue(JobRequest.of("gone").dependsOn(later));
			StoredJobs.Report fits = old.getBean(StoredJobs.class).check();
			assertThat(fits.looked()).isEqualTo(4);
			assertThat(fits.misfits()).extracting(StoredJobs.Misfit::jobId).containsExactly(gone.id());
			this.runner.withBean(After.class).withPropertyValues("rq.worker.auto-startup=false").run((replaced) -> {
				StoredJobs.Report found = replaced.getBean(StoredJobs.class).check();
				assertThat(found.complete()).isTrue();
				assertThat(found.misfits()).extracting(StoredJobs.Misfit::jobId, StoredJobs.Misfit::registry)
					.containsExactlyInAnyOrder(tuple(report.id(), Registry.QUEUED),
							tuple(gone.id(), Registry.DEFERRED));
				assertThat(found.toString()).contains("2 of 4 stored jobs", report.id(), "int",
						"No handler is named 'gone'", "aliases");
			});
		});
	}

	@Test
	void jobsOnQueuesThatOnlyAWorkerIsForAreLookedAtToo() {
		this.runner.withBean(Before.class)
			.withPropertyValues("rq.worker.auto-startup=false", "rq.worker.queues=high,default")
			.run((context) -> {
				JobTemplate jobs = context.getBean(JobTemplate.class);
				Job gone = jobs.enqueue(JobRequest.of("gone").queue("high"));
				jobs.enqueue(JobRequest.of("of.others").queue("others"));
				assertThat(context.getBean(StoredJobs.class).check().misfits()).extracting(StoredJobs.Misfit::jobId)
					.containsExactly(gone.id());
			});
	}

	@Test
	void anApplicationCanRefuseToStartWithSuchJobs(CapturedOutput output) {
		this.runner.withBean(Before.class).withPropertyValues("rq.worker.auto-startup=false").run((old) -> {
			Job report = old.getBean(JobTemplate.class).enqueue("report", "text");
			this.runner.withBean(After.class)
				.withPropertyValues("rq.doctor.stored-jobs=fail")
				.run((replaced) -> assertThat(replaced).getFailure().rootCause().hasMessageContaining(report.id()));
			this.runner.withBean(After.class)
				.withPropertyValues("rq.doctor.stored-jobs=warn", "rq.worker.auto-startup=false")
				.run((replaced) -> assertThat(replaced).hasNotFailed());
			assertThat(output).contains("1 of 1 stored jobs would fail", report.id());
			assertThat(old.getBean(QueueOperations.class).count("default")).isOne();
		});
	}

	private record Producers(JobTemplate before, JobTemplate after, QueueOperations queues, List<Job> enqueued) {

		void enqueue(int times) {
			this.enqueued.addAll(this.before.enqueueAll(requests("mail.send", times)));
			this.enqueued.addAll(this.after.enqueueAll(requests("mail.deliver", times)));
		}

		private static List<JobRequest> requests(String function, int times) {
			return IntStream.range(0, times).mapToObj((i) -> JobRequest.of(function, i)).toList();
		}

	}

	static class Before {

		private final AtomicInteger runs = new AtomicInteger();

		@RqJob(name = "mail.send")
		void send(int number) {
			this.runs.incrementAndGet();
		}

		@RqJob(name = "report")
		void report(String text) {
		}

	}

	static class After {

		private final AtomicInteger runs = new AtomicInteger();

		@RqJob(name = "mail.deliver", aliases = "mail.send")
		void deliver(int number) {
			this.runs.incrementAndGet();
		}

		@RqJob(name = "report")
		void report(int number) {
		}

	}

}
