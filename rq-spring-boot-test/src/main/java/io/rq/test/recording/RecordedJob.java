package io.rq.test.recording;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;

/**
 * A job in memory. Guarded by its owner.
 */
final class RecordedJob {

	private Job job;

	/** When it is due while it is scheduled or deferred, else {@code null}. */
	@Nullable Instant due;

	/** Whether it goes to the front when it is due. */
	boolean atFront;

	/** Until when it is kept, or {@code null} for as long as the test lasts. */
	@Nullable Instant expires;

	/** What its runs have led to, newest first. */
	final Deque<JobResult> results = new ArrayDeque<>();

	RecordedJob(Job job) {
		this.job = job;
	}

	Job job() {
		return this.job;
	}

	JobStatus status() {
		return this.job.status();
	}

	void become(JobStatus status) {
		set(this.job.queue(), status, this.job.options(), this.job.times(), this.job.run(), this.job.payload());
	}

	void enqueued(Instant now) {
		JobTimes times = this.job.times();
		set(this.job.queue(), JobStatus.QUEUED, this.job.options(),
				new JobTimes(times.createdAt(), now, times.startedAt(), times.endedAt(), times.lastHeartbeat()),
				this.job.run(), this.job.payload());
	}

	void started(Instant now, String worker) {
		JobTimes times = this.job.times();
		JobRun run = this.job.run();
		set(this.job.queue(), JobStatus.STARTED, this.job.options(),
				new JobTimes(times.createdAt(), times.enqueuedAt(), now, null, now),
				new JobRun(worker, run.attempts(), run.numberOfRetries(), run.reclaims()), this.job.payload());
	}

	void ended(Instant now) {
		JobTimes times = this.job.times();
		set(this.job.queue(), this.job.status(), this.job.options(),
				new JobTimes(times.createdAt(), times.enqueuedAt(), times.startedAt(), now, now), this.job.run(),
				this.job.payload());
	}

	void move(String queue) {
		set(queue, this.job.status(), this.job.options(), this.job.times(), this.job.run(), this.job.payload());
	}

	void change(JobOptions options, JobRun run) {
		set(this.job.queue(), this.job.status(), options, this.job.times(), run, this.job.payload());
	}

	void change(JobPayload payload) {
		set(this.job.queue(), this.job.status(), this.job.options(), this.job.times(), this.job.run(), payload);
	}

	private void set(String queue, JobStatus status, JobOptions options, JobTimes times, JobRun run,
			JobPayload payload) {
		this.job = new Job(this.job.id(), queue, status, options, times, run, payload);
	}

}
