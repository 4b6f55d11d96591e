package io.rq.worker;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.rq.handler.RunInfo;
import io.rq.job.Job;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Execution;
import io.rq.redis.Outcome;

/**
 * One claimed job from the claim to its outcome. Its own thread, the timekeeper, the
 * heartbeater and the stopping thread all act on it; whoever moves it to
 * {@link State#ENDED} first decides its outcome.
 */
final class ActiveRun {

	private final Job job;

	private final Execution execution;

	private final Instant claimedAt;

	private final long claimedTicks;

	private State state = State.CLAIMED;

	/** The thread of the run, for as long as it may be interrupted. */
	private @Nullable Thread thread;

	/** The thread of the run, to its end. */
	private @Nullable Thread owner;

	private volatile @Nullable RunInfo info;

	private volatile HandlerRules rules = HandlerRules.NONE;

	private volatile Instant startedAt;

	private @Nullable Duration timeout;

	private long deadline;

	private @Nullable CutShort cutShort;

	private long cutAt;

	/** How the run ends, from when the application decides on it or hears of it. */
	private @Nullable Ending ending;

	private boolean limited;

	private boolean late;

	private volatile boolean abandoned;

	private volatile boolean cancelled;

	private volatile boolean stopping;

	private volatile boolean leaseLost;

	private volatile long lastBeat;

	/** Until when the lease is sure to hold. */
	private volatile long heldUntil;

	private volatile boolean announced;

	private boolean placeReturned;

	private boolean doubtful;

	/**
	 * Creates a run that has not begun.
	 * @param job the job
	 * @param execution the lease
	 * @param claimedAt when it was claimed
	 * @param ticks the same for measuring
	 * @param heldUntil until when the lease is sure to hold: counted from before the call
	 * that took the job, for what becomes of the reply is not known to Redis
	 */
	ActiveRun(Job job, Execution execution, Instant claimedAt, long ticks, long heldUntil) {
		this.job = job;
		this.execution = execution;
		this.claimedAt = claimedAt;
		this.claimedTicks = ticks;
		this.startedAt = claimedAt;
		this.lastBeat = ticks;
		this.heldUntil = heldUntil;
	}

	/**
	 * Begins the run on the current thread, unless it has been given back already, or its
	 * lease may have run out: then another worker may have the job.
	 */
	synchronized boolean begin(RunInfo info, HandlerRules rules, Duration timeout, TimeSource time) {
		if (this.state != State.CLAIMED || this.leaseLost || time.nanoTime() - this.heldUntil >= 0) {
			return false;
		}
		this.info = info;
		this.rules = rules;
		this.state = State.RUNNING;
		this.thread = Thread.currentThread();
		this.owner = this.thread;
		this.startedAt = time.instant();
		if (!timeout.isNegative()) {
			this.timeout = timeout;
			this.deadline = time.nanoTime() + timeout.toNanos();
		}
		return true;
	}

	/**
	 * Begins what follows on the method on the current thread: the decision what becomes
	 * of the job, or a callback. From then on it is certain how the method has ended;
	 * what is interrupted or given up is what follows.
	 * @return whether the run still counts
	 */
	synchronized boolean beginEnding(Ending known, Duration limit, TimeSource time) {
		if (this.state != State.RUNNING || this.leaseLost) {
			return false;
		}
		this.ending = known;
		this.thread = Thread.currentThread();
		this.limited = !limit.isNegative();
		this.deadline = this.limited ? time.nanoTime() + limit.toNanos() : 0;
		return true;
	}

	/** Takes a run away that has not begun, unless it is to end here. */
	synchronized boolean giveBack() {
		if (this.state != State.CLAIMED || this.cutShort != null) {
			return false;
		}
		this.state = State.ENDED;
		return true;
	}

	/**
	 * The method has come back, on the current thread: what follows is the engine's, and
	 * nobody interrupts it any more.
	 */
	void leave() {
		synchronized (this) {
			this.thread = null;
			this.late = false;
		}
		Thread.interrupted();
	}

	/** Claims the right to decide the outcome of a run that ends before it has begun. */
	synchronized boolean endUnbegun() {
		return this.state == State.CLAIMED && this.cutShort != null && end();
	}

	/** Claims the right to decide the outcome. */
	synchronized boolean end() {
		if (this.state == State.ENDED) {
			return false;
		}
		this.state = State.ENDED;
		this.thread = null;
		return true;
	}

	/** Interrupts the run if its time is up. */
	synchronized void interruptIfLate(long now) {
		if (this.state != State.RUNNING) {
			return;
		}
		if (this.ending != null) {
			interruptEndingIfLate(now);
		}
		else if (this.timeout != null && now - this.deadline >= 0) {
			cut(CutShort.TIMEOUT, this.deadline);
		}
	}

	private void interruptEndingIfLate(long now) {
		if (this.limited && !this.late && this.thread != null && now - this.deadline >= 0) {
			this.late = true;
			this.cutAt = now;
			interrupt();
		}
	}

	/** Interrupts the run like all others of the worker, if its method is under way. */
	synchronized boolean kill(long now) {
		return this.state == State.RUNNING && cut(CutShort.KILLED, now);
	}

	/**
	 * Has the run end as stopped: interrupts its method, or keeps it from beginning.
	 * @return whether it will; not if the method is through
	 */
	synchronized boolean stopJob(long now) {
		return this.state != State.ENDED && cut(CutShort.STOPPED, now);
	}

	/** A stop comes before any other reason, because it is final. */
	private boolean cut(CutShort reason, long now) {
		if ((this.state == State.RUNNING && (this.thread == null || this.ending != null))
				|| (this.cutShort != null && reason != CutShort.STOPPED)) {
			return false;
		}
		if (this.cutShort == null) {
			this.cutAt = now;
		}
		this.cutShort = reason;
		this.cancelled = true;
		interrupt();
		return true;
	}

	/** Ends the run without its thread if it has not heeded the interrupt. */
	synchronized boolean abandonIfStuck(long now, Duration grace) {
		boolean cut = (this.ending != null) ? this.late : this.cutShort != null;
		if (this.state == State.RUNNING && cut && now - this.cutAt - grace.toNanos() >= 0) {
			this.abandoned = true;
			return end();
		}
		return false;
	}

	/** Takes note that the run does not count any more, unless its end is decided. */
	synchronized boolean loseLease() {
		if (this.state == State.ENDED || this.leaseLost) {
			return false;
		}
		this.leaseLost = true;
		cancel();
		return true;
	}

	synchronized void stop() {
		this.stopping = true;
		this.cancelled = true;
		interrupt();
	}

	void cancel() {
		this.cancelled = true;
	}

	/** Interrupts the method if it is still under way. */
	synchronized void interrupt() {
		if (this.thread != null) {
			this.thread.interrupt();
		}
	}

	Job job() {
		return this.job;
	}

	Execution execution() {
		return this.execution;
	}

	Instant claimedAt() {
		return this.claimedAt;
	}

	long claimedTicks() {
		return this.claimedTicks;
	}

	/** Returns what listeners see of the run, or {@code null} before it begins. */
	@Nullable RunInfo info() {
		return this.info;
	}

	HandlerRules rules() {
		return this.rules;
	}

	Instant startedAt() {
		return this.startedAt;
	}

	int attempt() {
		return this.job.run().attempt();
	}

	boolean isCancelled() {
		return this.cancelled;
	}

	boolean isAbandoned() {
		return this.abandoned;
	}

	boolean isLeaseLost() {
		return this.leaseLost;
	}

	/** Whether the run has begun and its thread is gone although no end is decided. */
	synchronized boolean isStranded() {
		return this.state == State.RUNNING && this.owner != null && !this.owner.isAlive();
	}

	/** Claims the right to give the run's place back. */
	synchronized boolean returnPlace() {
		boolean first = !this.placeReturned;
		this.placeReturned = true;
		return first;
	}

	/** Whether the run has ended and kept its place since this was last asked. */
	synchronized boolean keepsPlace() {
		boolean keeps = this.state == State.ENDED && !this.placeReturned;
		boolean still = keeps && this.doubtful;
		this.doubtful = keeps;
		return still;
	}

	/** Returns the thread of a run that has begun and whose end is not decided. */
	synchronized @Nullable Thread owner() {
		return (this.state == State.RUNNING) ? this.owner : null;
	}

	boolean isStopping() {
		return this.stopping;
	}

	/** Returns why the run ends before its method is through, else {@code null}. */
	synchronized @Nullable CutShort cutShort() {
		return this.cutShort;
	}

	/** Returns how the run ends if what follows has begun, else {@code null}. */
	synchronized @Nullable Ending ending() {
		return this.ending;
	}

	/** Returns the time the run has, or {@code null} for no limit. */
	synchronized @Nullable Duration timeout() {
		return this.timeout;
	}

	/** Whether the lease needs a beat: now and then, and early to show a longer run. */
	boolean needsBeat(long now, Duration interval, Duration announceAfter) {
		return !this.leaseLost && (now - this.lastBeat >= interval.toNanos()
				|| (!this.announced && now - this.lastBeat >= announceAfter.toNanos()));
	}

	/** The lease has been renewed by a call that began at that time. */
	void beaten(long now, Duration lease) {
		this.lastBeat = now;
		this.heldUntil = now + lease.toNanos();
		this.announced = true;
	}

	/**
	 * How a run ends.
	 *
	 * @param outcome what is recorded, {@code null} if it is still to be decided what
	 * becomes of a job that has failed
	 * @param failure why it failed, or {@code null}
	 */
	record Ending(@Nullable Outcome outcome, @Nullable Throwable failure) {

		/** A failure of which nobody has decided yet. */
		static Ending undecided(Throwable failure) {
			return new Ending(null, failure);
		}

	}

	private enum State {

		CLAIMED, RUNNING, ENDED

	}

}
