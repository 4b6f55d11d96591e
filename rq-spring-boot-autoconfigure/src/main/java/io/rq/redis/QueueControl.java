package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.queue.QueuePosition;
import io.rq.queue.Registry;

/**
 * Changes queues as a whole, in parts that are small enough for Redis not to stand still.
 */
public class QueueControl {

	private static final int BATCH_SIZE = 500;

	/**
	 * Of a list that is compacted one call looks at more, for each one walks through it.
	 */
	private static final int PLACES = 1_000;

	/** As in {@code place.lua}. */
	private static final int SEARCHED = 10_000;

	private final RedisScripts scripts;

	private final QueueStore queues;

	private final Suspension suspension;

	private final Deliveries deliveries;

	private final Clock clock;

	/**
	 * Creates the control.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 */
	public QueueControl(RedisScripts scripts, Clock clock) {
		this.scripts = scripts;
		this.queues = new QueueStore(scripts);
		this.suspension = new Suspension(scripts, this.queues);
		this.deliveries = new Deliveries(scripts, clock);
		this.clock = clock;
	}

	/**
	 * Tells where a job waits.
	 * @param queue the queue's name
	 * @param id the job's id
	 * @return its position, or empty if it does not wait there
	 */
	public Optional<QueuePosition> position(String queue, String id) {
		QueueKeys keys = this.scripts.keys(queue);
		long before = this.scripts.count(Script.POSITION,
				ScriptArguments.keys(keys.queue(), keys.job(id)).add(queue).add(id));
		if (before == -2) {
			return Optional.of(new QueuePosition(SEARCHED, false));
		}
		return (before >= 0) ? Optional.of(new QueuePosition(before, true)) : Optional.empty();
	}

	/**
	 * Takes a job off a queue; it becomes one that has never been there.
	 * @param queue the queue's name
	 * @param id the job's id
	 * @return whether it waited there
	 */
	public boolean remove(String queue, String id) {
		QueueKeys keys = this.scripts.keys(queue);
		List<?> reply = this.scripts.run(Script.REMOVE,
				ScriptArguments.keys(keys.queue(), keys.job(id))
					.add(queue)
					.add(id)
					.add(UUID.randomUUID().toString())
					.add(Timestamps.text(this.clock.instant())));
		return Replies.number(reply.get(0)) == 1;
	}

	/**
	 * Deletes the jobs that wait on a queue, those that there are now. Jobs that wait for
	 * one of them go on if they allow it to fail, else they fail.
	 * @param queue the queue's name
	 * @param failureTtlSeconds how long a job that fails is kept if it does not say so
	 * itself, -1 for ever
	 * @return the number of jobs deleted
	 */
	public long empty(String queue, long failureTtlSeconds) {
		return empty(queue, failureTtlSeconds, false).deleted();
	}

	/**
	 * Empties a queue and takes it off the record, unless jobs come meanwhile.
	 * @param queue the queue's name
	 * @param failureTtlSeconds as for {@link #empty}
	 * @return whether it is off the record
	 */
	public boolean delete(String queue, long failureTtlSeconds) {
		boolean gone = empty(queue, failureTtlSeconds, true).left() == 0;
		if (gone && this.scripts.layout().tagged()) {
			this.scripts.with(this.scripts.layout().queues(),
					(connection) -> connection.setCommands()
						.sRem(ScriptArguments.bytes(this.scripts.layout().queues()),
								ScriptArguments.bytes(this.scripts.keys(queue).queue())));
		}
		return gone;
	}

	private Emptied empty(String queue, long failureTtlSeconds, boolean forget) {
		String list = this.scripts.keys(queue).queue();
		long wanted = this.queues.size(queue, Registry.QUEUED);
		long deleted = 0;
		while (true) {
			List<?> reply = this.scripts.run(Script.EMPTY,
					ScriptArguments.keys(list)
						.add(queue)
						.add(Math.min(wanted, BATCH_SIZE))
						.add(forget ? "1" : "0")
						.add(Timestamps.text(this.clock.instant())));
			long taken = Replies.number(reply.get(0));
			long left = Replies.number(reply.get(2));
			wanted -= taken;
			deleted += Replies.number(reply.get(1));
			if (reply.size() > 3) {
				abandon(queue, Replies.text(reply.get(3)), failureTtlSeconds);
			}
			else if (wanted <= 0 || left == 0 || taken == 0) {
				return new Emptied(deleted, left);
			}
		}
	}

	/** Lets the jobs that wait for one go on or fail. */
	private void abandon(String queue, String id, long failureTtlSeconds) {
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).queue())
			.add(queue)
			.add(id)
			.add(BATCH_SIZE)
			.add(Timestamps.text(this.clock.instant()))
			.add(failureTtlSeconds)
			.add(ResultEntry.encodeException("DependencyDeletedError: job " + id
					+ ", for which this one waited, was deleted when its queue was emptied"));
		while (this.scripts.count(Script.ABANDON, arguments) > 0) {
			this.deliveries.tryDeliver(queue);
		}
		this.deliveries.tryDeliver(queue);
	}

	/**
	 * Takes ids off a queue that no worker would run there.
	 * @param queue the queue's name
	 * @return the number of ids
	 */
	public long compact(String queue) {
		String list = this.scripts.keys(queue).queue();
		long taken = 0;
		long next = 0;
		long end = this.queues.size(queue, Registry.QUEUED);
		while (next >= 0 && next < end) {
			List<?> reply = this.scripts.run(Script.COMPACT,
					ScriptArguments.keys(list)
						.add(queue)
						.add(next)
						.add(PLACES)
						.add(BATCH_SIZE)
						.add("#" + UUID.randomUUID()));
			next = Replies.number(reply.get(0));
			long dropped = Replies.number(reply.get(1));
			taken += dropped;
			end -= dropped;
		}
		return taken;
	}

	/**
	 * Lets no worker start a job.
	 * @param duration for how long, in whole seconds, or {@code null} until they are
	 * resumed
	 */
	public void suspend(@Nullable Duration duration) {
		this.suspension.begin(duration);
	}

	/**
	 * Lets the workers start jobs again.
	 * @return whether they were suspended
	 */
	public boolean resume() {
		return this.suspension.end();
	}

	/**
	 * Sees to it that the reason for a pause is not too long.
	 * @param reason the reason
	 * @param longest how many characters it may have
	 * @throws IllegalArgumentException if it has more
	 */
	public static void requireReason(String reason, int longest) {
		Assert.isTrue(reason.length() <= longest,
				() -> "'reason' must have at most " + longest + " characters but has " + reason.length());
	}

	/**
	 * Lets no worker of this library start a job of a queue. A queue that is paused gets
	 * the new reason.
	 * @param queue the queue's name
	 * @param reason why, for people
	 */
	public void pause(String queue, String reason) {
		this.scripts.count(Script.PAUSE,
				ScriptArguments.keys(this.scripts.keys(queue).pausedQueues())
					.add(queue)
					.add(Timestamps.text(this.clock.instant()))
					.add(reason));
		this.deliveries.makeKnown(queue);
	}

	/**
	 * Lets workers start jobs of a queue again.
	 * @param queue the queue's name
	 * @return whether it was paused
	 */
	public boolean unpause(String queue) {
		return this.scripts.count(Script.PAUSE,
				ScriptArguments.keys(this.scripts.keys(queue).pausedQueues()).add(queue).add("").add("")) == 1;
	}

	private record Emptied(long deleted, long left) {

	}

}
