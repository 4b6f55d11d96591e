package io.rq.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.annotation.RqJob;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;
import io.rq.template.StoredJobs;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

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

	DeploymentTests(TestRedis redis) {
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
		this.runner.withBean(Before.class).run((old) -> this.runner.withBean(After.class).run((replaced) -> {
			JobTemplate before = old.getBean(JobTemplate.class);
			JobTemplate after = replaced.getBean(JobTemplate.class);
			List<Job> enqueued = new ArrayList<>();
			IntStream.range(0, 200).forEach((i) -> {
				enqueued.add(before.enqueue("mail.send", i));
				enqueued.add(after.enqueue("mail.deliver", i));
			});
			awaitEnd(after, enqueued);
			QueueOperations queues = replaced.getBean(QueueOperations.class);
			assertThat(queues.count("default", Registry.FAILED)).isZero();
			int ran = old.getBean(Before.class).runs.get() + replaced.getBean(After.class).runs.get();
			assertThat(ran).isEqualTo(400);
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
