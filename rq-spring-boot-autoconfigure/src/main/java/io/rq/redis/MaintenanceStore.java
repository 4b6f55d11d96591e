package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Repairs what processes that are gone have left behind. Safe to be done by several
 * processes at once.
 */
public class MaintenanceStore {

	private static final int BATCH_SIZE = 500;

	private static final int GRACE_SECONDS = 2;

	/** Of a set of workers one call looks at about so many. */
	private static final int PART = 100;

	private static final int PARTS_AT_ONCE = 10;

	private static final int CALLS_AT_ONCE = 1_000;

	private final RedisScripts scripts;

	private final Clock clock;

	private final String worker;

	private final Steadiness steadiness;

	private final Map<String, String> cursors = new ConcurrentHashMap<>();

	/**
	 * Creates the store.
	 * @param connections the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param worker the name of the worker that does the repairs
	 * @param lease how long a lease lasts without a beat
	 * @param beatInterval how often workers beat
	 */
	public MaintenanceStore(RedisConnectionFactory connections, Clock clock, String worker, Duration lease,
			Duration beatInterval) {
		this.scripts = new RedisScripts(connections);
		this.clock = clock;
		this.worker = worker;
		this.steadiness = new Steadiness(lease, beatInterval);
	}

	/**
	 * Takes the jobs of a queue from workers whose lease ran out more than two seconds
	 * ago. The seconds of grace allow for the clocks of Python workers, which write
	 * leases by their own time. Does nothing until the worker itself has given signs of
	 * life without a break for one interval of beats: when Redis was away, the others
	 * need that time to renew their leases.
	 * @param queue the queue's name
	 * @param maxReclaims how often a job without retries is put back before it fails
	 * @param failureTtlSeconds how long a failed job is kept if it does not say so
	 * itself, -1 for ever
	 * @return what became of the jobs
	 */
	public List<Reclaimed> reclaim(String queue, int maxReclaims, long failureTtlSeconds) {
		String now = Timestamps.text(this.clock.instant());
		ScriptArguments arguments = ScriptArguments
			.keys(RqKeys.wip(queue), RqKeys.maintenanceLock(queue), RqKeys.intermediate(queue),
					RqKeys.worker(this.worker))
			.add(queue)
			.add(BATCH_SIZE)
			.add(GRACE_SECONDS)
			.add(maxReclaims)
			.add(now)
			.add(failureTtlSeconds)
			.add(ResultEntry
				.encodeException("AbandonedJobError: the lease of the job's worker ran out; found at " + now))
			.add(this.steadiness.shortestSeries())
			.add(this.steadiness.longestGap());
		List<Reclaimed> reclaimed = new ArrayList<>();
		List<?> reply;
		do {
			reply = this.scripts.run(Script.RECLAIM, arguments);
			for (int i = 0; i < reply.size(); i += 2) {
				reclaimed.add(new Reclaimed(Replies.text(reply.get(i)), queue,
						Reclaimed.Outcome.valueOf(Replies.text(reply.get(i + 1)).toUpperCase(Locale.ROOT))));
			}
		}
		while (reply.size() == 2 * BATCH_SIZE);
		return reclaimed;
	}

	/**
	 * Puts ids back on a queue that were taken by workers which are gone. Looks at a
	 * thousand workers or so at most and goes on from there at the next call.
	 * @param queue the queue's name
	 * @return the number of ids
	 */
	public long restoreTaken(String queue) {
		long[] restored = new long[1];
		go(RqKeys.takers(queue), (cursor) -> {
			List<?> reply = this.scripts.run(Script.RESTORE,
					ScriptArguments.keys(RqKeys.queue(queue), RqKeys.takers(queue))
						.add(RqKeys.takenPrefix(queue))
						.add(RqKeys.WORKER)
						.add("")
						.add(cursor)
						.add(PART));
			restored[0] += Replies.number(reply.get(1));
			return reply;
		});
		return restored[0];
	}

	/**
	 * Takes workers off the record whose registration is gone. Looks at a thousand of a
	 * queue and of all or so at most and goes on from there at the next call.
	 * @param queue the queue's name
	 * @return whether a worker of Python is registered on the queue, as far as was looked
	 */
	public boolean forgetWorkers(String queue) {
		boolean[] python = new boolean[1];
		go(RqKeys.WORKERS, (cursor) -> forget(RqKeys.WORKERS, cursor));
		go(RqKeys.workers(queue), (cursor) -> {
			List<?> reply = forget(RqKeys.workers(queue), cursor);
			python[0] |= Replies.number(reply.get(2)) == 1;
			return reply;
		});
		return python[0];
	}

	private List<?> forget(String workers, String cursor) {
		return this.scripts.run(Script.FORGET, ScriptArguments.keys(workers, RqKeys.WORKERS).add(cursor).add(PART));
	}

	/** Goes through a set in parts, from where the last call has left off. */
	private void go(String set, Function<String, List<?>> step) {
		String cursor = this.cursors.getOrDefault(set, "0");
		int parts = 0;
		do {
			cursor = Replies.text(step.apply(cursor).get(0));
			parts++;
		}
		while (!cursor.equals("0") && parts < PARTS_AT_ONCE);
		this.cursors.put(set, cursor);
	}

	/**
	 * Drops the registry entries of ended jobs that have expired, and jobs that were
	 * cancelled long ago.
	 * @param queue the queue's name
	 * @param canceledTtlSeconds how long cancelled jobs are kept, -1 for ever
	 */
	public void expire(String queue, long canceledTtlSeconds) {
		ScriptArguments arguments = ScriptArguments.keys(RqKeys.finished(queue), RqKeys.failed(queue)).add(BATCH_SIZE);
		repeatWhileFull(() -> this.scripts.count(Script.EXPIRE, arguments));
		if (canceledTtlSeconds >= 0) {
			repeatWhileFull(() -> this.scripts.count(Script.PURGE,
					ScriptArguments.keys(RqKeys.canceled(queue)).add(canceledTtlSeconds).add(BATCH_SIZE)));
		}
	}

	private static void repeatWhileFull(LongSupplier call) {
		while (call.getAsLong() == BATCH_SIZE) {
			// the next batch
		}
	}

	/**
	 * Goes on with the jobs that wait for others which have ended with more of them than
	 * one call looks at.
	 * @param queue the queue's name
	 */
	public void releaseDependents(String queue) {
		ScriptArguments arguments = ScriptArguments.keys(RqKeys.releasing(queue))
			.add(queue)
			.add(Timestamps.text(this.clock.instant()));
		for (int i = 0; i < CALLS_AT_ONCE && this.scripts.count(Script.DEPENDENTS, arguments) > 0; i++) {
			// the next children
		}
	}

	/**
	 * A job taken from a worker that is gone.
	 *
	 * @param jobId the job's id
	 * @param queue the job's queue
	 * @param outcome what became of it
	 */
	public record Reclaimed(String jobId, String queue, Outcome outcome) {

		/**
		 * What became of a job.
		 */
		public enum Outcome {

			/** One of its retries was used. */
			RETRIED,

			/** It was put back on its queue. */
			REQUEUED,

			/** It has failed: its workers died too often. */
			FAILED,

			/** Only the entry was removed: the job is gone or was no longer running. */
			DROPPED

		}

	}

}
