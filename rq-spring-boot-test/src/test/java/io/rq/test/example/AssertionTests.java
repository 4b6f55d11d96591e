package io.rq.test.example;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import io.rq.handler.JobContext;
import io.rq.handler.RunOutcome;
import io.rq.job.JobRequest;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the assertions on jobs.
 */
@RqTest(properties = "rq.cron.enabled=false")
@Import(Mailbox.class)
class AssertionTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private Mailbox mailbox;

	@Test
	void jobsThatMatchAreFound() {
		this.jobs.enqueue(MailJobs::sendWelcome, "bob@example.org", 41L);
		this.jobs.enqueue(MailJobs::sendWelcome, "ada@example.org", 42L);
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome)
			.withArguments("ada@example.org", 42L)
			.onQueue("mail")
			.retriedAfter(10, 60)
			.atOnce()
			.times(1);
		assertThat(this.test).hasEnqueued(MailJobs.class.getName() + ".sendWelcome").times(2);
		assertThat(this.test).hasEnqueuedCount(2);
	}

	@Test
	void suppliedArgumentsAreNotNamed() {
		this.jobs.enqueue(MailJobs::sayGoodBye, JobContext.SUPPLIED, List.of("ada"));
		assertThat(this.test).hasEnqueued(MailJobs::sayGoodBye).withArguments(List.of("ada")).retriedAfter();
	}

	@Test
	void argumentsByPositionAndByNameGoTogether() {
		String function = MailJobs.class.getName() + ".sendWelcome";
		this.jobs.enqueue(JobRequest.of(function, "ada").kwargs(Map.of("user", 42)));
		assertThat(this.test).hasEnqueued(function).withArguments("ada").withNamedArguments(Map.of("user", 42L));
	}

	@Test
	void jobsWhoseArgumentsWereGivenTheOtherWayDoNotMatch() {
		String function = MailJobs.class.getName() + ".sendWelcome";
		this.jobs.enqueue(function, "ada", 42L);
		this.jobs.enqueue(JobRequest.of(function).kwargs(Map.of("address", "bob", "user", 43L)));
		assertThat(this.test).hasEnqueued(function).withArguments("ada", 42L).times(1);
		assertThat(this.test).hasEnqueued(function).withNamedArguments(Map.of("address", "bob", "user", 43L)).times(1);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(function).withArguments("bob", 43L))
			.withMessageContaining("with the arguments [bob, 43], but there are only");
	}

	@Test
	void functionsOfOthersAreFoundByName() {
		Instant time = Instant.parse("2040-01-01T00:00:00Z");
		this.jobs.enqueue(JobRequest.of("survey.ask", "ada")
			.kwargs(Map.of("lang", "en"))
			.queue("python")
			.id("survey-1")
			.in(Duration.ofDays(7))
			.atFront());
		this.jobs.enqueueAt(time, "survey.close");
		assertThat(this.test).hasEnqueued("survey.ask")
			.withArguments("ada")
			.withNamedArguments(Map.of("lang", "en"))
			.onQueue("python")
			.withId("survey-1")
			.after(Duration.ofDays(7))
			.atFront();
		assertThat(this.test).hasEnqueued("survey.close").at(time);
	}

	@Test
	void messageListsWhatWasEnqueuedInstead() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued("survey.ask"))
			.withMessageContaining("Expected a job of survey.ask, but nothing was enqueued");
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada", 42L).id("one").in(Duration.ofHours(2)));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued("survey.ask"))
			.withMessageContaining(MailJobs.class.getName()
					+ ".sendWelcome(\"ada\", 42) on queue 'mail' after PT2H, retried after [10, 60] s, id one");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).withArguments("bob", 42L))
			.withMessageContaining("with the arguments [bob, 42]")
			.withMessageContaining("(\"ada\", 42)");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).onQueue("default"))
			.withMessageContaining("on queue 'default', but there are only");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).times(2))
			.withMessageContaining("Expected 2 jobs");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.test).hasEnqueuedNothing())
			.withMessageContaining("Expected no job to be enqueued");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.test).hasEnqueuedCount(0))
			.withMessageContaining("Expected 0 jobs to be enqueued");
	}

	@Test
	void argumentsThatCannotBeAreRefused() {
		this.jobs.enqueue(MailJobs::sendWelcome, "ada", 42L);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).withArguments("ada"))
			.withMessageStartingWith(
					"No job of " + MailJobs.class.getName() + ".sendWelcome can have these arguments: ")
			.withMessageContaining("user");
	}

	@Test
	void jobsThatAreNotToBeAreNamed() {
		this.jobs.enqueue(MailJobs::sendWelcome, "ada", 42L);
		assertThat(this.test).hasNotEnqueued(MailJobs::sayGoodBye).hasNotEnqueued("survey.ask");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.test).hasNotEnqueued(MailJobs::sendWelcome))
			.withMessageContaining(
					"Expected no job of " + MailJobs.class.getName() + ".sendWelcome to be enqueued, but there is ")
			.withMessageContaining("(\"ada\", 42)");
	}

	@Test
	void noneIsNoNumberOfJobs() {
		this.jobs.enqueue(MailJobs::sendWelcome, "ada", 42L);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).times(0))
			.withMessageContaining("hasNotEnqueued");
	}

	@Test
	void aRetryThatAJobReturnsIsNoFailure() {
		this.jobs.enqueue(MailJobs::remind, "ada", JobContext.SUPPLIED);
		this.test.runAll();
		assertThat(this.test.runs()).extracting(RunReport::outcome)
			.containsExactly(RunOutcome.RETRIED, RunOutcome.FINISHED);
		assertThat(this.test).hasNoFailures();
	}

	@Test
	void failuresAreNamed() {
		this.jobs.enqueue(MailJobs::sendWelcome, "ada", 42L);
		this.test.runAll();
		assertThat(this.test).hasNoFailures();
		this.mailbox.failNext(1);
		this.jobs.enqueue(MailJobs::sendWelcome, "bob", 43L);
		this.test.runAll();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.test).hasNoFailures())
			.withMessageContaining("attempt 1 of " + MailJobs.class.getName() + ".sendWelcome")
			.withMessageContaining("RETRIED, java.lang.IllegalStateException: The server is away");
	}

}
