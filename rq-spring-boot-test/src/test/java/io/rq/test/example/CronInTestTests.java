package io.rq.test.example;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for cron jobs in tests.
 */
@RqTest
@Import(Mailbox.class)
class CronInTestTests {

	@Autowired
	private RqTestOperations test;

	@Test
	void cronJobsFireWhenTheClockPassesThem() {
		this.test.advance(Duration.ofHours(3));
		assertThat(this.test).hasEnqueued(MailJobs::report).times(3);
		assertThat(this.test.runDue()).extracting(RunReport::function).containsOnly("mail.report").hasSize(3);
	}

}
