package io.rq.test.example;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;
import io.rq.test.autoconfigure.RqTestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RqTest @RqTest} with the engine on a real Redis.
 */
@RqTest(redis = RqTestRedis.EMBEDDED)
@Import(Mailbox.class)
class EmbeddedRedisTestTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private Mailbox mailbox;

	@Autowired
	private StringRedisTemplate redis;

	@Autowired
	private Environment environment;

	@RepeatedTest(2)
	void eachTestBeginsWithoutJobs() {
		assertThat(this.redis.keys("*")).isEmpty();
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 42L).id("some").unique());
		assertThat(this.redis.keys("*")).isNotEmpty()
			.allSatisfy((key) -> assertThat(key).startsWith(this.environment.getProperty("rq.key-prefix")));
	}

	@Test
	void prefixIsThatOfATest() {
		assertThat(this.environment.getProperty("rq.key-prefix")).matches("rq-test-[0-9a-f]{16}");
	}

	@Test
	void jobsRunByTheRealEngine() {
		Job job = this.jobs.enqueue(MailJobs::sendWelcome, "engine@example.org", 42L);
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome)
			.withArguments("engine@example.org", 42L)
			.onQueue("mail")
			.retriedAfter(10, 60);
		assertThat(this.jobs.count("mail")).isOne();
		assertThat(this.test.runDue()).singleElement().satisfies((run) -> assertThat(run.jobId()).isEqualTo(job.id()));
		assertThat(this.jobs.find(job.id())).map(Job::status).contains(JobStatus.FINISHED);
		assertThat(this.mailbox.mails()).contains("Welcome engine@example.org as 42");
	}

	@Test
	void retriesComeNearer() {
		this.mailbox.failNext(1);
		this.jobs.enqueue(MailJobs::sendWelcome, "ada@example.org", 42L);
		assertThat(this.test.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.RETRIED);
		assertThat(this.test.runDue()).isEmpty();
		this.test.advance(Duration.ofSeconds(10));
		assertThat(this.test.runDue()).extracting(RunReport::outcome).contains(RunOutcome.FINISHED);
	}

	@Test
	void allJobsRunToTheirEnd() {
		this.mailbox.failNext(3);
		this.jobs.enqueue(MailJobs::sendWelcome, "eve@example.org", 1L);
		this.jobs.enqueue(JobRequest.of(MailJobs::sendWelcome, "ada@example.org", 2L).in(Duration.ofDays(30)));
		List<RunReport> runs = this.test.runAll();
		assertThat(runs).extracting(RunReport::outcome)
			.containsExactly(RunOutcome.RETRIED, RunOutcome.RETRIED, RunOutcome.FAILED, RunOutcome.FINISHED);
	}

	@Test
	void cronJobsFireWhenTheClockPassesThem() {
		this.test.advance(Duration.ofHours(3));
		assertThat(this.test).hasEnqueued(MailJobs::report).times(3);
		assertThat(this.test.runDue()).hasSize(3);
	}

}
