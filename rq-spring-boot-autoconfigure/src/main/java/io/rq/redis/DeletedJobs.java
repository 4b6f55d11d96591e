package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.rq.job.IllegalJobStateException;

/**
 * Deletes jobs so that they can be put back: for a while they are kept where neither
 * workers nor RQ look.
 */
public class DeletedJobs {

	/** From here on memory is for jobs that are to run. */
	private static final double FULL = 0.8;

	private final RedisScripts scripts;

	private final JobControl control;

	private final QueueStore queues;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public DeletedJobs(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.control = new JobControl(scripts, clock);
		this.queues = new QueueStore(scripts);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Tells why no job can be kept now. One command.
	 * @return the reason, or {@code null} if jobs can be kept
	 */
	public @Nullable String obstacle() {
		Properties memory;
		try {
			memory = this.scripts.with((connection) -> connection.serverCommands().info("memory"));
		}
		catch (RuntimeException ex) {
			if (RedisScripts.hasMessage(ex, "NOPERM") || RedisScripts.hasMessage(ex, "unknown command")) {
				return "The Redis user may not call INFO, which tells whether there is memory for deleted jobs";
			}
			throw ex;
		}
		return (memory != null && hasRoom(memory)) ? null
				: "More than " + Math.round(FULL * 100) + " % of the memory of Redis are in use";
	}

	/** Of a cluster each value is named after its node too. */
	static boolean hasRoom(Properties memory) {
		return memory.stringPropertyNames().stream().filter((name) -> name.endsWith("used_memory")).allMatch((name) -> {
			String node = name.substring(0, name.length() - "used_memory".length());
			double most = Double.parseDouble(memory.getProperty(node + "maxmemory", "0").strip());
			return most <= 0 || Double.parseDouble(memory.getProperty(name).strip()) <= most * FULL;
		});
	}

	/**
	 * Deletes a job with all that is its own.
	 * @param id the job's id
	 * @param deleteDependents whether the jobs that wait for it are deleted too, with
	 * which it is not kept
	 * @param kept for how long it is kept, or zero
	 * @param operation the id of the bulk operation that it is deleted by, or
	 * {@code null}
	 * @return what has become of it
	 */
	public Outcome delete(String id, boolean deleteDependents, Duration kept, @Nullable String operation) {
		return switch (this.control.delete(id, deleteDependents, kept, (operation != null) ? operation : "")) {
			case 0 -> Outcome.NONE;
			case 3 -> Outcome.KEPT;
			default -> Outcome.GONE;
		};
	}

	/**
	 * Reads the queue of a job that is kept.
	 * @param id the job's id
	 * @return the queue's name, or {@code null} if no such job is kept
	 */
	public @Nullable String queue(String id) {
		return this.queues.anyKeys()
			.map((keys) -> origin(keys, id))
			.filter((queue) -> !queue.isEmpty())
			.findFirst()
			.orElse(null);
	}

	private String origin(QueueKeys keys, String id) {
		byte[] origin = this.scripts.with(keys.deleted(id), (connection) -> connection.hashCommands()
			.hGet(ScriptArguments.bytes(keys.deleted(id)), JobField.ORIGIN.bytes()));
		return (origin != null) ? Replies.text(origin) : "";
	}

	/**
	 * Counts what a bulk operation has deleted and can be put back.
	 * @param queue the name of the operation's queue
	 * @param operation the operation's id
	 * @return how many jobs
	 */
	public long count(String queue, String operation) {
		String key = this.scripts.keys(queue).deletedJobs(operation);
		Long count = this.scripts.with(key, (connection) -> connection.listCommands().lLen(ScriptArguments.bytes(key)));
		return (count != null) ? count : 0;
	}

	/**
	 * Reads what a bulk operation has deleted and can be put back, in the order in which
	 * it was deleted.
	 * @param queue the name of the operation's queue
	 * @param operation the operation's id
	 * @param from how many to pass over
	 * @param most how many at most
	 * @return the jobs' ids
	 */
	public List<String> ids(String queue, String operation, long from, int most) {
		String key = this.scripts.keys(queue).deletedJobs(operation);
		List<byte[]> ids = this.scripts.with(key,
				(connection) -> connection.listCommands().lRange(ScriptArguments.bytes(key), from, from + most - 1));
		return (ids != null) ? ids.stream().map(Replies::text).toList() : List.of();
	}

	/**
	 * Puts a job back where it was. One that waited goes to the end of its queue.
	 * @param id the job's id
	 * @return whether such a job was kept
	 * @throws IllegalJobStateException if there is a job of that id again, or it would
	 * have expired by now
	 */
	public boolean restore(String id) {
		return this.queues.anyKeys().anyMatch((keys) -> {
			List<?> reply = this.scripts.run(Script.UNDELETE,
					ScriptArguments.keys(keys.deleted(id))
						.add(id)
						.add(Timestamps.text(this.clock.instant()))
						.add(UUID.randomUUID().toString()));
			int outcome = JobControl.outcome(reply);
			if (outcome == 2) {
				throw new IllegalJobStateException(id, JobControl.status(reply), "put back",
						"There is a job of that id again: delete that one finally before");
			}
			if (outcome == 3) {
				throw new IllegalJobStateException(id, JobControl.status(reply), "put back",
						"It would have expired by now: enqueue another");
			}
			if (outcome == 1) {
				this.deliveries.tryDeliver(keys.name());
			}
			return outcome == 1;
		});
	}

	/**
	 * What has become of a job.
	 */
	public enum Outcome {

		/** There was none of that id. */
		NONE,

		/** It is gone for good. */
		GONE,

		/** It can be put back. */
		KEPT

	}

}
