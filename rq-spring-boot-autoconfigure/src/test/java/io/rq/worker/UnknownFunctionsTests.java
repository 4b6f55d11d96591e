package io.rq.worker;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import org.springframework.test.util.ReflectionTestUtils;

import io.rq.handler.RunInfo;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobRun;
import io.rq.redis.WorkerStore;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownFunctions}.
 */
@RedisTest
class UnknownFunctionsTests {

	@Test
	void queuesThatJobsNameAreNotRememberedForEver() {
		AtomicLong nanos = new AtomicLong();
		UnknownFunctions unknown = new UnknownFunctions(
				new WorkerStore(TestStores.scripts(TestRedis.shared().connectionFactory()), Clock.systemUTC()),
				Duration.ZERO, nanos::get);
		for (int i = 0; i < 1_010; i++) {
			unknown.waits(run("queue-" + i));
		}
		nanos.addAndGet(Duration.ofSeconds(2).toNanos());
		unknown.waits(run("another"));
		assertThat((Map<?, ?>) ReflectionTestUtils.getField(unknown, "others")).hasSize(1);
	}

	private static RunInfo run(String queue) {
		Job job = TestRuns.job(JobOptions.NONE, JobRun.NONE);
		return new RunInfo(new Job(job.id(), queue, job.status(), job.options(), job.times(), job.run(), job.payload()),
				"function", "run-1", 1, "worker");
	}

}
