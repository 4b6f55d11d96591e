package io.rq.test.example;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jobs in memory, which can do what those in Redis can; the clock of their rate
 * limits can be moved too.
 */
@RqTest(properties = { "rq.cron.enabled=false", "rq.queues.bulk.partitions=4", "rq.worker.queues=bulk,default" })
class SameInMemoryTests extends AbstractSameOnBothTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	private void enqueue(RateLimit limit, int times) {
		for (int i = 0; i < times; i++) {
			this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada", (long) i).rateLimit(limit));
		}
	}

	@Test
	void jobsBeyondALimitByTimeWaitForIt() {
		enqueue(RateLimit.key("smtp").limit(2, Duration.ofMinutes(1)), 5);
		assertThat(this.test.runDue()).hasSize(2);
		this.test.advance(Duration.ofSeconds(59));
		assertThat(this.test.runDue()).isEmpty();
		this.test.advance(Duration.ofSeconds(1));
		assertThat(this.test.runDue()).hasSize(2);
		assertThat(this.test.runAll()).hasSize(1);
	}

	@Test
	void jobsOfAnEvenLimitComeOneByOneAfterTheFirst() {
		enqueue(RateLimit.key("sms").limit(6, Duration.ofMinutes(1)).burst(2), 4);
		assertThat(this.test.runDue()).hasSize(2);
		this.test.advance(Duration.ofSeconds(10));
		assertThat(this.test.runDue()).hasSize(1);
		this.test.advance(Duration.ofSeconds(10));
		assertThat(this.test.runDue()).hasSize(1);
	}

	@Test
	void placesAreGivenAnewInTheNextTest() {
		RateLimit limit = RateLimit.key("smtp").concurrency(1);
		enqueue(limit, 2);
		this.test.reset();
		enqueue(limit, 1);
		assertThat(this.test.runDue()).hasSize(1);
	}

}
