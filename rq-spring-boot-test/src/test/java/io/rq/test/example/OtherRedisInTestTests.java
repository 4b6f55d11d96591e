package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.rq.job.JobRequest;
import io.rq.template.JobOperations;
import io.rq.template.JobTemplate;
import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jobs that go to another Redis than the application's, and are recorded in
 * tests all the same.
 */
@RqTest(properties = "rq.cron.enabled=false")
@Import(Mailbox.class)
class OtherRedisInTestTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	@Qualifier("reportJobs")
	private JobTemplate reports;

	@Autowired
	private RqTestOperations test;

	@Test
	void jobsOfBothAreSeen() {
		this.jobs.enqueue(MailJobs::sendWelcome, "ada", 42L);
		this.reports.enqueue(JobRequest.of("reports.make").queue("reports"));
		assertThat(this.test).hasEnqueued("reports.make").onQueue("reports");
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).onQueue("mail");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class RecordedReports {

		@Bean(defaultCandidate = false)
		JobTemplate reportJobs(JobTemplate jobs) {
			return jobs;
		}

	}

}
