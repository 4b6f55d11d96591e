package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobStatus;
import io.rq.queue.ReclaimedJob;
import io.rq.queue.Registry;
import io.rq.redis.Retention.Bounds;

/**
 * Repairs what processes that are gone have left behind. Safe to be done by several
 * processes at once.
 */
public class MaintenanceStore {

	private static final int BATCH_SIZE = 500;

	/** Of jobs that are dropped one call touches so many, because they may be large. */
	private static final int DROPPED_AT_ONCE = 100;

	private static final int GRACE_SECONDS = 2;

	/** RQ enqueues what is ready in the moment after it has made it so. */
	private static final int READY_SECONDS = 10;

	/** Of a set of workers one call walks through about so many. */
	private static final int PART = 100;

	private static final int PARTS_AT_ONCE = 10;

	private static final int CALLS_AT_ONCE = 1_000;

	/** One queue with very many does not keep the others waiting for long. */
	private static final int BATCHES_AT_ONCE = 20;

	private final RedisScripts scripts;

	private final Clock clock;

	private final WorkerLease lease;

	private final Deliveries deliveries;

	private final GroupStore groups;

	/** By where the limits lie, which is one place for all queues that lie together. */
	private final Map<QueueKeys, SlotKeeper> slots = new HashMap<>();

	private final Map<String, String> cursors = new ConcurrentHashMap<>();

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param lease the worker that does the repairs
	 */
	public MaintenanceStore(RedisScripts scripts, Clock clock, WorkerLease lease) {
		this.scripts = scripts;
		this.clock = clock;
		this.lease = lease;
		this.deliveries = new Deliveries(scripts, clock);
		this.groups = new GroupStore(scripts);
	}

	/**
	 * Tells what there is to do, in one call. Of sets of more than a hundred workers it
	 * looks at a hundred or so and goes on from there at the next call.
	 * @param queues the queues' names
	 * @param canceledTtlSeconds how long cancelled jobs are kept, -1 for ever
	 * @param retention how much is kept of ended jobs
	 * @return what each queue needs, perhaps nothing; those are missing that could not be
	 * asked while others could
	 */
	public Map<String, Set<Chore>> chores(List<String> queues, long canceledTtlSeconds, Retention retention) {
		Map<String, Set<Chore>> chores = new HashMap<>();
		this.scripts.each(queues, (call) -> {
			List<?> reply = this.scripts.run(Script.CHORES, choresOf(call, canceledTtlSeconds, retention));
			Set<Chore> all = EnumSet.noneOf(Chore.class);
			for (int i = 0; i < call.size(); i++) {
				QueueKeys keys = this.scripts.keys(call.get(i));
				List<?> ofQueue = Replies.list(reply, i + 1);
				Set<Chore> due = ofQueue.stream()
					.skip(2)
					.map((chore) -> Chore.valueOf(Replies.text(chore).toUpperCase(Locale.ROOT)))
					.collect(Collectors.toCollection(() -> EnumSet.noneOf(Chore.class)));
				all.addAll(due);
				goOn(keys.takers(), ofQueue.get(0), due.contains(Chore.RESTORE));
				goOn(keys.workersOfQueue(), ofQueue.get(1), due.contains(Chore.FORGET));
				if (this.scripts.layout().tagged()) {
					due.add(Chore.DEPENDENTS);
					if (chores.isEmpty()) {
						due.add(Chore.UNGROUP);
					}
				}
				chores.put(call.get(i), due);
			}
			goOn(this.scripts.keys(call.get(0)).workers(), reply.get(0), all.contains(Chore.FORGET_ALL));
		}).requireSome("Maintenance");
		return chores;
	}

	/** What is to be done begins where it was seen. */
	private void goOn(String set, Object cursor, boolean due) {
		if (!due) {
			this.cursors.put(set, Replies.text(cursor));
		}
	}

	private String cursor(String set) {
		return this.cursors.getOrDefault(set, "0");
	}

	private ScriptArguments choresOf(List<String> queues, long canceledTtlSeconds, Retention retention) {
		String workers = this.scripts.keys(queues.get(0)).workers();
		ScriptArguments arguments = ScriptArguments.keys(workers);
		for (String queue : queues) {
			QueueKeys keys = this.scripts.keys(queue);
			arguments.key(keys.takers())
				.key(keys.workersOfQueue())
				.key(keys.wip())
				.key(keys.finished())
				.key(keys.failed())
				.key(keys.canceled())
				.key(keys.releasing())
				.key(keys.ready());
		}
		arguments.add(GRACE_SECONDS).add(canceledTtlSeconds).add(READY_SECONDS).add(cursor(workers));
		for (String queue : queues) {
			QueueKeys keys = this.scripts.keys(queue);
			arguments.add(cursor(keys.takers())).add(cursor(keys.workersOfQueue()));
		}
		if (retention.isBounded()) {
			add(arguments, Registry.FINISHED, retention.finished());
			add(arguments, Registry.FAILED, retention.failed());
			add(arguments, Registry.CANCELED, retention.canceled());
		}
		return arguments;
	}

	private static void add(ScriptArguments arguments, Registry registry, Retention.Bounds bounds) {
		arguments.add(bounds.count()).add(bounds.seconds(registry)).add(bounds.bytes());
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
	 * @param following a job that follows from the failure of a job with webhooks, whose
	 * call has {@code <id>} for its id, or {@code null} for none
	 * @return what became of the jobs, ten thousand at most
	 */
	public List<Reclaimed> reclaim(String queue, int maxReclaims, long failureTtlSeconds, @Nullable Job following) {
		List<Reclaimed> reclaimed = new ArrayList<>();
		reclaim(queue, maxReclaims, failureTtlSeconds, following, reclaimed::addAll);
		return reclaimed;
	}

	/**
	 * Does the same and tells after each call to Redis what became of the jobs, so that
	 * it is known also if a later call fails.
	 * @param queue the queue's name
	 * @param maxReclaims how often a job without retries is put back before it fails
	 * @param failureTtlSeconds how long a failed job is kept if it does not say so
	 * itself, -1 for ever
	 * @param following a job that follows from the failure of a job with webhooks, whose
	 * call has {@code <id>} for its id, or {@code null} for none
	 * @param told takes what became of the jobs of a call
	 */
	public void reclaim(String queue, int maxReclaims, long failureTtlSeconds, @Nullable Job following,
			Consumer<List<Reclaimed>> told) {
		String now = Timestamps.text(this.clock.instant());
		QueueKeys keys = this.scripts.keys(queue);
		ScriptArguments arguments = ScriptArguments
			.keys(keys.wip(), keys.maintenanceLock(), keys.intermediate(), keys.worker(this.lease.worker()))
			.add(queue)
			.add(BATCH_SIZE)
			.add(GRACE_SECONDS)
			.add(maxReclaims)
			.add(now)
			.add(failureTtlSeconds)
			.add(ResultEntry
				.encodeException("AbandonedJobError: the lease of the job's worker ran out; found at " + now))
			.add(this.lease.steadiness().shortestSeries())
			.add(this.lease.steadiness().longestGap())
			.add((following != null) ? following.queue() : "");
		if (following != null) {
			arguments.add(new String(following.payload().data(), StandardCharsets.UTF_8))
				.addAll(JobHashWriter.writeWithoutData(following));
		}
		repeat(BATCHES_AT_ONCE, () -> {
			List<?> reply = this.scripts.run(Script.RECLAIM, arguments);
			List<Reclaimed> reclaimed = new ArrayList<>();
			for (int i = 0; i < reply.size(); i += 3) {
				ReclaimedJob.Outcome outcome = ReclaimedJob.Outcome
					.valueOf(Replies.text(reply.get(i + 1)).toUpperCase(Locale.ROOT));
				reclaimed.add(new Reclaimed(new ReclaimedJob(Replies.text(reply.get(i)), queue, outcome),
						Replies.number(reply.get(i + 2)) == 1));
			}
			told.accept(reclaimed);
			return reply.size() == 3 * BATCH_SIZE;
		});
		this.deliveries.tryDeliver(queue);
	}

	/**
	 * Puts ids back on a queue that were taken by workers which are gone. Looks at a
	 * thousand workers or so at most and goes on from there at the next call.
	 * @param queue the queue's name
	 * @return the number of ids
	 */
	public long restoreTaken(String queue) {
		long[] restored = new long[1];
		QueueKeys keys = this.scripts.keys(queue);
		go(keys.takers(), (cursor) -> {
			List<?> reply = this.scripts.run(Script.RESTORE,
					ScriptArguments.keys(keys.queue(), keys.takers()).add(queue).add("").add(cursor).add(PART));
			restored[0] += Replies.number(reply.get(1));
			return reply;
		});
		return restored[0];
	}

	/**
	 * Takes workers of a queue off the record whose registration is gone. Looks at a
	 * thousand or so at most and goes on from there at the next call.
	 * @param queue the queue's name
	 */
	public void forgetWorkers(String queue) {
		forget(this.scripts.keys(queue).workersOfQueue(), queue);
	}

	/**
	 * Takes workers of any queue off the record whose registration is gone. Looks at a
	 * thousand or so at most and goes on from there at the next call.
	 * @param queue a queue, by which they are found
	 */
	public void forgetAllWorkers(String queue) {
		forget(this.scripts.keys(queue).workers(), queue);
	}

	private void forget(String workers, String queue) {
		go(workers, (cursor) -> this.scripts.run(Script.FORGET,
				ScriptArguments.keys(workers, this.scripts.keys(queue).workers()).add(cursor).add(PART)));
	}

	/** Goes through a set in parts, from where the last call has left off. */
	private void go(String set, Function<String, List<?>> step) {
		String cursor = cursor(set);
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
		QueueKeys keys = this.scripts.keys(queue);
		ScriptArguments arguments = ScriptArguments.keys(keys.finished(), keys.failed()).add(BATCH_SIZE);
		repeat(CALLS_AT_ONCE, () -> this.scripts.count(Script.EXPIRE, arguments) == BATCH_SIZE);
		if (canceledTtlSeconds >= 0) {
			ScriptArguments canceled = ScriptArguments.keys(keys.canceled()).add(canceledTtlSeconds).add(BATCH_SIZE);
			repeat(CALLS_AT_ONCE, () -> this.scripts.count(Script.PURGE, canceled) == BATCH_SIZE);
		}
	}

	/**
	 * Drops jobs that have ended beyond what is kept, those first that would go first. A
	 * hundred thousand of each kind at most; the next call goes on.
	 * @param queue the queue's name
	 * @param retention how much is kept
	 * @return how many jobs were dropped of each kind of which there were some
	 */
	public Map<Registry, Long> trim(String queue, Retention retention) {
		QueueKeys keys = this.scripts.keys(queue);
		Map<Registry, Long> dropped = new EnumMap<>(Registry.class);
		NodeCalls.make(retention.bounds().entrySet(), (kind) -> {
			Registry registry = kind.getKey();
			Bounds bounds = kind.getValue();
			ScriptArguments arguments = ScriptArguments.keys(keys.of(registry))
				.add(bounds.count())
				.add(bounds.bytes())
				.add(bounds.seconds(registry))
				.add(DROPPED_AT_ONCE)
				.add(registry.value())
				.add((registry == Registry.FAILED) ? JobStatus.STOPPED.value() : registry.value());
			repeat(CALLS_AT_ONCE, () -> {
				List<?> reply = this.scripts.run(Script.TRIM, arguments);
				dropped.merge(registry, Replies.number(reply.get(0)), Long::sum);
				return Replies.number(reply.get(1)) == 1;
			});
		}).requireAll();
		dropped.values().removeIf((jobs) -> jobs == 0);
		return dropped;
	}

	/** Makes calls while there is more to do, but not for ever, and no more at a stop. */
	private static void repeat(int most, BooleanSupplier call) {
		int calls = 0;
		boolean more;
		do {
			more = call.getAsBoolean();
			calls++;
		}
		while (more && calls < most && !Thread.currentThread().isInterrupted());
	}

	/**
	 * Goes on with the jobs that wait for others which have ended with more of them than
	 * one call looks at, or on another node, or while a key did not take them.
	 * @param queue the queue's name
	 */
	public void releaseDependents(String queue) {
		this.deliveries.deliver(queue);
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).releasing())
			.add(queue)
			.add(Timestamps.text(this.clock.instant()));
		repeat(CALLS_AT_ONCE, () -> {
			List<?> reply = this.scripts.run(Script.DEPENDENTS, arguments);
			RefusedKeys.of(Script.DEPENDENTS, Replies.list(reply, 1))
				.tell("jobs that have waited for others wait until the key is mended");
			this.deliveries.tryDeliver(queue);
			return Replies.number(reply.get(0)) > 0;
		});
	}

	/**
	 * Enqueues jobs that a process of RQ 3 was about to enqueue, because what they waited
	 * for had ended, and has not for ten seconds: it is gone. Those that cannot be
	 * enqueued stay.
	 * @param queue the queue's name
	 * @return the number of jobs that went
	 */
	public long enqueueReady(String queue) {
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).ready())
			.add(queue)
			.add(READY_SECONDS)
			.add(BATCH_SIZE)
			.add(Timestamps.text(this.clock.instant()));
		long[] moved = new long[1];
		repeat(CALLS_AT_ONCE, () -> {
			List<?> reply = this.scripts.run(Script.READY, arguments);
			moved[0] += Replies.number(reply.get(1));
			RefusedKeys.of(Script.READY, Replies.list(reply, 2))
				.tell("jobs that are ready to be enqueued wait until the key is mended");
			return Replies.number(reply.get(0)) == BATCH_SIZE;
		});
		this.deliveries.tryDeliver(queue);
		return moved[0];
	}

	/**
	 * Takes off groups of jobs what is no more. Looks at a part of them and goes on from
	 * there at the next call.
	 */
	public void ungroup() {
		this.groups.tidy();
	}

	/**
	 * Frees slots of rate limits that nobody goes on with, and gives free ones to jobs
	 * that wait. Looks at a part of them and goes on from there at the next call.
	 * @param queue the queue whose limits they are, if each has its own
	 */
	public void freeSlots(String queue) {
		KeyLayout layout = this.scripts.layout();
		this.slots
			.computeIfAbsent(layout.of(layout.tagged() ? queue : ""),
					(place) -> new SlotKeeper(this.scripts, place, this.clock))
			.tidy();
	}

	/**
	 * A job that was taken from a worker that is gone.
	 *
	 * @param job the job and what became of it
	 * @param callsBack whether that is a failed attempt of which a callback is to hear
	 */
	public record Reclaimed(ReclaimedJob job, boolean callsBack) {

	}

	/**
	 * What there may be to do for a queue.
	 */
	public enum Chore {

		/** {@link MaintenanceStore#reclaim}. */
		RECLAIM,

		/** {@link MaintenanceStore#restoreTaken}. */
		RESTORE,

		/** {@link MaintenanceStore#releaseDependents}. */
		DEPENDENTS,

		/** {@link MaintenanceStore#enqueueReady}. */
		READY,

		/** {@link MaintenanceStore#expire}. */
		EXPIRE,

		/** {@link MaintenanceStore#trim}. */
		TRIM,

		/** {@link MaintenanceStore#freeSlots}, for all queues that lie together. */
		FREE_SLOTS,

		/** {@link MaintenanceStore#ungroup}, for all queues. */
		UNGROUP,

		/** {@link MaintenanceStore#forgetWorkers}. */
		FORGET,

		/**
		 * {@link MaintenanceStore#forgetAllWorkers}, for all queues that lie together.
		 */
		FORGET_ALL,

		/**
		 * Nothing in Redis, but a worker of Python is registered on the queue. Of many
		 * workers some are looked at, at random.
		 */
		PYTHON

	}

}
