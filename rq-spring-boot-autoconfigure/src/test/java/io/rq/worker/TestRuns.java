package io.rq.worker;

import java.time.Duration;
import java.time.Instant;

import io.rq.handler.RunInfo;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.redis.Execution;

/**
 * Runs of jobs that are in no Redis.
 */
final class TestRuns {

	static final Duration NO_TIMEOUT = Duration.ofSeconds(-1);

	static final Duration LEASE = Duration.ofDays(1);

	private TestRuns() {
	}

	static Job job(JobOptions options, JobRun run) {
		return new Job("job-1", "default", JobStatus.STARTED, options, JobTimes.createdAt(Instant.EPOCH), run,
				new JobPayload(new byte[0], null));
	}

	static ActiveRun claimed(MovedTime time) {
		return claimed(job(JobOptions.NONE, JobRun.NONE), time);
	}

	static ActiveRun claimed(Job job, MovedTime time) {
		return new ActiveRun(job, new Execution(job.id(), job.queue(), "run-1", false, ""), time.instant(),
				time.ticks(), time.ticks() + LEASE.toNanos());
	}

	/** Begins a run on the current thread. */
	static boolean begin(ActiveRun run, Duration timeout, MovedTime time) {
		return run.begin(info(run), HandlerRules.NONE, timeout, time.source());
	}

	static RunInfo info(ActiveRun run) {
		return new RunInfo(run.job(), "function", run.execution().id(), 1, "worker");
	}

}
