package io.rq.template;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.job.StopTimeoutException;
import io.rq.redis.JobControl;
import io.rq.redis.JobControl.Standing;

/**
 * Stops a running job. The command gets no answer and may get lost, so it is sent again
 * while the run goes on, until the job's record shows that it has ended (W31). A worker
 * of Python that has heard it is not sent it again: one that is still recording the stop
 * would kill its own process group.
 */
final class JobStop {

	private static final long SEND_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final String UNDONE = "stopped";

	/** A job that is not kept is gone as soon as it has stopped. */
	private static final Standing STOPPED = new Standing(JobStatus.STOPPED.value(), "", "", -1, false);

	private final JobControl control;

	private final String id;

	JobStop(JobControl control, String id) {
		this.control = control;
		this.id = id;
	}

	/** Returns when the job has been stopped, or that there is no such job. */
	boolean within(Duration timeout) {
		Polling polling = new Polling(timeout, "Interrupted while waiting for the stop of job '" + this.id
				+ "', whose worker has been told to stop it");
		Standing run = this.control.stop(this.id, null, true).orElse(null);
		if (run == null) {
			return false;
		}
		if (!isRunning(run)) {
			throw illegal(run.status());
		}
		if (run.worker().isEmpty()) {
			throw new IllegalJobStateException(this.id, run.status(), UNDONE,
					"Its record names no worker, so no stop command can be sent");
		}
		boolean heard = run.listeners() > 0;
		Standing now = run;
		long sentAt = System.nanoTime();
		while (polling.next()) {
			boolean again = System.nanoTime() - sentAt >= SEND_AGAIN_NANOS && !(heard && now.python());
			now = this.control.stop(this.id, run, again).orElse(STOPPED);
			if (now.status().equals(STOPPED.status())) {
				return true;
			}
			if (!isRunning(now) || !now.startedAt().equals(run.startedAt())) {
				throw illegal(now.status());
			}
			heard |= now.listeners() > 0;
			sentAt = again ? System.nanoTime() : sentAt;
		}
		throw new StopTimeoutException(this.id, run.worker(), heard, timeout);
	}

	private static boolean isRunning(Standing job) {
		return job.status().equals(JobStatus.STARTED.value());
	}

	private IllegalJobStateException illegal(String status) {
		return new IllegalJobStateException(this.id, status, UNDONE, remedy(JobStatus.find(status)));
	}

	private static String remedy(@Nullable JobStatus status) {
		if (status == null) {
			return "Only a running job can be stopped";
		}
		return switch (status) {
			case QUEUED, SCHEDULED, DEFERRED, CREATED, RATE_LIMITED, READY_TO_ENQUEUE ->
				"It does not run yet; cancel it";
			case STARTED -> "Another run of it has begun meanwhile; stop that too if it is meant";
			case FINISHED, FAILED, STOPPED, CANCELED -> "It has ended already";
		};
	}

}
