package io.rq.annotation;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobContext;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;

/**
 * A context for calling handlers without a worker.
 */
class StubContext implements JobContext {

	private final Map<String, @Nullable Object> meta = new HashMap<>();

	@Override
	public Job job() {
		return new Job("id", "default", JobStatus.STARTED, JobOptions.NONE, JobTimes.createdAt(Instant.EPOCH),
				JobRun.NONE, new JobPayload(new byte[0], null));
	}

	@Override
	public String function() {
		return "stub";
	}

	@Override
	public String executionId() {
		return "0";
	}

	@Override
	public int attempt() {
		return 1;
	}

	@Override
	public Map<String, @Nullable Object> meta() {
		return this.meta;
	}

	@Override
	public void saveMeta() {
	}

	@Override
	public void progress(double fraction) {
	}

	@Override
	public void progress(double fraction, String text) {
	}

	@Override
	public boolean isCancelled() {
		return false;
	}

}
