package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.FailureText;
import io.rq.lifecycle.Keeper;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.SafeLog;
import io.rq.lifecycle.Threads;
import io.rq.serializer.JobSerializer;

/**
 * One term of a worker, from a start to the next stop: puts the parts together, looks
 * after them and ends them.
 */
final class Worker implements Keeper.Duty {

	private static final SafeLog log = SafeLog.of(Worker.class);

	/** How long a part may take to end, if the shutdown timeout allows it. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/** How long a part may take to end that was interrupted. */
	private static final Duration GRACE = Duration.ofMillis(500);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration LOOK_AT_END = Duration.ofMillis(50);

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final Runnable whenEnded;

	private final Outage outage = new Outage();

	private final Keeper keeper;

	private final RunDesk desk;

	private final Registration registration;

	private final Arrivals arrivals;

	private final Fetcher fetcher;

	private final Heartbeater heartbeater;

	private final RoundLoop fetching;

	private final RoundLoop writing;

	private final List<RoundLoop> chores;

	/** Whether the worker ends of its own accord, after the jobs it has taken. */
	private volatile boolean exhausted;

	/** Whether such a worker has given back what its waits had taken. */
	private boolean restored;

	Worker(WorkerOptions options, WorkerStores stores, RunDesk desk, Listeners<JobListener> listeners,
			Runnable whenEnded) {
		this.options = options;
		this.stores = stores;
		this.whenEnded = whenEnded;
		this.keeper = new Keeper("rq-keep-" + options.name(), this.outage, this);
		this.desk = desk;
		desk.whenExhausted(this::exhausted);
		WorkerOptions.Timing timing = options.timing();
		this.registration = new Registration(stores.workers(), options, stores.time().instant());
		this.arrivals = new Arrivals(options, stores, desk.permits()::signal, this.outage);
		this.fetcher = new Fetcher(options, stores.executions(), this.registration, desk.permits(), this.arrivals, desk,
				stores.time());
		this.heartbeater = new Heartbeater(stores.executions(), this.registration, desk.runs(), options, this::state,
				listeners, stores.time());
		this.fetching = loop("fetch", this.fetcher);
		this.writing = loop("finish", desk.writer());
		this.chores = List.of(loop("beat", this.heartbeater),
				loop("maintain", new Maintainer(stores.maintenance(), options, listeners, this.outage)),
				loop("time", new Timekeeper(desk.runs(), timing.timeoutGrace(), desk.runner(), stores.time())));
	}

	private RoundLoop loop(String part, Round round) {
		return new RoundLoop("rq-" + part + "-" + this.options.name(), log, this.outage, round);
	}

	/**
	 * Starts all parts or none.
	 * @throws OutOfMemoryError if there is no thread for one
	 */
	void start() {
		try {
			this.writing.start();
			this.chores.forEach(RoundLoop::start);
			this.fetching.start();
			this.keeper.start();
		}
		catch (Throwable ex) {
			Deadline deadline = Deadline.in(PATIENCE);
			loops().forEach(RoundLoop::requestStop);
			loops().forEach((loop) -> loop.terminate(Duration.ZERO, deadline.share(2)));
			throw ex;
		}
	}

	private List<RoundLoop> loops() {
		List<RoundLoop> loops = new ArrayList<>(this.arrivals.loops());
		loops.addAll(this.chores);
		loops.add(this.writing);
		loops.add(this.fetching);
		return loops;
	}

	Keeper keeper() {
		return this.keeper;
	}

	private void exhausted() {
		this.exhausted = true;
		this.fetching.requestStop();
		this.arrivals.requestStop();
		this.keeper.wake();
	}

	/** Returns whether the worker has taken all it was to take. */
	boolean isExhausted() {
		return this.exhausted;
	}

	@Override
	public boolean look() {
		this.desk.settleStranded();
		for (RoundLoop loop : loops()) {
			if (!loop.isStopping() && !loop.isRunning()) {
				log.error("A thread of worker {} has died and is replaced", this.options.name());
				loop.start();
			}
		}
		if (this.exhausted && !this.restored && !this.fetching.isRunning()
				&& this.arrivals.loops().stream().noneMatch(RoundLoop::isRunning)) {
			this.stores.executions().restoreTaken(this.options.queues());
			this.restored = true;
		}
		return this.restored && this.desk.permits().busy() == 0 && this.desk.writer().pending() == 0;
	}

	@Override
	public Duration pause() {
		return this.exhausted ? LOOK_AT_END : LOOK;
	}

	/**
	 * Stops in the order that loses nothing: takes nothing more, gives back what has not
	 * begun, lets the rest end or interrupts it, records the outcomes; the heartbeat goes
	 * last. No step waits for longer than its part of the shutdown timeout.
	 */
	@Override
	public void stop(Keeper current) {
		Deadline deadline = Deadline.in(this.options.timing().shutdownTimeout());
		this.fetching.requestStop();
		this.arrivals.requestStop();
		this.desk.permits().signal();
		Duration patience = deadline.share(2, PATIENCE);
		Deadline waits = Deadline.in(patience);
		this.fetching.terminate(patience, deadline.share(4, GRACE));
		this.arrivals.terminate(waits.share(1), deadline.share(4, GRACE));
		this.desk.close();
		within(deadline.share(3, PATIENCE), this::restoreTaken);
		awaitRuns(deadline);
		this.desk.writer().awaitWritten(deadline.share(2));
		current.othersEnded();
		awaitRuns(deadline);
		this.desk.writer().awaitWritten(deadline.share(2));
		this.desk.endWriting();
		endLoops(deadline);
		within(deadline.share(2, PATIENCE), this::deregister);
		tellWhatIsLeft(this.desk.threads().awaitEnd(deadline.share(2, GRACE), current::isWaitingInside));
	}

	private void awaitRuns(Deadline deadline) {
		Permits permits = this.desk.permits();
		if (!permits.awaitBusy(this::insiders, deadline.share(2))) {
			log.info("Worker {} interrupts {} running jobs to stop", this.options.name(), permits.busy());
			for (ActiveRun run : this.desk.runs().all()) {
				Thread owner = run.owner();
				if (owner == null || !this.keeper.isWaitingInside(owner)) {
					run.stop();
				}
			}
			permits.awaitBusy(this::insiders, deadline.share(2));
		}
	}

	/** Returns how many runs wait for the stop themselves. */
	private int insiders() {
		return this.desk.count(this.keeper::isWaitingInside);
	}

	private void endLoops(Deadline deadline) {
		this.writing.requestStop();
		this.chores.forEach(RoundLoop::requestStop);
		Deadline patience = Deadline.in(deadline.share(3, PATIENCE));
		Deadline grace = Deadline.in(patience.share(1).plus(deadline.share(4, GRACE)));
		for (RoundLoop loop : loops()) {
			loop.terminate(patience.share(1), grace.share(1, GRACE));
		}
	}

	/** Calls Redis, which may not answer, for a limited time. */
	private void within(Duration limit, Runnable call) {
		try {
			Threads.within("rq-stop-" + this.options.name(), limit, call);
		}
		catch (Throwable ex) {
			log.warn("Worker {} found no thread for a step of its stop: {}", this.options.name(), FailureText.of(ex));
		}
	}

	private void restoreTaken() {
		try {
			this.stores.executions().restoreTaken(this.options.queues());
		}
		catch (RuntimeException ex) {
			log.warn("Worker {} could not give back what it had taken; others find it when its registration has "
					+ "expired: {}", this.options.name(), FailureText.of(ex));
		}
	}

	private void deregister() {
		try {
			this.registration.remove();
		}
		catch (RuntimeException ex) {
			log.info("Worker {} could not sign off; its registration will expire", this.options.name());
		}
	}

	private void tellWhatIsLeft(int threads) {
		int pending = this.desk.writer().pending();
		if (!this.desk.runs().isEmpty() || pending > 0) {
			log.warn("Worker {} stops with {} jobs unended and {} outcomes unrecorded; these jobs run again when their "
					+ "leases have run out", this.options.name(), this.desk.permits().busy(), pending);
		}
		List<String> hung = loops().stream().filter(RoundLoop::isRunning).map(RoundLoop::name).toList();
		if (threads > 0 || !hung.isEmpty()) {
			log.warn("Worker {} leaves {} threads of jobs behind that do not heed an interrupt, and {} of its own: {}",
					this.options.name(), threads, hung.size(), hung);
		}
	}

	@Override
	public void ended() {
		this.whenEnded.run();
	}

	@Override
	public boolean isInside(Thread thread) {
		return this.desk.threads().owns(thread);
	}

	@Override
	public boolean isNeeded(Thread thread) {
		return loops().stream().anyMatch((loop) -> loop.isThread(thread));
	}

	@Override
	public void insiderWaits() {
		this.desk.permits().signal();
	}

	WorkerOptions options() {
		return this.options;
	}

	WorkerState describe() {
		return new WorkerState(this.options.name(), this.options.queues(), this.fetching.isRunning() || isEnding(),
				state(), this.options.concurrency(), this.desk.permits().busy(), this.desk.writer().pending(),
				this.heartbeater.lastBeatAt(), problems());
	}

	private List<String> problems() {
		Duration lease = this.options.timing().lease();
		List<String> problems = new ArrayList<>();
		for (RoundLoop loop : loops()) {
			String problem = loop.problem(lease);
			if (problem != null) {
				problems.add(problem);
			}
		}
		return problems;
	}

	private boolean isEnding() {
		return this.exhausted && !this.keeper.isAsked();
	}

	private String state() {
		if (this.fetcher.isSuspended()) {
			return "suspended";
		}
		return (this.desk.permits().busy() > 0) ? "busy" : "idle";
	}

}
