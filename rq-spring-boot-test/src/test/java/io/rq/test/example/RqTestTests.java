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
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

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
		Job job = this.jobs.enqueue(JobRequest.of(Invoices::send, 7));
		this.test.runAll();
		assertThat(this.jobs.result(job.id(), String.class)).contains("Invoice 7");
	}

	@Test
	void whatChangesTheMapperOrTheTemplateIsFound() {
		this.jobs.enqueue(MailJobs::sendTo, Street.named("Elm Street"));
		assertThat(this.test).hasEnqueued(MailJobs::sendTo).withArguments(Street.named("Elm Street"));
		this.test.runDue();
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
		assertThat(this.test).hasEnqueuedNothing();
		assertThat(this.jobs.exists("some")).isFalse();
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).id("some"));
		this.test.runAll();
		assertThat(this.test.runs()).hasSize(1);
	}

	@Test
	void jobsAreFoundAsTheyAre() {
		Job job = this.jobs
			.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).in(Duration.ofHours(1)));
		assertThat(job.status()).isEqualTo(JobStatus.SCHEDULED);
		assertThat(this.jobs.find(job.id())).contains(job);
		assertThat(this.jobs.scheduledTime(job.id())).hasValueSatisfying((time) -> assertThat(time)
			.isBetween(this.test.now().plus(Duration.ofMinutes(59)), this.test.now().plus(Duration.ofHours(1))));
	}

	@Test
	void argumentsAreChecked() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.jobs.enqueue(MailJobs.class.getName() + ".sendWelcome", "ada@example.org"));
		assertThat(this.test).hasEnqueuedNothing();
	}

	@Test
	void uniqueJobsAreUnique() {
		JobRequest request = JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).id("one").unique();
		this.jobs.enqueue(request);
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> this.jobs.enqueue(request));
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).times(1);
	}

	@Test
	void jobsRunByTheHandlersOfTheApplication() {
		Job job = this.jobs.enqueue(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.of("ada", "bob"));
		assertThat(this.jobs.count("default")).isOne();
		assertThat(this.test.runDue()).singleElement().satisfies((run) -> {
			assertThat(run.jobId()).isEqualTo(job.id());
			assertThat(run.outcome()).isEqualTo(RunOutcome.FINISHED);
			assertThat(run.failure()).isNull();
		});
		assertThat(this.jobs.count("default")).isZero();
		assertThat(this.jobs.result(job.id(), Integer.class)).contains(2);
		assertThat(this.jobs.find(job.id())).map(Job::status).contains(JobStatus.FINISHED);
		assertThat(this.mailbox.mails()).contains("Good bye ada", "Good bye bob");
	}

	@Test
	void retriesWaitForTheClock() {
		this.mailbox.failNext(2);
		Job job = this.jobs.enqueue(MailJobs::sendWelcome, "eve@example.org", 1L);
		assertThat(this.test.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.RETRIED);
		assertThat(this.test.runDue()).isEmpty();
		this.test.advance(Duration.ofSeconds(10));
		assertThat(this.test.runDue()).singleElement().satisfies((run) -> {
			assertThat(run.attempt()).isEqualTo(2);
			assertThat(run.outcome()).isEqualTo(RunOutcome.RETRIED);
			assertThat(run.failure()).hasMessage("The server is away");
		});
		this.test.advance(Duration.ofSeconds(30));
		assertThat(this.test.runDue()).isEmpty();
		this.test.advance(Duration.ofSeconds(30));
		assertThat(this.test.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.FINISHED);
		assertThat(this.jobs.results(job.id())).extracting(JobResult::type)
			.containsExactly(JobResult.Type.SUCCESSFUL, JobResult.Type.RETRIED, JobResult.Type.RETRIED);
	}

	@Test
	void allJobsRunToTheirEnd() {
		this.mailbox.failNext(3);
		this.jobs.enqueue(MailJobs::sendWelcome, "eve@example.org", 1L);
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 2L).in(Duration.ofDays(30)));
		assertThat(this.test.runAll()).extracting(RunReport::outcome)
			.containsExactly(RunOutcome.RETRIED, RunOutcome.RETRIED, RunOutcome.FAILED, RunOutcome.FINISHED);
		assertThat(this.mailbox.mails()).contains("Welcome ada@example.org as 2");
	}

	@Test
	void jobsWaitForOthers() {
		Job first = this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).id("first"));
		Job second = this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "b", 2L).dependsOn(Dependency.on(first)));
		assertThat(second.status()).isEqualTo(JobStatus.DEFERRED);
		assertThat(this.jobs.dependents("first")).containsExactly(second.id());
		assertThat(this.test.runDue()).extracting(RunReport::jobId).containsExactly("first", second.id());
	}

	@Test
	void jobsRepeat() {
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).repeat(Repeat.times(2).intervals(60, 3600)));
		assertThat(this.test.runDue()).hasSize(1);
		this.test.advance(Duration.ofHours(1));
		assertThat(this.test.runDue()).hasSize(1);
		this.test.advance(Duration.ofMinutes(1));
		assertThat(this.test.runAll()).hasSize(1);
	}

	@Test
	void endlessJobsAreToldOf() {
		this.jobs.enqueue(JobRequest.of(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.<String>of())
			.repeat(Repeat.times(20_000).intervals(1)));
		assertThatIllegalStateException().isThrownBy(this.test::runAll).withMessageContaining("repeat for ever");
	}

	@Test
	void timeoutsComeWithTheClock() throws Exception {
		this.jobs.enqueue(MailJobs::sleep);
		CompletableFuture<List<RunReport>> runs = CompletableFuture.supplyAsync(this.test::runDue);
		assertThat(this.mailJobs.sleeping().await(10, TimeUnit.SECONDS)).isTrue();
		this.test.advance(Duration.ofMinutes(11));
		assertThat(runs.get(10, TimeUnit.SECONDS)).singleElement()
			.satisfies((run) -> assertThat(run.failure()).isInstanceOf(JobTimeoutException.class));
	}

	@Test
	void jobsAreControlled() {
		Job job = this.jobs.enqueue(MailJobs::sendWelcome, "a", 1L);
		assertThat(this.jobs.cancel(job.id())).isTrue();
		assertThat(this.test.runAll()).isEmpty();
		assertThat(this.jobs.requeue(job.id())).isTrue();
		assertThat(this.test.runAll()).hasSize(1);
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.jobs.cancel(job.id()))
			.withMessageContaining("finished");
		assertThat(this.jobs.delete(job.id())).isTrue();
		assertThat(this.jobs.exists(job.id())).isFalse();
	}

	@Test
	void resultsExpireWithTheClock() {
		Job job = this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "a", 1L).resultTtl(Duration.ofHours(1)));
		this.test.runAll();
		this.test.advance(Duration.ofMinutes(59));
		assertThat(this.jobs.exists(job.id())).isTrue();
		this.test.advance(Duration.ofMinutes(2));
		assertThat(this.jobs.exists(job.id())).isFalse();
	}

	@Test
	void whatIsNotRecordedNamesTheRemedy() {
		WorkerOperations workers = this.context.getBean(WorkerOperations.class);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(workers::all)
			.withMessageContaining("set 'redis' of @RqTest or @AutoConfigureRq to EMBEDDED");
	}

}
