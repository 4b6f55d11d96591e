package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for recorded jobs that run inline.
 */
@RqTest(properties = { "rq.template.inline=true", "rq.cron.enabled=false" })
@Import(Mailbox.class)
class InlineTestTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private Mailbox mailbox;

	@Test
	void jobsRunBeforeEnqueueReturns() {
		Job job = this.jobs.enqueue(MailJobs::sendWelcome, "inline@example.org", 1L);
		assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
		assertThat(this.mailbox.mails()).contains("Welcome inline@example.org as 1");
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome);
		assertThat(this.test.runs()).hasSize(1);
	}

}
