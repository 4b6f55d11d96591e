package io.rq.template;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.Job;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.job.Retry;
import io.rq.redis.JobStore;
import io.rq.redis.SchedulerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SchedulingWatch}, with jobs as the store returns them.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class SchedulingWatchTests {

	private static final String WARNING = "No scheduler looks after queue ";

	private final StringRedisTemplate redis;

	private final Set<String> servedHere = new HashSet<>();

	private final Set<String> oldWorkers = new HashSet<>();

	private final AtomicInteger looks = new AtomicInteger();

	private final AtomicLong nanoTime = new AtomicLong();

	private final SchedulingWatch watch;

	private final JobStore store;

	SchedulingWatchTests(RedisConnectionFactory connections) {
		this.redis = new StringRedisTemplate(connections);
		this.watch = new SchedulingWatch(new SchedulerStore(TestStores.scripts(connections), Clock.systemUTC()) {

			@Override
			public boolean isLed(String queue) {
				SchedulingWatchTests.this.looks.incrementAndGet();
				return super.isLed(queue);
			}

		}, this.servedHere::contains, this.oldWorkers::contains, this.nanoTime::get);
		this.store = TestStores.jobs(TestStores.scripts(connections), Clock.systemUTC());
	}

	@BeforeEach
	void begin() {
		this.watch.begin();
	}

	@Test
	void warnsOfJobsThatAreDueLaterAndOfDelayedRetries(CapturedOutput output) {
		enqueue("later", null, Duration.ofSeconds(10));
		assertThat(output).contains(WARNING + "later now", "which is due later", "'rq.worker.with-scheduler'");
		enqueue("retried", Retry.max(3).intervals(10, 60), null);
		assertThat(output).contains(WARNING + "retried now", "each retry of job");
	}

	@Test
	void doesNotAskOnBehalfOfJobsThatNeedNoScheduler(CapturedOutput output) {
		enqueue("mail", null, null);
		enqueue("mail", Retry.max(3), null);
		enqueue("mail", Retry.max(1).intervals(60, 0), null);
		enqueue("mail", null, Duration.ofSeconds(-1));
		assertThat(this.looks).hasValue(0);
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void warnsOnceOfJobsOfOthersThatAreTriedAgainLater(CapturedOutput output) {
		this.watch.retried(job("theirs", Retry.max(3)));
		assertThat(this.looks).hasValue(0);
		this.watch.retried(job("theirs", Retry.max(3).intervals(10, 60)));
		minuteLater();
		this.watch.retried(job("theirs", Retry.max(3).intervals(10, 60)));
		assertThat(output).containsOnlyOnce(WARNING + "theirs now").contains("which has failed");
	}

	@Test
	void isSilentWhereSomebodySchedules(CapturedOutput output) {
		this.redis.opsForValue().set(key("theirs", "rq:scheduler-lock:theirs"), "4711");
		this.servedHere.add("ours");
		enqueue("theirs", null, Duration.ofSeconds(10));
		enqueue("ours", null, Duration.ofSeconds(10));
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void asksOnceAMinuteAndTellsOnceUntilASchedulerWasSeen(CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			enqueue("mail", null, Duration.ofSeconds(10));
		}
		assertThat(this.looks).hasValue(1);
		minuteLater();
		enqueue("mail", null, Duration.ofSeconds(10));
		assertThat(this.looks).hasValue(2);
		assertThat(output.toString().split(WARNING, -1)).hasSize(2);
		this.redis.opsForValue().set(key("mail", "rq:scheduler-lock:mail"), "4711");
		minuteLater();
		enqueue("mail", null, Duration.ofSeconds(10));
		this.redis.delete(key("mail", "rq:scheduler-lock:mail"));
		minuteLater();
		enqueue("mail", null, Duration.ofSeconds(10));
		assertThat(output.toString().split(WARNING, -1)).hasSize(3);
	}

	@Test
	void warnsOnceOfLimitsWhereAWorkerKnowsNone(CapturedOutput output) {
		this.oldWorkers.add("old");
		this.watch.enqueued(List.of(job("old", null), limited("new"), limited("old")));
		minuteLater();
		this.watch.enqueued(List.of(limited("old")));
		assertThat(output).containsOnlyOnce("A worker of RQ before 3 is registered on queue old")
			.doesNotContain("queue new");
	}

	private static Job limited(String queue) {
		Job job = job(queue, null);
		JobOptions options = JobOptions.NONE
			.withLinks(JobLinks.NONE.withRateLimit(RateLimit.key("api").concurrency(2)));
		return new Job(job.id(), queue, job.status(), options, job.times(), job.run(), job.payload());
	}

	private void minuteLater() {
		this.nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
	}

	private static Job job(String queue, @Nullable Retry retry) {
		JobOptions options = (retry != null) ? JobOptions.NONE.withRetry(retry) : JobOptions.NONE;
		return new Job(Job.newId(), queue, JobStatus.CREATED, options, JobTimes.createdAt(Clock.systemUTC().instant()),
				JobRun.NONE, new JobPayload(new byte[0], null));
	}

	private void enqueue(String queue, @Nullable Retry retry, @Nullable Duration in) {
		Job job = job(queue, retry);
		NewJob.Due due = (in != null) ? NewJob.Due.in(in) : null;
		List<Job> stored = this.store.enqueue(List.of(new NewJob(job, false, false, false, due)));
		assertThat(stored).hasSize(1);
		this.watch.enqueued(stored);
	}

}
