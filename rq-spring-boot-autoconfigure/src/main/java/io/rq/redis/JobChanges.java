package io.rq.redis;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;

/**
 * Changes jobs that do not run: when they are due and where they wait. Each step is one
 * script: a job is in one place at any instant, and a repeat of a call whose reply got
 * lost changes nothing.
 */
public class JobChanges {

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Deliveries deliveries;

	private final Clock clock;

	JobChanges(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Puts a scheduled job on its queue before it is due.
	 * @param id the job's id
	 * @param atFront whether it goes to the front, whatever it says itself
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it is not scheduled
	 */
	public boolean runNow(String id, boolean atFront) {
		return change(id, "put on its queue", JobChanges::remedyForRunNow,
				(keys) -> this.scripts.run(Script.RUN_NOW,
						ScriptArguments.keys(keys.job(id))
							.add(id)
							.add(atFront ? "1" : "0")
							.add(Timestamps.text(this.clock.instant()))
							.add(UUID.randomUUID().toString())));
	}

	private static String remedyForRunNow(JobStatus status) {
		return switch (status) {
			case QUEUED ->
				"It waits on its queue already; to let it be the next, cancel it and requeue it at the front";
			case STARTED -> "It runs already";
			case DEFERRED -> "It waits for other jobs; to run it without them, cancel it and requeue it";
			case RATE_LIMITED -> "It goes to its queue when its rate limit has a slot";
			case READY_TO_ENQUEUE -> "RQ is about to put it on its queue";
			case CREATED, FINISHED, FAILED, STOPPED, CANCELED, SCHEDULED -> "Requeue it";
		};
	}

	/**
	 * Changes when a scheduled job is due.
	 * @param id the job's id
	 * @param time when; a moment that has passed for at once
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it is not scheduled
	 * @throws IllegalArgumentException if the moment is after the year 9999
	 */
	public boolean reschedule(String id, Instant time) {
		String due = Timestamps.seconds(Objects.requireNonNull(NewJob.Due.at(time).at()));
		return change(id, "rescheduled", JobChanges::remedyForReschedule, (keys) -> this.scripts.run(Script.RESCHEDULE,
				ScriptArguments.keys(keys.job(id)).add(id).add(due).add(UUID.randomUUID().toString())));
	}

	private static String remedyForReschedule(JobStatus status) {
		return switch (status) {
			case QUEUED -> "It waits on its queue already; to run it later, cancel it and enqueue another";
			case STARTED -> "It runs already; to run it again, enqueue another";
			case DEFERRED -> "It waits for other jobs; to run it at a time, cancel it and enqueue another";
			case RATE_LIMITED, READY_TO_ENQUEUE -> "It is about to go to its queue; cancel it and enqueue another";
			case CREATED, FINISHED, FAILED, STOPPED, CANCELED, SCHEDULED ->
				"Requeue it to run it now, or enqueue another for later";
		};
	}

	/**
	 * Moves a job that does not run to another queue, with the place it has.
	 * @param id the job's id
	 * @param queue the name of the other queue
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it runs or is about to wait
	 * @throws UnsupportedOperationException if queues may lie on several nodes
	 */
	public boolean move(String id, String queue) {
		if (this.scripts.layout().tagged()) {
			throw new UnsupportedOperationException(
					"Jobs cannot be moved where each queue has a hash tag of its own; enqueue another job");
		}
		return change(id, "moved", JobChanges::remedyForMove,
				(keys) -> this.scripts.run(Script.MOVE,
						ScriptArguments.keys(keys.job(id))
							.add(id)
							.add(queue)
							.add(Timestamps.text(this.clock.instant()))
							.add(UUID.randomUUID().toString())));
	}

	private static String remedyForMove(JobStatus status) {
		return (status == JobStatus.STARTED) ? "Wait for its end, or stop or cancel it before"
				: "RQ is about to put it on its queue; move it then";
	}

	private boolean change(String id, String undone, Function<JobStatus, String> remedy,
			Function<QueueKeys, List<?>> call) {
		return this.queues.anyKeys().anyMatch((keys) -> {
			List<?> reply = call.apply(keys);
			this.deliveries.tryDeliver(keys.name());
			if (JobControl.outcome(reply) == 2) {
				String status = JobControl.status(reply);
				JobStatus known = JobStatus.find(status);
				throw new IllegalJobStateException(id, status, undone,
						(known != null) ? remedy.apply(known) : "Only a newer RQ knows that status");
			}
			return JobControl.outcome(reply) == 1;
		});
	}

}
