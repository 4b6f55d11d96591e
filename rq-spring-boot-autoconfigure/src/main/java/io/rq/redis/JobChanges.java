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
 * Changes jobs that do not run: when they are due, where they wait and what they call.
 * Each step is one script: a job is in one place at any instant, and a repeat of a call
 * whose reply got lost changes nothing.
 */
public class JobChanges {

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the changes.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	protected JobChanges(RedisScripts scripts, Clock clock) {
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
	 * Moves a job that does not run to another queue, with the place it has. Where that
	 * queue may lie on another node this takes two steps, between which the job is on
	 * neither: if the second one fails, maintenance makes it.
	 * @param id the job's id
	 * @param queue the name of the other queue
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it runs or is about to wait, or has ties that
	 * keep it on its node
	 */
	public boolean move(String id, String queue) {
		if (this.scripts.layout().tagged()) {
			QueueKeys target = this.scripts.keys(queue);
			boolean namesake = this.scripts.exists(target.job(id));
			this.deliveries.announce(queue);
			return change(id, "moved", JobChanges::remedyForMove,
					(keys) -> this.scripts.run(Script.MOVE_OUT,
							ScriptArguments.keys(keys.job(id))
								.add(id)
								.add(queue)
								.add(namesake ? "1" : "0")
								.add(UUID.randomUUID().toString())));
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

	private static String remedyForTie(String tie) {
		return switch (tie) {
			case "namesake" -> "That queue has a job of the same id; delete that one before";
			case "parents" -> "It waits for other jobs, which would not find it on another node; enqueue another";
			case "dependents" -> "Other jobs wait for it, which would not find it on another node; enqueue another";
			case "limit" -> "Its rate limit is for its queue; enqueue another with a limit of that queue";
			default -> throw new IllegalStateException("Unexpected tie '" + tie + "'");
		};
	}

	/**
	 * Changes the call of a job that does not run. What others change at the same time is
	 * not lost: the change is then made once more, to what they have written.
	 * @param id the job's id
	 * @param maxPayload how many bytes the call may have to be read
	 * @param change the change
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it runs or has ended well
	 */
	boolean changeCall(String id, long maxPayload, CallChange change) {
		return this.queues.keysOf(id).anyMatch((keys) -> {
			while (true) {
				List<byte[]> stored = this.scripts.with(keys.job(id), (connection) -> connection.hashCommands()
					.hMGet(ScriptArguments.bytes(keys.job(id)), JobField.DATA.bytes(), JobField.DESCRIPTION.bytes()));
				if (stored == null || stored.get(0) == null) {
					return false;
				}
				int outcome = edit(keys, id, stored.get(0),
						change.apply(JobHashReader.inflate(stored.get(0), maxPayload),
								(stored.get(1) != null) ? Replies.text(stored.get(1)) : ""));
				if (outcome != 3) {
					return outcome == 1;
				}
			}
		});
	}

	private int edit(QueueKeys keys, String id, byte[] old, ChangedCall changed) {
		List<?> reply = this.scripts.run(Script.EDIT,
				ScriptArguments.keys(keys.job(id))
					.add(ScriptTexts.sha1(old))
					.addAll(List.of(Zlib.deflate(changed.data())))
					.add(changed.description())
					.add(UUID.randomUUID().toString()));
		return outcome(reply, id, "changed", JobChanges::remedyForEdit);
	}

	private static String remedyForEdit(JobStatus status) {
		return switch (status) {
			case STARTED -> "Enqueue it again with other arguments, or stop or cancel it before";
			case FINISHED -> "Enqueue it again with other arguments";
			default -> "RQ is about to put it on its queue; change it then";
		};
	}

	private boolean change(String id, String undone, Function<JobStatus, String> remedy,
			Function<QueueKeys, List<?>> call) {
		return this.queues.keysOf(id).anyMatch((keys) -> {
			List<?> reply = call.apply(keys);
			this.deliveries.tryDeliver(keys.name());
			return outcome(reply, id, undone, remedy) == 1;
		});
	}

	private static int outcome(List<?> reply, String id, String undone, Function<JobStatus, String> remedy) {
		int outcome = JobControl.outcome(reply);
		if (outcome == 2) {
			String status = JobControl.status(reply);
			JobStatus known = JobStatus.find(status);
			throw new IllegalJobStateException(id, status, undone,
					(known != null) ? remedy.apply(known) : "Only a newer RQ knows that status");
		}
		if (outcome == 3 && reply.size() > 1) {
			throw new IllegalJobStateException(id, JobControl.status(reply), undone,
					remedyForTie(Replies.text(reply.get(2))));
		}
		return outcome;
	}

	/**
	 * A change of a serialized call.
	 */
	@FunctionalInterface
	public interface CallChange {

		/**
		 * Makes the new call of the old one. May be called more than once.
		 * @param data the call, uncompressed
		 * @param description the text for people, or an empty one
		 * @return the call as it is to be
		 */
		ChangedCall apply(byte[] data, String description);

	}

	/**
	 * A call as it is to be.
	 *
	 * @param data the call, uncompressed. Not copied; do not modify
	 * @param description the text for people, or an empty one to leave it
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record ChangedCall(byte[] data, String description) {

	}

}
