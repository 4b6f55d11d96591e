package io.rq.test.example;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import io.rq.handler.JobContext;
import io.rq.job.Dependency;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.RateLimit;
import io.rq.job.ResultTimeoutException;
import io.rq.queue.Registry;
import io.rq.template.JobGroup;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for what holds of jobs in memory as it does of those in Redis.
 */
@Import(Mailbox.class)
abstract class AbstractSameOnBothTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private QueueOperations queues;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private Mailbox mailbox;

	private static JobRequest welcome(String address) {
		return JobRequest.of(MailJobs::sendWelcome, address, 42L);
	}

	private List<JobStatus> statuses(List<Job> of) {
		return of.stream().map((job) -> this.jobs.find(job.id()).orElseThrow().status()).toList();
	}

	@Test
	void groupsAreCountedAndDeleted() {
		JobGroup group = this.jobs.group("campaign");
		assertThat(group.isDone()).isTrue();
		group.enqueueAll(List.of(welcome("ada").resultTtl(Duration.ofDays(1)), welcome("bob").in(Duration.ofHours(1))));
		Job other = this.jobs.enqueue(welcome("eve"));
		assertThat(this.jobs.groups()).containsExactly("campaign");
		assertThat(group.jobIds()).hasSize(2).doesNotContain(other.id());
		assertThat(group.counts()).containsOnlyKeys(JobStatus.QUEUED, JobStatus.SCHEDULED);
		assertThat(group.isDone()).isFalse();
		this.test.runAll();
		assertThat(group.counts()).containsEntry(JobStatus.FINISHED, 2L);
		assertThat(group.isDone()).isTrue();
		assertThat(group.delete()).isEqualTo(2);
		assertThat(this.jobs.groups()).isEmpty();
	}

	@Test
	void jobsOfAPausedQueueStay() {
		this.queues.pause("mail", "no mails today");
		this.jobs.enqueue(welcome("ada"));
		this.jobs.enqueue(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.of("bob"));
		assertThat(this.test.runDue()).hasSize(1);
		assertThat(this.queues.pauses()).hasEntrySatisfying("mail",
				(pause) -> assertThat(pause.reason()).isEqualTo("no mails today"));
		assertThat(this.queues.count("mail", Registry.QUEUED)).isOne();
		assertThat(this.queues.unpause("mail")).isTrue();
		assertThat(this.test.runDue()).hasSize(1);
		assertThat(this.queues.count("mail", Registry.FINISHED)).isOne();
	}

	@Test
	void jobsOfOtherProgramsStay() {
		Job invoice = this.jobs.enqueue(JobRequest.of("billing.tasks.invoice", 42).queue("billing"));
		Job afterIt = this.jobs.enqueue(welcome("ada").dependsOn(Dependency.on(invoice)));
		Job own = this.jobs.enqueue(welcome("bob"));
		Job close = this.jobs
			.enqueue(JobRequest.of("billing.tasks.close").queue("billing").dependsOn(Dependency.on(own)));
		Job ownOnTheirQueue = this.jobs.enqueue(welcome("eve").queue("billing"));
		assertThat(this.test.runAll()).extracting(RunReport::jobId)
			.containsExactlyInAnyOrder(own.id(), ownOnTheirQueue.id());
		assertThat(this.test).hasNoFailures();
		assertThat(statuses(List.of(invoice, close, afterIt))).containsExactly(JobStatus.QUEUED, JobStatus.QUEUED,
				JobStatus.DEFERRED);
	}

	@Test
	void jobsThatNobodyKnowsFailOnQueuesOfThisApplication() {
		Job ofAHandler = this.jobs.enqueue(JobRequest.of("mail.unknown").queue("mail"));
		Job ofTheWorker = this.jobs.enqueue(JobRequest.of("mail.unknown").queue("bulk"));
		assertThat(this.test.runDue()).hasSize(2);
		assertThat(statuses(List.of(ofAHandler, ofTheWorker))).containsOnly(JobStatus.FAILED);
	}

	@Test
	void aDividedQueueIsMeantWithItsPartitions() {
		this.jobs.enqueueAll(IntStream.range(0, 20).mapToObj((i) -> welcome("ada").queue("bulk")).toList());
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).onQueue("bulk").times(20);
		assertThat(this.queues.count("bulk")).isEqualTo(20);
		this.queues.pause("bulk", "later");
		assertThat(this.test.runDue()).isEmpty();
		this.queues.unpause("bulk");
		assertThat(this.test.runDue()).hasSize(20);
		assertThat(this.queues.count("bulk", Registry.FINISHED)).isEqualTo(20);
	}

	@Test
	void suspendedWorkersAreToldOf() {
		this.queues.suspend();
		assertThat(this.queues.isSuspended()).isTrue();
		this.jobs.enqueue(welcome("ada"));
		assertThatIllegalStateException().isThrownBy(this.test::runDue).withMessageContaining("suspended");
		assertThat(this.queues.resume()).isTrue();
		assertThat(this.test.runDue()).hasSize(1);
	}

	@Test
	void queuesAreReadAndEmptied() {
		Job first = this.jobs.enqueue(welcome("ada"));
		Job second = this.jobs.enqueue(welcome("bob"));
		Job waits = this.jobs.enqueue(welcome("eve").dependsOn(Dependency.on(second)));
		assertThat(this.queues.names()).contains("mail");
		assertThat(this.queues.ids("mail", Registry.QUEUED, 0, 10)).containsExactly(first.id(), second.id());
		assertThat(this.queues.position("mail", second.id()))
			.hasValueSatisfying((position) -> assertThat(position.before()).isOne());
		assertThat(this.queues.remove("mail", first.id())).isTrue();
		assertThat(statuses(List.of(first))).containsExactly(JobStatus.CREATED);
		assertThat(this.queues.empty("mail")).isOne();
		assertThat(this.jobs.exists(second.id())).isFalse();
		assertThat(statuses(List.of(waits))).containsExactly(JobStatus.FAILED);
	}

	@Test
	void jobsBeyondTheirRateLimitWaitForAPlace() {
		List<Job> limited = this.jobs.enqueueAll(List.of(welcome("ada").rateLimit(RateLimit.key("smtp").concurrency(2)),
				welcome("bob").rateLimit(RateLimit.key("smtp").concurrency(2)),
				welcome("eve").rateLimit(RateLimit.key("smtp").concurrency(2))));
		assertThat(statuses(limited)).containsExactly(JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.RATE_LIMITED);
		this.jobs.cancel(limited.get(0).id());
		assertThat(statuses(limited)).containsExactly(JobStatus.CANCELED, JobStatus.QUEUED, JobStatus.QUEUED);
		assertThat(this.test.runDue()).hasSize(2);
	}

	@Test
	void placesOfARateLimitGoFromOneToTheNext() {
		this.mailbox.failNext(1);
		List<Job> limited = this.jobs.enqueueAll(List.of(welcome("ada").rateLimit(RateLimit.key("smtp").concurrency(1)),
				welcome("bob").rateLimit(RateLimit.key("smtp").concurrency(1))));
		assertThat(this.test.runDue()).hasSize(2);
		assertThat(statuses(limited)).containsExactly(JobStatus.SCHEDULED, JobStatus.FINISHED);
		assertThat(this.test.runAll()).hasSize(1);
		assertThat(statuses(limited)).containsOnly(JobStatus.FINISHED);
	}

	@Test
	void resultsAreWaitedFor() {
		Job job = this.jobs.enqueue(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.of("ada", "bob"));
		CompletableFuture<Integer> value = this.jobs.handle(job.id(), Integer.class).result();
		assertThatExceptionOfType(ResultTimeoutException.class)
			.isThrownBy(() -> this.jobs.awaitResult(job.id(), Duration.ofMillis(10)));
		this.test.runDue();
		assertThat(value).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(2);
		assertThat(this.jobs.awaitResult(job.id(), Duration.ofSeconds(10)).type()).isEqualTo(JobResult.Type.SUCCESSFUL);
	}

	@Test
	void whoWaitsIsToldThatThereWillBeNoResult() {
		Job job = this.jobs.enqueue(welcome("ada"));
		CompletableFuture<?> value = this.jobs.handle(job.id(), Object.class).result();
		this.jobs.cancel(job.id());
		assertThat(value).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(NoJobResultException.class)
			.withMessageContaining("cancelled");
		assertThatExceptionOfType(NoJobResultException.class)
			.isThrownBy(() -> this.jobs.awaitResult("missing", Duration.ofSeconds(10)));
	}

}
