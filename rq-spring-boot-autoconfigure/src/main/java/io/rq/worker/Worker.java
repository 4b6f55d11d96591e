package io.rq.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Keeper;
import io.rq.lifecycle.Line;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.Terms;
import io.rq.lifecycle.Threads;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * One term of a worker, from a start to the next stop: puts the parts together, starts
 * them, looks after them and stops them.
 */
final class Worker implements Keeper.Task, Terms.Term {

	private static final SafeLog log = SafeLog.of(WorkerContainer.class);

	/** How long a part may take to end, if the shutdown timeout allows it. */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	/** How long a part may take to end that was interrupted. */
	static final Duration GRACE = Duration.ofMillis(500);

	private static final int MOST_UNTOLD = 10_000;

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration LOOK_AT_END = Duration.ofMillis(50);

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final RunThreads threads;

	private final Runnable whenEnded;

	private final Permits permits;

	private final ActiveRuns runs = new ActiveRuns();

	/** Where listeners are told what the threads of the worker itself find. */
	private final Line line;

	private final Listeners<JobListener> listeners;

	private final OutcomeWriter writer;

	private final Callbacks callbacks;

	private final RunEnds ends;

	private final RunDesk desk;

	private final Registration registration;

	private final Fetcher fetcher;

	private final Heartbeater heartbeater;

	private final WorkerLoops loops;

	private final Keeper keeper;

	/** Whether the worker ends of its own accord, after the jobs it has taken. */
	private volatile boolean exhausted;

	/** Whether a command has asked the worker to stop. */
	private volatile boolean dismissed;

	/** Whether such a worker has given back what its waits had taken. */
	private boolean restored;

	/**
	 * Puts the parts together.
	 * @param options how it works
	 * @param stores what it needs of Redis
	 * @param handling what the application has for its jobs
	 * @param resting whether it takes no jobs for now
	 * @param threads the threads jobs run on
	 * @param whenEnded called when it has stopped
	 */
	Worker(WorkerOptions options, WorkerStores stores, JobHandling handling, BooleanSupplier resting,
			RunThreads threads, Runnable whenEnded) {
		this.options = options;
		this.stores = stores;
		this.threads = threads;
		this.whenEnded = whenEnded;
		this.line = new Line("rq-tell-" + options.name(), MOST_UNTOLD, Runnable::run);
		Listeners<JobListener> heard = new Listeners<>(handling.listeners().get());
		this.listeners = heard.by(this.line);
		this.permits = new Permits(options.concurrency());
		this.writer = new OutcomeWriter(stores.executions(), this.runs, this.listeners, stores.time());
		OutcomeRules rules = new OutcomeRules(handling.serializer(), options.defaults(), stores.time());
		this.callbacks = new Callbacks(handling.handlers(), handling.serializer(), threads, stores.time());
		Notices notices = new Notices(handling.webhooks(), this.callbacks);
		this.ends = new RunEnds(this.permits, this.runs, rules, this.writer, this.callbacks, notices,
				new RunReports(threads, heard));
		UnknownFunctions unknown = new UnknownFunctions(stores.workers(), options.defaults().unknownFunctionGrace(),
				stores.time()::nanoTime);
		JobRunner runner = new JobRunner(options.name(), handling, unknown::waits, stores.jobs(), rules, heard,
				this.ends, stores.time());
		ReadAhead ahead = new ReadAhead(options.concurrency(), stores.time());
		WaitingRuns waiting = new WaitingRuns(options.concurrency(), this.permits, stores.time());
		this.desk = new RunDesk(waiting, ahead, this.runs, threads, runner, this.ends, this::exhausted);
		Outage outage = new Outage(stores.time()::nanoTime, options.timing()::recovery);
		this.registration = new Registration(stores.workers(), options, handling.handlers()::names, stores.time());
		Arrivals arrivals = new Arrivals(options, stores, this.registration::isLasting, this.permits::signal, outage);
		this.fetcher = new Fetcher(options, stores.executions(), this.registration, this.permits, ahead, arrivals,
				this.desk, resting, stores.time());
		this.heartbeater = new Heartbeater(stores.executions(), this.registration, this.runs, options, this::state,
				this.listeners, stores.time());
		Map<String, Round> chores = new LinkedHashMap<>();
		chores.put("beat", this.heartbeater);
		chores.put("maintain", new Maintainer(stores.maintenance(), options, this.listeners, this::callBackForAbandoned,
				notices, outage));
		chores.put("time", new Timekeeper(this.runs, options.timing().timeoutGrace(), this.ends, stores.time()));
		chores.put("commands", new Commands(stores.commands(), this.runs, this::dismiss, stores.time()));
		this.loops = new WorkerLoops(options.name(), outage, arrivals, this.fetcher, this.writer, chores);
		this.keeper = new Keeper("rq-keep-" + options.name(), outage, this);
	}

	/**
	 * Starts all parts or none.
	 * @throws OutOfMemoryError if there is no thread for one
	 */
	@Override
	public void start() {
		try {
			this.loops.start();
			this.keeper.start();
		}
		catch (Throwable ex) {
			this.loops.abort(PATIENCE);
			throw ex;
		}
		log.info("Worker {} listens on {} and runs up to {} jobs at a time", this.options.name(), this.options.queues(),
				this.options.concurrency());
	}

	@Override
	public Keeper keeper() {
		return this.keeper;
	}

	private void callBackForAbandoned(List<String> ids) {
		this.threads.execute(() -> this.callbacks.abandoned(this.stores.jobs(), ids));
	}

	private void exhausted() {
		this.exhausted = true;
		this.loops.requestEndOfTaking();
		this.keeper.wake();
	}

	/** Asks for the stop and does not wait. */
	private void dismiss() {
		this.dismissed = true;
		this.keeper.stop(() -> {
		});
	}

	/** One that was dismissed is not to be missed either. */
	@Override
	public boolean isExhausted() {
		return this.exhausted || this.dismissed;
	}

	@Override
	public boolean look() {
		this.ends.settleStranded();
		this.loops.replaceDead();
		this.loops.interruptHung(longestRound(),
				(part) -> this.listeners.tell((listener) -> listener.interrupted(part)));
		if (this.exhausted && !this.restored && this.loops.hasDoneTaking()) {
			this.stores.executions().restoreTaken(this.options.queues());
			this.restored = true;
		}
		return this.restored && this.permits.busy() == 0 && this.writer.pending() == 0;
	}

	private Duration longestRound() {
		return this.options.timing().lease().plus(this.options.timing().longestWait());
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
		this.loops.requestEndOfTaking();
		this.permits.signal();
		within(deadline.share(8, GRACE), this.loops::cutWaitsShort);
		this.loops.awaitEndOfTaking(deadline);
		this.desk.close();
		within(deadline.share(3, PATIENCE), this::restoreTaken);
		awaitRuns(deadline);
		this.writer.awaitWritten(deadline.share(2));
		current.othersEnded();
		awaitRuns(deadline);
		this.writer.awaitWritten(deadline.share(2));
		this.writer.endGathering();
		this.callbacks.close();
		this.loops.end(deadline);
		within(deadline.share(2, PATIENCE), this::deregister);
		int threadsLeft = this.threads.awaitEnd(deadline.share(3, GRACE), current::isWaitingInside);
		tellWhatIsLeft(threadsLeft, this.line.end(deadline.share(2, GRACE)));
	}

	private void awaitRuns(Deadline deadline) {
		if (!this.permits.awaitBusy(this::insiders, deadline.share(2))) {
			log.info("Worker {} interrupts {} running jobs to stop", this.options.name(), this.permits.busy());
			for (ActiveRun run : this.runs.all()) {
				Thread owner = run.owner();
				if (owner == null || !this.keeper.isWaitingInside(owner)) {
					run.stop();
				}
			}
			this.permits.awaitBusy(this::insiders, deadline.share(2));
		}
	}

	@Nullable RunStack stack(String jobId) {
		return this.runs.stack(this.options.name(), jobId);
	}

	/** Returns how many runs wait for the stop themselves. */
	private int insiders() {
		return this.runs.count(this.keeper::isWaitingInside);
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

	private void tellWhatIsLeft(int threadsLeft, int untold) {
		int pending = this.writer.pending();
		if (!this.runs.isEmpty() || pending > 0) {
			log.warn("Worker {} stops with {} jobs unended and {} outcomes unrecorded; these jobs run again when their "
					+ "leases have run out", this.options.name(), this.permits.busy(), pending);
		}
		if (untold > 0) {
			log.warn("Worker {} stops with {} things untold: its listeners take too long", this.options.name(), untold);
		}
		List<String> hung = this.loops.running();
		if (threadsLeft > 0 || !hung.isEmpty()) {
			log.warn("Worker {} leaves {} threads of jobs behind that do not heed an interrupt, and {} of its own: {}",
					this.options.name(), threadsLeft, hung.size(), hung);
		}
	}

	@Override
	public void ended() {
		log.info("Worker {} has stopped", this.options.name());
		this.whenEnded.run();
	}

	@Override
	public boolean isInside(Thread thread) {
		return this.threads.owns(thread);
	}

	@Override
	public boolean isNeeded(Thread thread) {
		return this.loops.owns(thread) || this.line.owns(thread);
	}

	@Override
	public void insiderWaits() {
		this.permits.signal();
	}

	WorkerOptions options() {
		return this.options;
	}

	WorkerState describe() {
		return new WorkerState(this.options.name(), this.options.queues(), this.loops.isFetching() || isEnding(),
				state(), this.options.concurrency(), running(), this.writer.pending(), this.heartbeater.lastBeatAt(),
				this.loops.problems(this.options.timing().lease()));
	}

	private int running() {
		return Math.min(this.permits.busy(), this.options.concurrency());
	}

	private boolean isEnding() {
		return this.dismissed || this.exhausted && !this.keeper.isAsked();
	}

	private String state() {
		if (this.fetcher.isSuspended()) {
			return "suspended";
		}
		return (this.permits.busy() > 0) ? "busy" : "idle";
	}

}
