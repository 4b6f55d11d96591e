package io.rq.test.example;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;

import io.rq.handler.JobContext;
import io.rq.handler.JobTimeoutException;
import io.rq.handler.RunOutcome;
import io.rq.job.Dependency;
import io.rq.job.DuplicateJobException;
import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.Repeat;
import io.rq.scheduler.SchedulerContainer;
import io.rq.template.JobOperations;
import io.rq.template.WorkerOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RqTest @RqTest}, whose jobs are in memory.
 */
@RqTest(properties = "rq.cron.enabled=false")
@Import(Mailbox.class)
class RqTestTests {

	@Autowired
	private JobOperations operations;

	@Autowired
	private RqTestOperations jobs;

	@Autowired
	private Mailbox mailbox;

	@Autowired
	private MailJobs mailJobs;

	@Autowired
	private ApplicationContext context;

	@Test
	void onlyJobsAreFound() {
		assertThat(this.context.getBeansOfType(MailJobs.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(SignUpService.class)).isEmpty();
	}

	@Test
	void jobsOfAnInterfaceAreFoundByTheirComponent() {
		Job job = this.operations.enqueue(JobRequest.of(Invoices::send, 7));
		this.jobs.runAll();
		assertThat(this.operations.result(job.id(), String.class)).contains("Invoice 7");
	}

	@Test
	void whatChangesTheMapperOrTheTemplateIsFound() {
		this.operations.enqueue(MailJobs::sendTo, Street.named("Elm Street"));
		assertThat(this.jobs).hasEnqueued(MailJobs::sendTo).withArguments(Street.named("Elm Street"));
		this.jobs.runDue();
		assertThat(this.mailbox.mails()).contains("To Elm Street");
		assertThat(this.context.getBeansOfType(TownModule.class)).hasSize(1);
		assertThat(this.context.getBean(TemplateChanges.class).templates()).isOne();
	}

	@Test
	void nothingStartsByItself() {
		assertThat(this.context.getBeansOfType(SchedulerContainer.class)).isEmpty();
		assertThat(this.context.getBean(WorkerContainer.class).isRunning()).isFalse();
	}

	@RepeatedTest(2)
	void eachTestBeginsWithoutJobs() {
		assertThat(this.jobs).hasEnqueuedNothing();
		assertThat(this.operations.exists("some")).isFalse();
		this.operations.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).id("some"));
		this.jobs.runAll();
		assertThat(this.jobs.runs()).hasSize(1);
	}

	@Test
	void jobsAreFoundAsTheyAre() {
		Job job = this.operations
			.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).in(Duration.ofHours(1)));
		assertThat(job.status()).isEqualTo(JobStatus.SCHEDULED);
		assertThat(this.operations.find(job.id())).contains(job);
		assertThat(this.operations.scheduledTime(job.id())).hasValueSatisfying((time) -> assertThat(time)
			.isBetween(this.jobs.now().plus(Duration.ofMinutes(59)), this.jobs.now().plus(Duration.ofHours(1))));
	}

	@Test
	void argumentsAreChecked() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.operations.enqueue(MailJobs.class.getName() + ".sendWelcome", "ada@example.org"));
		assertThat(this.jobs).hasEnqueuedNothing();
	}

	@Test
	void uniqueJobsAreUnique() {
		JobRequest request = JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).id("one").unique();
		this.operations.enqueue(request);
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> this.operations.enqueue(request));
		assertThat(this.jobs).hasEnqueued(MailJobs::sendWelcome).times(1);
	}

	@Test
	void jobsRunByTheHandlersOfTheApplication() {
		Job job = this.operations.enqueue(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.of("ada", "bob"));
		assertThat(this.operations.count("default")).isOne();
		assertThat(this.jobs.runDue()).singleElement().satisfies((run) -> {
			assertThat(run.jobId()).isEqualTo(job.id());
			assertThat(run.outcome()).isEqualTo(RunOutcome.FINISHED);
			assertThat(run.failure()).isNull();
		});
		assertThat(this.operations.count("default")).isZero();
		assertThat(this.operations.result(job.id(), Integer.class)).contains(2);
		assertThat(this.operations.find(job.id())).map(Job::status).contains(JobStatus.FINISHED);
		assertThat(this.mailbox.mails()).contains("Good bye ada", "Good bye bob");
	}

	@Test
	void retriesWaitForTheClock() {
		this.mailbox.failNext(2);
		Job job = this.operations.enqueue(MailJobs::sendWelcome, "eve@example.org", 1L);
		assertThat(this.jobs.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.RETRIED);
		assertThat(this.jobs.runDue()).isEmpty();
		this.jobs.advance(Duration.ofSeconds(10));
		assertThat(this.jobs.runDue()).singleElement().satisfies((run) -> {
			assertThat(run.attempt()).isEqualTo(2);
			assertThat(run.outcome()).isEqualTo(RunOutcome.RETRIED);
			assertThat(run.failure()).hasMessage("The server is away");
		});
		this.jobs.advance(Duration.ofSeconds(30));
		assertThat(this.jobs.runDue()).isEmpty();
		this.jobs.advance(Duration.ofSeconds(30));
		assertThat(this.jobs.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.FINISHED);
		assertThat(this.operations.results(job.id())).extracting(JobResult::type)
			.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED, JobResult.Type.RETRIED);
	}

	@Test
	void allJobsRunToTheirEnd() {
		this.mailbox.failNext(3);
		this.operations.enqueue(MailJobs::sendWelcome, "eve@example.org", 1L);
		this.operations.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 2L).in(Duration.ofDays(30)));
		assertThat(this.jobs.runAll()).extracting(RunReport::outcome)
			.containsExactly(RunOutcome.RETRIED, RunOutcome.RETRIED, RunOutcome.FAILED, RunOutcome.FINISHED);
		assertThat(this.mailbox.mails()).contains("Welcome ada@example.org as 2");
	}

	@Test
	void jobsWaitForOthers() {
		Job first = this.operations.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).id("first"));
		Job second = this.operations
			.enqueue(JobRequest.of(MailJobs::sendWelcome, "b", 2L).dependsOn(Dependency.on(first)));
		assertThat(second.status()).isEqualTo(JobStatus.DEFERRED);
		assertThat(this.operations.dependents("first")).containsExactly(second.id());
		assertThat(this.jobs.runDue()).extracting(RunReport::jobId).containsExactly("first", second.id());
	}

	@Test
	void jobsRepeat() {
		this.operations
			.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).repeat(Repeat.times(2).intervals(60, 3600)));
		assertThat(this.jobs.runDue()).hasSize(1);
		this.jobs.advance(Duration.ofHours(1));
		assertThat(this.jobs.runDue()).hasSize(1);
		this.jobs.advance(Duration.ofMinutes(1));
		assertThat(this.jobs.runAll()).hasSize(1);
	}

	@Test
	void endlessJobsAreToldOf() {
		this.operations.enqueue(JobRequest.of(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.<String>of())
			.repeat(Repeat.times(20_000).intervals(1)));
		assertThatIllegalStateException().isThrownBy(this.jobs::runAll).withMessageContaining("repeat for ever");
	}

	@Test
	void timeoutsComeWithTheClock() throws Exception {
		this.operations.enqueue(MailJobs::sleep);
		CompletableFuture<List<RunReport>> runs = CompletableFuture.supplyAsync(this.jobs::runDue);
		assertThat(this.mailJobs.sleeping().await(10, TimeUnit.SECONDS)).isTrue();
		this.jobs.advance(Duration.ofMinutes(11));
		assertThat(runs.get(10, TimeUnit.SECONDS)).singleElement()
			.satisfies((run) -> assertThat(run.failure()).isInstanceOf(JobTimeoutException.class));
	}

	@Test
	void jobsAreControlled() {
		Job job = this.operations.enqueue(MailJobs::sendWelcome, "a", 1L);
		assertThat(this.operations.cancel(job.id())).isTrue();
		assertThat(this.jobs.runAll()).isEmpty();
		assertThat(this.operations.requeue(job.id())).isTrue();
		assertThat(this.jobs.runAll()).hasSize(1);
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.operations.cancel(job.id()))
			.withMessageContaining("finished");
		assertThat(this.operations.delete(job.id())).isTrue();
		assertThat(this.operations.exists(job.id())).isFalse();
	}

	@Test
	void resultsExpireWithTheClock() {
		Job job = this.operations.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).resultTtl(Duration.ofHours(1)));
		this.jobs.runAll();
		this.jobs.advance(Duration.ofMinutes(59));
		assertThat(this.operations.exists(job.id())).isTrue();
		this.jobs.advance(Duration.ofMinutes(2));
		assertThat(this.operations.exists(job.id())).isFalse();
	}

	@Test
	void whatIsNotRecordedNamesTheRemedy() {
		WorkerOperations workers = this.context.getBean(WorkerOperations.class);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(workers::all)
			.withMessageContaining("set 'redis' of @RqTest or @AutoConfigureRq to EMBEDDED");
	}

}
