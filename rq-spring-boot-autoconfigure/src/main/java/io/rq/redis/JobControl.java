package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.queue.Registry;

/**
 * Cancels, requeues and deletes jobs. Each step is one script: a job is in one place at
 * any instant, and a repeat of a call whose reply got lost changes nothing.
 */
public class JobControl {

	private static final int BATCH_SIZE = 200;

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the control.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public JobControl(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Cancels a job. Of a job that is cancelled already nothing but its dependents is
	 * changed.
	 * @param id the job's id
	 * @param enqueueDependents whether the jobs that wait for this one go on without it
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it has ended
	 */
	public boolean cancel(String id, boolean enqueueDependents) {
		return this.queues.keysOf(id).anyMatch((keys) -> cancel(keys, id, enqueueDependents));
	}

	private boolean cancel(QueueKeys keys, String id, boolean enqueueDependents) {
		List<?> reply = this.scripts.run(Script.CANCEL,
				ScriptArguments.keys(keys.job(id))
					.add(id)
					.add(enqueueDependents ? "1" : "0")
					.add(Timestamps.text(this.clock.instant())));
		this.deliveries.tryDeliver(keys.name());
		if (outcome(reply) == 2) {
			throw new IllegalJobStateException(id, status(reply), "cancelled", JobStatus.find(status(reply)) != null
					? "Delete it, or requeue it to run it again" : "Only a newer RQ knows that status");
		}
		return outcome(reply) == 1;
	}

	/**
	 * Puts a job on its queue that has ended, was cancelled or has never been there.
	 * @param id the job's id
	 * @param atFront whether it goes to the front
	 * @return whether there is such a job
	 * @throws IllegalJobStateException if it waits or runs
	 */
	public boolean requeue(String id, boolean atFront) {
		return this.queues.keysOf(id).anyMatch((keys) -> {
			List<?> reply = Replies.list(requeue(keys, List.of(id), atFront), 0);
			switch (outcome(reply)) {
				case 2 -> throw new IllegalJobStateException(id, status(reply), "requeued", remedy(status(reply)));
				case 3 -> throw new IllegalJobStateException(id, status(reply), "requeued",
						"It names no queue: delete it and enqueue another");
				default -> {
					return outcome(reply) == 1;
				}
			}
		});
	}

	private static String remedy(String status) {
		JobStatus known = JobStatus.find(status);
		return switch ((known != null) ? known : JobStatus.CREATED) {
			case QUEUED -> "It waits on its queue already; to move it, cancel it before";
			case STARTED -> "Wait for its end, or cancel it before";
			case SCHEDULED -> "It runs when it is due; 'run now' puts it on its queue at once";
			case DEFERRED -> "It waits for other jobs; to run it without them, cancel it before";
			case RATE_LIMITED -> "It waits for a slot of its rate limit; to let it wait anew, cancel it before";
			case READY_TO_ENQUEUE -> "RQ is about to put it on its queue; to move it, cancel it before";
			default -> "Only a newer RQ knows that status";
		};
	}

	private List<?> requeue(QueueKeys keys, List<String> ids, boolean atFront) {
		ScriptArguments arguments = ScriptArguments.keys(keys.job(ids.get(0)))
			.add(Timestamps.text(this.clock.instant()))
			.add(atFront ? "1" : "0")
			.add(UUID.randomUUID().toString());
		ids.forEach(arguments::add);
		List<?> reply = this.scripts.run(Script.REQUEUE, arguments);
		this.deliveries.tryDeliver(keys.name());
		return reply;
	}

	/**
	 * Puts jobs on their queues that have ended, were cancelled or have never been there,
	 * and leaves others as they are.
	 * @param ids the jobs' ids
	 * @return the number of jobs that were requeued
	 */
	public long requeueAll(Collection<String> ids) {
		List<String> all = ids.stream().distinct().toList();
		return this.queues.anyKeys().mapToLong((keys) -> {
			long requeued = 0;
			for (int from = 0; from < all.size() && goesOn(); from += BATCH_SIZE) {
				requeued += requeue(keys, all.subList(from, Math.min(from + BATCH_SIZE, all.size())));
			}
			return requeued;
		}).sum();
	}

	private long requeue(QueueKeys keys, List<String> ids) {
		return requeue(keys, ids, false).stream().filter((reply) -> outcome((List<?>) reply) == 1).count();
	}

	/**
	 * Puts the failed and stopped jobs of a queue back on it, those that there are now,
	 * in parts.
	 * @param queue the queue's name
	 * @return the number of jobs that were requeued
	 */
	public long requeueAll(String queue) {
		QueueKeys keys = this.scripts.keys(queue);
		long left = this.queues.size(queue, Registry.FAILED);
		long requeued = 0;
		long stay = 0;
		while (left > 0 && goesOn()) {
			List<String> ids = this.queues.ids(queue, Registry.FAILED, stay, Math.min(left, BATCH_SIZE));
			if (ids.isEmpty()) {
				break;
			}
			long some = requeue(keys, ids);
			requeued += some;
			stay += ids.size() - some;
			left -= ids.size();
		}
		return requeued;
	}

	/** A caller that is interrupted goes no further. */
	private static boolean goesOn() {
		return !Thread.currentThread().isInterrupted();
	}

	/**
	 * Deletes a job with all that is its own.
	 * @param id the job's id
	 * @param deleteDependents whether the jobs that wait for it are deleted too, and
	 * those that wait for them; else they go on waiting
	 * @return whether there was such a job
	 */
	public boolean delete(String id, boolean deleteDependents) {
		return delete(id, deleteDependents, Duration.ZERO, "") != 0;
	}

	/**
	 * Deletes a job and keeps it aside, unless jobs that wait for it have gone too.
	 * @return what the script replies
	 */
	int delete(String id, boolean deleteDependents, Duration kept, String operation) {
		return this.queues.keysOf(id).mapToInt((keys) -> {
			boolean alone = !deleteDependents || !deleteDependents(keys, id);
			return outcome(delete(keys, List.of(id), false, alone ? kept : Duration.ZERO, operation));
		}).filter((outcome) -> outcome != 0).findFirst().orElse(0);
	}

	private List<?> delete(QueueKeys keys, List<String> ids, boolean unlessWaitedFor, Duration kept, String operation) {
		ScriptArguments arguments = ScriptArguments.keys(keys.job(ids.get(0)))
			.add(unlessWaitedFor ? "1" : "0")
			.add(UUID.randomUUID().toString())
			.add(Timestamps.text(this.clock.instant()))
			.add(kept.toMillis())
			.add(operation);
		ids.forEach(arguments::add);
		return this.scripts.run(Script.DELETE, arguments);
	}

	/**
	 * Goes through the jobs that wait for others in parts, beginning with those for which
	 * nobody waits: if it does not come to its end, none waits for one that is gone.
	 * Returns whether there were any.
	 */
	private boolean deleteDependents(QueueKeys keys, String id) {
		boolean found = false;
		Deque<Waited> open = new ArrayDeque<>(List.of(new Waited(keys, id)));
		while (!open.isEmpty()) {
			Waited parent = open.element();
			List<byte[]> members = members(parent);
			if (members.isEmpty()) {
				open.remove();
			}
			else {
				found = true;
				List<Waited> children = members.stream().map((member) -> child(parent, Replies.text(member))).toList();
				List<Waited> waited = deleteUnlessWaitedFor(children);
				waited.removeAll(open);
				byte[][] gone = IntStream.range(0, children.size())
					.filter((i) -> !waited.contains(children.get(i)))
					.mapToObj(members::get)
					.toArray(byte[][]::new);
				waited.forEach(open::push);
				if (gone.length > 0) {
					this.scripts.with(parent.dependents(), (connection) -> connection.setCommands()
						.sRem(ScriptArguments.bytes(parent.dependents()), gone));
				}
			}
		}
		return found;
	}

	private List<byte[]> members(Waited parent) {
		return this.scripts.with(parent.dependents(), (connection) -> {
			List<byte[]> members = connection.setCommands()
				.sRandMember(ScriptArguments.bytes(parent.dependents()), BATCH_SIZE);
			return (members != null) ? members : List.of();
		});
	}

	/** Where queues may lie apart, those of another one are named with it. */
	private Waited child(Waited parent, String member) {
		KeyLayout layout = this.scripts.layout();
		String queue = layout.jobQueue(member);
		return new Waited(queue.isEmpty() ? parent.keys() : layout.of(queue), layout.jobId(member));
	}

	/** Returns those that others wait for. */
	private List<Waited> deleteUnlessWaitedFor(List<Waited> jobs) {
		List<Waited> waited = new ArrayList<>();
		for (List<Waited> some : this.scripts.layout().calls(jobs, (job) -> job.keys().name())) {
			List<?> reply = delete(some.get(0).keys(), some.stream().map(Waited::id).toList(), true, Duration.ZERO, "");
			for (int i = 0; i < some.size(); i++) {
				if (Replies.number(reply.get(i)) == 2) {
					waited.add(some.get(i));
				}
			}
		}
		return waited;
	}

	/**
	 * Asks the worker that runs a job to stop it. Nobody confirms that: another call
	 * tells what has become of the job.
	 * @param id the job's id
	 * @param run the run that is meant, as an earlier call told it, or {@code null} for
	 * that of now
	 * @param send whether to send the command, or only to look
	 * @return how the job stands, or empty if there is none of that id
	 */
	public Optional<Standing> stop(String id, @Nullable Standing run, boolean send) {
		String command = "{\"command\": \"stop-job\", \"job_id\": \"" + id + "\"}";
		return this.queues.keysOf(id)
			.map((keys) -> this.scripts.run(Script.STOP,
					ScriptArguments.keys(keys.job(id))
						.add((run != null) ? run.startedAt() : "")
						.add(send ? command : "")))
			.filter((reply) -> !reply.isEmpty())
			.findFirst()
			.map((reply) -> new Standing(Replies.text(reply.get(0)), Replies.text(reply.get(1)),
					Replies.text(reply.get(2)), Long.parseLong(Replies.text(reply.get(3))),
					Replies.text(reply.get(4)).equals("1")));
	}

	static int outcome(List<?> reply) {
		return (int) Replies.number(reply.get(0));
	}

	static String status(List<?> reply) {
		String status = Replies.text(reply.get(1));
		return status.isEmpty() ? JobStatus.CREATED.value() : status;
	}

	/**
	 * How a job stands that is to be stopped.
	 *
	 * @param status the status as it stands in Redis
	 * @param startedAt when its run started, as it stands in Redis
	 * @param worker who runs or ran it, or an empty text
	 * @param listeners how many have heard the command, -1 if it was not sent
	 * @param python whether the worker is one of Python, or not known
	 */
	public record Standing(String status, String startedAt, String worker, long listeners, boolean python) {

	}

	/**
	 * A job that others may wait for.
	 */
	private record Waited(QueueKeys keys, String id) {

		String dependents() {
			return this.keys.dependents(this.id);
		}

	}

}
