package io.rq.explain;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.queue.Registry;

/**
 * What a job does that runs, and how one has ended.
 */
final class RunCauses {

	/** Of more runs than these not all are searched for the lease of one. */
	private static final long SEARCHED = 2_000;

	private RunCauses() {
	}

	static Draft started(Situation situation) {
		Job job = situation.job();
		Instant lease = situation.around().places().time(Registry.STARTED);
		return run(situation, lease).with("queue", job.queue())
			.with("worker", job.workerName())
			.with("startedAt", job.startedAt())
			.with("lastHeartbeat", job.times().lastHeartbeat())
			.with("leaseUntil", lease)
			.with("timeout", job.options().timeout())
			.with("reclaims", (job.run().reclaims() > 0) ? job.run().reclaims() : null);
	}

	private static Draft run(Situation situation, @Nullable Instant lease) {
		Job job = situation.job();
		String worker = (job.workerName() != null) ? "worker " + job.workerName() : "a worker that is not named";
		if (lease == null && situation.around().queue().running() <= SEARCHED) {
			return new Draft(Cause.LEASE_MISSING,
					"The job is said to run on " + worker + ", but no lease stands for that run: nobody would notice "
							+ "that the worker is gone.",
					"If that worker does not run it any more, cancel the job and requeue it.");
		}
		if (lease != null && lease.isBefore(situation.now())) {
			return new Draft(Cause.LEASE_EXPIRED,
					"The lease of its run on " + worker + " has run out at " + Words.when(lease, situation.now())
							+ ": the worker died, hangs or has lost Redis. The job waits to be put back on its queue.",
					situation.hasJavaWorker()
							? "Nothing: a Java worker of the queue puts it back within a minute, or fails it after too many."
							: "Start a Java worker on " + situation.queue() + ", which puts it back; a Python worker "
									+ "fails or retries it at its next maintenance, some minutes apart.")
				.with("javaWorker", situation.hasJavaWorker());
		}
		Instant started = job.startedAt();
		return new Draft(Cause.RUNNING,
				"The job runs on " + worker
						+ ((started != null) ? " since " + Words.when(started, situation.now()) : "") + "."
						+ ((lease != null) ? " Its lease lasts until " + Words.when(lease, situation.now()) + "." : ""),
				"Nothing. If it takes too long, look at what it does, or stop it.");
	}

	static Draft ended(Situation situation, @Nullable JobResult newest) {
		Job job = situation.job();
		Draft draft = switch (job.status()) {
			case FAILED -> failed(situation, (newest != null) ? Failure.of(newest.exception()) : null);
			case STOPPED -> new Draft(Cause.STOPPED, "The job was stopped by a command" + at(situation) + ".",
					"Requeue it if it is to run after all.");
			case CANCELED -> new Draft(Cause.CANCELED, "The job was cancelled" + canceledAt(situation) + ".",
					"Requeue it if it is to run after all.")
				.with("canceledAt", situation.around().places().time(Registry.CANCELED));
			default -> new Draft(Cause.FINISHED, "The job has ended well" + at(situation) + took(job) + ".",
					"Nothing. To run it again, requeue it or enqueue it anew.");
		};
		return draft.with("queue", job.queue())
			.with("worker", job.workerName())
			.with("startedAt", job.startedAt())
			.with("endedAt", job.endedAt())
			.with("expiresAt", situation.around().places().expiresAt());
	}

	private static Draft failed(Situation situation, @Nullable Failure failure) {
		if (failure == null) {
			return new Draft(Cause.FAILED,
					"The job has failed" + at(situation) + "; its worker has recorded no exception.",
					"Look into the log of the worker, then requeue it.");
		}
		return cause(situation, failure).with("failure", failure.line())
			.with("failureClass", failure.type())
			.with("rootCause", failure.rootCause())
			.with("attempts", situation.job().run().attempts() + 1);
	}

	private static Draft cause(Situation situation, Failure failure) {
		if (failure.isFunctionUnknown()) {
			return new Draft(Cause.FUNCTION_UNKNOWN,
					"The job has failed" + at(situation) + " because worker " + situation.job().workerName()
							+ " does not know its function '" + situation.function() + "'.",
					"Deploy workers with that function on " + situation.queue() + ", then requeue the job. If only "
							+ "some workers of the queue have it, give it a queue of its own.")
				.with("function", situation.function());
		}
		if (failure.isNotBound()) {
			return new Draft(Cause.ARGUMENTS_NOT_BOUND,
					"The job has failed" + at(situation) + " because its arguments do not fit the function '"
							+ situation.function() + "': " + message(failure),
					"Enqueue it again with arguments that fit, or deploy workers whose function takes these and "
							+ "requeue it.")
				.with("function", situation.function());
		}
		return new Draft(Cause.FAILED, "The job has failed" + at(situation) + ": " + failure.line(),
				"Mend what the exception tells of, then requeue the job.");
	}

	private static String message(Failure failure) {
		return (failure.type() != null) ? failure.line().substring(failure.type().length() + 1).strip()
				: failure.line();
	}

	private static String at(Situation situation) {
		Instant ended = situation.job().endedAt();
		return (ended != null) ? " at " + Words.when(ended, situation.now()) : "";
	}

	private static String canceledAt(Situation situation) {
		Instant canceled = situation.around().places().time(Registry.CANCELED);
		return (canceled != null) ? " at " + Words.when(canceled, situation.now()) : "";
	}

	private static String took(Job job) {
		Instant started = job.startedAt();
		Instant ended = job.endedAt();
		return (started != null && ended != null) ? ", after " + Words.duration(Duration.between(started, ended)) : "";
	}

}
