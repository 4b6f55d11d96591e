package io.rq.redis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.Job;
import io.rq.log.SafeLog;

/**
 * The leases of one worker: takes jobs, keeps them, records their outcomes. An outcome
 * counts only while the lease is held. A worker uses one store for all of this, because
 * the store remembers for which runs a beat has written keys that the outcome removes.
 */
public class ExecutionStore {

	private static final SafeLog log = SafeLog.of(ExecutionStore.class);

	/** How many jobs one call takes at most. */
	public static final int BATCH_SIZE = 1_000;

	/** As in {@code limits.lua}. */
	private static final long LONGEST_TTL_SECONDS = 3_155_760_000L;

	private final RedisScripts scripts;

	private final Clock clock;

	private final WorkerLease lease;

	private final long maxPayload;

	private final ClaimCall.Largest largest;

	private final Deliveries deliveries;

	private final UnansweredClaims unanswered;

	/** The ids of the runs for which a beat may have written keys of their own. */
	private final Set<String> beaten = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 * @param clock the clock for times that only inform people
	 * @param lease who takes jobs, and for how long
	 * @param maxPayload how many bytes the call in a job may have
	 */
	public ExecutionStore(RedisScripts scripts, Clock clock, WorkerLease lease, long maxPayload) {
		this.scripts = scripts;
		this.clock = clock;
		this.lease = lease;
		this.maxPayload = maxPayload;
		this.largest = ClaimCall.Largest.of(maxPayload);
		this.deliveries = new Deliveries(scripts, clock);
		this.unanswered = new UnansweredClaims(scripts, lease);
	}

	/**
	 * Returns how long a lease holds from the call that takes the job or renews it.
	 * @return the time
	 */
	public Duration lease() {
		return this.lease.duration();
	}

	/**
	 * Takes waiting jobs. If the reply does not come, what the call may have taken is put
	 * back by the next call.
	 * @param queues the queues in the order in which to look
	 * @param max the number of jobs at most, no more than {@value #BATCH_SIZE}
	 * @param inTurn whether to take from the queues in turn instead of emptying each
	 * before the next
	 * @return the jobs
	 */
	public Claims claim(List<String> queues, int max, boolean inTurn) {
		Collected collected = new Collected(max, queues.size());
		this.scripts.each(queues, (some) -> {
			int share = collected.share(some.size(), inTurn);
			if (share > 0) {
				collected.add(claimAtOnce(some, share, inTurn));
			}
		}).requireSome("Taking jobs");
		return inTurn ? collected.claims.inTurn() : collected.claims;
	}

	private Claims claimAtOnce(List<String> queues, int max, boolean inTurn) {
		ClaimCall call = call(queues, max, inTurn, this.clock.instant());
		List<?> reply = answer(call, () -> this.scripts.runOnce(Script.CLAIM, call.arguments()));
		return (reply != null) ? read(call, reply) : Claims.NONE;
	}

	/**
	 * Waits for a job and takes it, with what else is waiting then, in one round trip. If
	 * the reply does not come, what the call may have taken is put back by the next call.
	 * @param wait the wait for the queue, of this store's worker
	 * @param timeout how long to wait at most
	 * @param max the number of jobs at most, no more than {@value #BATCH_SIZE}
	 * @return the jobs, none after the time, or {@code null} if only
	 * {@link #claim(List, int, boolean)} can take them
	 */
	public @Nullable Claims claimNext(QueueWait wait, Duration timeout, int max) {
		ClaimCall call = call(List.of(wait.queue()), max, false, null);
		List<?> reply = answer(call, () -> wait.await(timeout, Script.CLAIM, call.arguments()));
		if (reply == QueueWait.UNHEARD) {
			this.unanswered.add(call);
			return null;
		}
		return (reply != null) ? read(call, reply) : null;
	}

	private ClaimCall call(List<String> queues, int max, boolean inTurn, @Nullable Instant now) {
		Assert.isTrue(max <= BATCH_SIZE, "'max' must not be more than " + BATCH_SIZE);
		settle(queues);
		return new ClaimCall(this.scripts.layout(), this.unanswered.lessee(), queues, max, inTurn, now, this.largest);
	}

	private void settle(List<String> queues) {
		AtomicLong restored = new AtomicLong();
		this.scripts.each(queues, (some) -> restored.addAndGet(this.unanswered.settle(some))).requireAll();
		if (restored.get() > 0) {
			log.info("{} jobs that worker {} had taken without hearing of it wait again", restored,
					this.lease.worker());
		}
	}

	private @Nullable List<?> answer(ClaimCall call, Supplier<@Nullable List<?>> script) {
		try {
			return script.get();
		}
		catch (Throwable ex) {
			this.unanswered.add(call);
			throw ex;
		}
	}

	private Claims read(ClaimCall call, List<?> reply) {
		long newer = ClaimCall.newerEpoch(reply);
		if (newer > 0) {
			this.unanswered.overtaken(newer);
			return Claims.NONE;
		}
		return call.read(reply, this.maxPayload);
	}

	/**
	 * Renews the worker's registration and the leases of its runs.
	 * @param state the worker's state as RQ names it: {@code idle}, {@code busy} or
	 * {@code suspended}
	 * @param queues the worker's queues, at least one
	 * @param runs the runs with the times they started
	 * @return what has changed meanwhile
	 */
	public Beat beat(String state, List<String> queues, List<Run> runs) {
		List<Beat> beats = new ArrayList<>();
		this.scripts.each(queues, (some) -> beats.add(beat(state, some.get(0), at(some, runs)))).requireAll();
		return beats.stream().reduce(Beat::and).orElseThrow();
	}

	/** The runs that a call for some of the queues is about. */
	private List<Run> at(List<String> queues, List<Run> runs) {
		return this.scripts.layout().tagged()
				? runs.stream().filter((run) -> queues.contains(run.execution().queue())).toList() : runs;
	}

	private Beat beat(String state, String queue, List<Run> runs) {
		Instant now = this.clock.instant();
		ScriptArguments arguments = ScriptArguments.keys(this.scripts.keys(queue).worker(this.lease.worker()))
			.add(this.lease.seconds())
			.add(this.lease.steadiness().longestGap())
			.add(Timestamps.text(now))
			.add(Timestamps.seconds(now))
			.add(this.lease.worker())
			.add(state)
			.add(runs.size());
		for (Run run : runs) {
			this.beaten.add(run.execution().id());
			add(arguments, run.execution()).add(Timestamps.seconds(run.startedAt()));
		}
		List<?> reply = this.scripts.run(Script.BEAT, arguments);
		List<Execution> lost = executions(Replies.list(reply, 1), runs);
		lost.forEach((execution) -> this.beaten.remove(execution.id()));
		return new Beat(Replies.number(reply.get(0)) == 1, lost, executions(Replies.list(reply, 2), runs));
	}

	private static List<Execution> executions(List<?> positions, List<Run> runs) {
		return Replies.positions(positions).stream().map((position) -> runs.get(position).execution()).toList();
	}

	/**
	 * Records how jobs ended. Runs whose lease was lost meanwhile change nothing.
	 * @param ends the outcomes
	 * @return the runs whose lease was lost
	 */
	public Set<Execution> finish(List<Outcome.Finished> ends) {
		return recordAll(Script.FINISH, ends, (some) -> {
			Duration worked = Duration.ZERO;
			for (Outcome.Finished end : some) {
				worked = worked.plus(end.attempt().took());
			}
			ScriptArguments arguments = outcomes(some).add(Timestamps.seconds(Instant.EPOCH.plus(worked)));
			some.forEach((end) -> add(arguments, end));
			return arguments;
		});
	}

	/**
	 * Puts jobs whose attempt failed back on their queues, now or later. Runs whose lease
	 * was lost meanwhile change nothing.
	 * @param retries the outcomes
	 * @return the runs whose lease was lost
	 */
	public Set<Execution> retry(List<Outcome.Retried> retries) {
		return recordAll(Script.RETRY, retries, (some) -> {
			ScriptArguments arguments = outcomes(some);
			some.forEach((again) -> add(arguments, again));
			return arguments;
		});
	}

	private ScriptArguments outcomes(List<? extends Outcome> outcomes) {
		String queue = outcomes.get(0).execution().queue();
		return ScriptArguments.keys(this.scripts.keys(queue).worker(this.lease.worker()))
			.add(this.lease.worker())
			.add(Timestamps.text(this.clock.instant()))
			.add(outcomes.size());
	}

	private void add(ScriptArguments arguments, Outcome.Finished end) {
		Execution execution = end.execution();
		boolean followed = !end.following().isEmpty();
		addRun(arguments, execution).add(followed ? "2" : hasMore(execution) ? "1" : "0")
			.add(end.type().code())
			.add(ttl(end.ttlSeconds()));
		add(arguments, end.attempt());
		if (followed) {
			addFollowing(arguments, end.following());
		}
	}

	private static void addFollowing(ScriptArguments arguments, List<Job> following) {
		List<byte[]> values = new ArrayList<>();
		for (Job job : following) {
			List<byte[]> fields = JobHashWriter.writeFollowing(job);
			values.add(ScriptArguments.bytes(job.id()));
			values.add(ScriptArguments.bytes(job.queue()));
			values.add(ScriptArguments.bytes(Integer.toString(fields.size())));
			values.addAll(fields);
		}
		arguments.add(values.size()).addAll(values);
	}

	/** Whether a run leaves more behind than the hash of its job. */
	private boolean hasMore(Execution execution) {
		return execution.linked() || isBeaten(execution);
	}

	private boolean isBeaten(Execution execution) {
		return this.beaten.contains(execution.id());
	}

	private static long ttl(long seconds) {
		return Math.min(Math.max(seconds, -1), LONGEST_TTL_SECONDS);
	}

	private void add(ScriptArguments arguments, Outcome.Retried again) {
		addRun(arguments, again.execution()).add(again.waitSeconds())
			.add(again.front() ? "1" : "0")
			.add(hasMore(again.execution()) ? "1" : "0")
			.add(ttl(again.ttlSeconds()));
		add(arguments, again.attempt()).add((again.numberOfRetries() != null) ? "1" : "0");
		List<byte[]> fields = JobHashWriter.write(again);
		arguments.add(fields.size()).addAll(fields);
	}

	private static ScriptArguments add(ScriptArguments arguments, Outcome.Attempt attempt) {
		return arguments.add(Timestamps.seconds(attempt.startedAt()))
			.add(Timestamps.seconds(attempt.endedAt()))
			.add(Timestamps.text(attempt.endedAt()))
			.add(ResultEntry.encodeValue(attempt.returnValue()))
			.add(ResultEntry.encodeException(attempt.exception()));
	}

	private <T extends Outcome> Set<Execution> recordAll(Script script, List<T> outcomes,
			Function<List<T>, ScriptArguments> arguments) {
		Set<Execution> lost = new HashSet<>();
		if (outcomes.isEmpty()) {
			return lost;
		}
		for (List<T> some : this.scripts.layout().calls(outcomes, (outcome) -> outcome.execution().queue())) {
			lost.addAll(record(script, some, arguments));
			this.deliveries.tryDeliver(some.get(0).execution().queue());
		}
		return lost;
	}

	private <T extends Outcome> Set<Execution> record(Script script, List<T> outcomes,
			Function<List<T>, ScriptArguments> arguments) {
		List<T> unbeaten = outcomes.stream().filter((outcome) -> !isBeaten(outcome.execution())).toList();
		Set<Execution> lost = new HashSet<>();
		List<?> reply = this.scripts.runOnce(script, arguments.apply(outcomes));
		Replies.positions(Replies.list(reply, 0)).forEach((position) -> lost.add(outcomes.get(position).execution()));
		RefusedKeys.of(script, Replies.list(reply, 1))
			.tell("jobs have ended without their entry there, or wait until the key is mended");
		List<T> beatenMeanwhile = unbeaten.stream().filter((outcome) -> isBeaten(outcome.execution())).toList();
		if (!beatenMeanwhile.isEmpty()) {
			// nothing but what the beat has written is left of them
			this.scripts.run(script, arguments.apply(beatenMeanwhile));
		}
		outcomes.forEach((outcome) -> this.beaten.remove(outcome.execution().id()));
		return lost;
	}

	/**
	 * Gives back jobs that were claimed but have not begun to run. They wait at the front
	 * of their queues again and have used up no attempt.
	 * @param executions the runs that did not begin
	 * @return the runs whose lease was lost
	 */
	public Set<Execution> release(List<Execution> executions) {
		return release(executions, "");
	}

	/**
	 * Gives back jobs whose runs were interrupted. They wait at the front of their queues
	 * again and have used up no attempt; a limit to starts counts them all the same, and
	 * lets them wait for their turn.
	 * @param executions the runs that did not come to their end
	 * @return the runs whose lease was lost
	 */
	public Set<Execution> releaseBegun(List<Execution> executions) {
		return release(executions, Timestamps.text(this.clock.instant()));
	}

	private Set<Execution> release(List<Execution> executions, String begun) {
		if (executions.isEmpty()) {
			return Set.of();
		}
		Set<Execution> lost = new HashSet<>();
		for (List<Execution> some : this.scripts.layout().calls(executions, Execution::queue)) {
			QueueKeys keys = this.scripts.keys(some.get(0).queue());
			ScriptArguments arguments = ScriptArguments.keys(keys.queue(), keys.worker(this.lease.worker()))
				.add(begun)
				.add(some.size());
			some.forEach((execution) -> addRun(arguments, execution));
			Replies.positions(this.scripts.run(Script.RELEASE, arguments))
				.forEach((position) -> lost.add(some.get(position)));
		}
		executions.forEach((execution) -> this.beaten.remove(execution.id()));
		return lost;
	}

	/**
	 * Puts ids back that this worker's blocking wait took but the worker never claimed,
	 * and what calls without a reply have claimed.
	 * @param queues the worker's queues
	 */
	public void restoreTaken(List<String> queues) {
		settle(queues);
		NodeCalls.make(queues, (queue) -> restore(queue, this.lease.worker())).requireAll();
	}

	/**
	 * Takes jobs that were stored for it and are on no queue.
	 * @param queue the name of their queue
	 * @param taker for whom they were stored
	 * @param max the number of jobs at most, no more than {@value #BATCH_SIZE}
	 * @return the jobs
	 */
	public Claims claimTaken(String queue, String taker, int max) {
		ClaimCall call = new ClaimCall(this.scripts.layout(), this.unanswered.lessee(), queue, taker, max,
				this.clock.instant(), this.largest);
		return read(call, this.scripts.runOnce(Script.CLAIM, call.arguments()));
	}

	/**
	 * Takes jobs off a queue to run them at once.
	 * @param queue the name of the queue
	 * @param taker for whom they are taken
	 * @param ids the jobs' ids
	 * @return how many were there to be taken
	 */
	public long take(String queue, String taker, List<String> ids) {
		QueueKeys keys = this.scripts.keys(queue);
		ScriptArguments arguments = ScriptArguments.keys(keys.queue(), keys.taken(taker), keys.takers()).add(taker);
		ids.forEach(arguments::add);
		return this.scripts.count(Script.TAKE, arguments);
	}

	/**
	 * Puts back on a queue what was taken from it or stored to be taken, and has not been
	 * claimed.
	 * @param queue the name of the queue
	 * @param taker for whom it was taken
	 */
	public void giveBack(String queue, String taker) {
		QueueKeys keys = this.scripts.keys(queue);
		while (restore(queue, taker) > 0) {
			// what is too much for one call goes with the next
		}
		this.scripts.with(keys.takers(), (connection) -> connection.setCommands()
			.sRem(ScriptArguments.bytes(keys.takers()), ScriptArguments.bytes(taker)));
	}

	/** Returns how many ids went back. */
	private long restore(String queue, String worker) {
		QueueKeys keys = this.scripts.keys(queue);
		List<?> reply = this.scripts.run(Script.RESTORE,
				ScriptArguments.keys(keys.queue(), keys.takers()).add(queue).add(worker).add("0").add(1));
		return Replies.number(reply.get(1));
	}

	private static ScriptArguments addRun(ScriptArguments arguments, Execution execution) {
		return add(arguments, execution).add(execution.enqueuedAt());
	}

	private static ScriptArguments add(ScriptArguments arguments, Execution execution) {
		return arguments.add(execution.jobId()).add(execution.queue()).add(execution.id());
	}

	/**
	 * Divides what is about queues that may lie apart, so that each part can be recorded
	 * by itself.
	 * @param <T> the type of what is divided
	 * @param all what is to be recorded
	 * @param queue tells the queue of each
	 * @return the parts, one for all where the queues lie together
	 */
	public <T> Collection<List<T>> parts(List<T> all, Function<T, String> queue) {
		return this.scripts.layout().calls(all, queue);
	}

	/**
	 * What several calls have claimed.
	 */
	private static final class Collected {

		private final int max;

		private int queuesLeft;

		private Claims claims = Claims.NONE;

		Collected(int max, int queues) {
			this.max = max;
			this.queuesLeft = queues;
		}

		/** Returns how many jobs the next call may take, which is about some queues. */
		int share(int queues, boolean inTurn) {
			int wanted = this.max - this.claims.claims().size();
			int share = inTurn ? (int) Math.ceil((double) wanted * queues / this.queuesLeft) : wanted;
			this.queuesLeft -= queues;
			return share;
		}

		void add(Claims more) {
			this.claims = (this.claims == Claims.NONE) ? more : this.claims.and(more);
		}

	}

	/**
	 * A run in progress.
	 *
	 * @param execution the run
	 * @param startedAt when it started
	 */
	public record Run(Execution execution, Instant startedAt) {

	}

	/**
	 * What a beat found.
	 *
	 * @param registered whether the worker is still registered; if not it must register
	 * again
	 * @param lost the runs whose lease was lost: someone else may be running their jobs
	 * @param canceled the runs whose job was cancelled
	 */
	public record Beat(boolean registered, List<Execution> lost, List<Execution> canceled) {

		private Beat and(Beat other) {
			return new Beat(this.registered && other.registered,
					Stream.concat(this.lost.stream(), other.lost.stream()).toList(),
					Stream.concat(this.canceled.stream(), other.canceled.stream()).toList());
		}

	}

}
