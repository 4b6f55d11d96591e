package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import io.rq.handler.RunOutcome;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;
import io.rq.test.autoconfigure.RqTestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the application's own Redis and worker in tests.
 */
@RqTest(redis = RqTestRedis.APPLICATION,
		properties = { "rq.embedded-redis.enabled=true", "rq.worker.auto-startup=true", "rq.cron.enabled=false" })
@Import(Mailbox.class)
class WorkerInTestTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Test
	void runsOfWorkersAreSeen() {
		this.jobs.enqueue(MailJobs::sendWelcome, "worker@example.org", 1L);
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome);
		await().untilAsserted(
				() -> assertThat(this.test.runs()).extracting(RunReport::outcome).containsExactly(RunOutcome.FINISHED));
	}

}
