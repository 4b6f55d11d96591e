package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;

/**
 * The loops that the parts of a worker run on, each with a thread of its own: taking
 * jobs, recording outcomes and the chores. They begin together and end in that order.
 */
final class WorkerLoops {

	private static final SafeLog log = SafeLog.of(WorkerLoops.class);

	/** More than the waits that are under way may take. */
	private static final Duration LAST_WAIT = Duration.ofSeconds(3);

	private final String worker;

	private final Outage outage;

	private final Arrivals arrivals;

	private final RoundLoop fetching;

	private final RoundLoop writing;

	private final List<RoundLoop> chores;

	/** What the loops of this class are called. */
	private final Map<RoundLoop, String> parts = new HashMap<>();

	/**
	 * Creates loops that do not run.
	 * @param worker the worker's name
	 * @param outage what all of them fail of together
	 * @param arrivals waits for jobs, on loops of its own if need be
	 * @param fetcher takes jobs
	 * @param writer records outcomes
	 * @param chores the other rounds by what their threads are called
	 */
	WorkerLoops(String worker, Outage outage, Arrivals arrivals, Fetcher fetcher, OutcomeWriter writer,
			Map<String, Round> chores) {
		this.worker = worker;
		this.outage = outage;
		this.arrivals = arrivals;
		this.fetching = loop("fetch", fetcher);
		this.writing = loop("finish", writer);
		this.chores = chores.entrySet().stream().map((chore) -> loop(chore.getKey(), chore.getValue())).toList();
	}

	private RoundLoop loop(String part, Round round) {
		RoundLoop loop = new RoundLoop("rq-" + part + "-" + this.worker, log, this.outage, round);
		this.parts.put(loop, part);
		return loop;
	}

	private List<RoundLoop> all() {
		List<RoundLoop> loops = new ArrayList<>(this.arrivals.loops());
		loops.addAll(this.chores);
		loops.add(this.writing);
		loops.add(this.fetching);
		return loops;
	}

	/**
	 * Starts all.
	 * @throws OutOfMemoryError if there is no thread for one
	 */
	void start() {
		this.writing.start();
		this.chores.forEach(RoundLoop::start);
		this.fetching.start();
	}

	/** Ends all that have started, within some time. */
	void abort(Duration limit) {
		Deadline deadline = Deadline.in(limit);
		all().forEach(RoundLoop::requestStop);
		all().forEach((loop) -> loop.terminate(Duration.ZERO, deadline.share(2)));
	}

	/** Starts again what should run and does not. */
	void replaceDead() {
		for (RoundLoop loop : all()) {
			if (!loop.isStopping() && !loop.isRunning()) {
				log.error("A thread of worker {} has died and is replaced", this.worker);
				loop.start();
			}
		}
	}

	/**
	 * Interrupts what hangs.
	 * @param limit for how long it must have hung
	 * @param told hears which part it was
	 */
	void interruptHung(Duration limit, Consumer<String> told) {
		all().stream()
			.filter((loop) -> loop.interruptHung(limit))
			.map((loop) -> this.parts.getOrDefault(loop, Arrivals.PART))
			.forEach(told);
	}

	boolean isFetching() {
		return this.fetching.isRunning();
	}

	/** Returns whether no job can be taken any more. */
	boolean hasDoneTaking() {
		return !isFetching() && this.arrivals.loops().stream().noneMatch(RoundLoop::isRunning);
	}

	/** Lets no further job be taken, after what is under way. */
	void requestEndOfTaking() {
		this.fetching.requestStop();
		this.arrivals.requestStop();
	}

	/** Ends waits for jobs that are under way. */
	void cutWaitsShort() {
		this.arrivals.cutShort();
	}

	/** Waits until no job is taken any more; interrupts what takes too long. */
	void awaitEndOfTaking(Deadline deadline) {
		Duration patience = deadline.share(2, LAST_WAIT);
		Deadline waits = Deadline.in(patience);
		this.fetching.terminate(patience, deadline.share(4, Worker.GRACE));
		this.arrivals.terminate(waits.share(1), deadline.share(4, Worker.GRACE));
	}

	/** Ends all; interrupts what takes too long. */
	void end(Deadline deadline) {
		this.writing.requestStop();
		this.chores.forEach(RoundLoop::requestStop);
		Deadline patience = Deadline.in(deadline.share(3, Worker.PATIENCE));
		Deadline grace = Deadline.in(patience.share(1).plus(deadline.share(4, Worker.GRACE)));
		for (RoundLoop loop : all()) {
			loop.terminate(patience.share(1), grace.share(1, Worker.GRACE));
		}
	}

	/** Returns whether a thread is one of these. */
	boolean owns(Thread thread) {
		return all().stream().anyMatch((loop) -> loop.isThread(thread));
	}

	/** Returns the names of those that run. */
	List<String> running() {
		return all().stream().filter(RoundLoop::isRunning).map(RoundLoop::name).toList();
	}

	/** Returns what is wrong with those that have not worked for so long. */
	List<String> problems(Duration limit) {
		return all().stream().map((loop) -> loop.problem(limit)).filter(Objects::nonNull).toList();
	}

}
