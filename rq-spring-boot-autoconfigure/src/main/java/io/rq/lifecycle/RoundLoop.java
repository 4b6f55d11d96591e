package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * Runs a {@link Round} again and again on a thread of its own until stopped.
 *
 * <p>
 * A round that fails is logged once, for all loops that share an {@link Outage}, then the
 * loop backs off until a round succeeds again, which is logged too. Only a stop ends the
 * loop. Starting twice, stopping what was never started and starting again after a stop
 * are all harmless, from any thread.
 */
public final class RoundLoop {

	/** How often a round that has to end is interrupted. */
	private static final Duration AGAIN = Duration.ofMillis(100);

	/** Between two looks whether a round hangs. */
	private static final Duration LONGEST_GAP = Duration.ofSeconds(3);

	/** The pause after a failure of which nothing could be said. */
	private static final Duration UNTOLD = Duration.ofMillis(500);

	private final SafeLog log;

	private final String name;

	private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

	private final Outage outage;

	private final Round round;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition signal = this.lock.newCondition();

	private volatile @Nullable Term term;

	private boolean woken;

	/**
	 * Creates a loop that is not running.
	 * @param name the name of its thread, and of the loop in the log
	 * @param log where failures and recoveries are logged
	 * @param round what to do
	 */
	public RoundLoop(String name, SafeLog log, Round round) {
		this(name, log, new Outage(), round);
	}

	/**
	 * Creates a loop that is not running and shares its reports of trouble with others.
	 * @param name the name of its thread, and of the loop in the log
	 * @param log where failures and recoveries are logged
	 * @param outage shared by all loops that fail together
	 * @param round what to do
	 */
	public RoundLoop(String name, SafeLog log, Outage outage, Round round) {
		this.name = name;
		this.log = log;
		this.outage = outage;
		this.round = round;
	}

	/**
	 * Starts the loop unless it is running. A loop that is just stopping starts again
	 * when it has stopped, one whose thread has died at once.
	 */
	public void start() {
		this.lock.lock();
		try {
			Term current = this.term;
			if (current != null && !current.stopping && current.thread.isAlive()) {
				return;
			}
			Term next = new Term(current);
			next.thread.start();
			this.woken = false;
			this.term = next;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Asks the loop to end after its current round. Does not wait.
	 */
	public void requestStop() {
		stopping();
	}

	private @Nullable Term stopping() {
		this.lock.lock();
		try {
			Term current = this.term;
			if (current != null) {
				current.stopping = true;
				this.signal.signalAll();
			}
			return current;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops the loop and waits until its thread has ended, even if interrupted meanwhile.
	 * What takes longer than the given time, a round or its end, is interrupted; what
	 * does not heed that is left behind. Called by the loop's own thread it does not
	 * wait.
	 * @param patience how long to wait before interrupting
	 * @param grace how long to wait after that
	 * @return whether the thread has ended
	 */
	public boolean terminate(Duration patience, Duration grace) {
		Term current = stopping();
		if (current == null) {
			return true;
		}
		if (current.thread == Thread.currentThread()) {
			return false;
		}
		if (Threads.join(current.thread, patience)) {
			return true;
		}
		Deadline end = Deadline.in(grace);
		do {
			current.thread.interrupt();
		}
		while (!Threads.join(current.thread, end.share(1, AGAIN)) && !end.share(1).isZero());
		return !current.thread.isAlive();
	}

	/**
	 * Returns whether a thread is the loop's.
	 * @param candidate the thread
	 * @return whether it is
	 */
	public boolean isThread(Thread candidate) {
		this.lock.lock();
		try {
			Term current = this.term;
			return current != null && current.thread == candidate;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the name of the loop.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Ends the wait before the next round, or the next one if none is under way.
	 */
	public void wake() {
		this.lock.lock();
		try {
			this.woken = true;
			this.signal.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns whether the loop's thread is alive.
	 * @return {@code true} from the start until the thread has ended
	 */
	public boolean isRunning() {
		Term current = this.term;
		return current != null && current.thread.isAlive();
	}

	/**
	 * Returns whether the loop has been asked to stop or was never started.
	 * @return {@code true} if no further round will begin
	 */
	public boolean isStopping() {
		Term current = this.term;
		return current == null || current.stopping;
	}

	/**
	 * Returns what keeps the loop from its work.
	 * @param longerThan for how long it must have lasted to count
	 * @return a sentence with the cause, or {@code null} if the loop works or stops
	 */
	public @Nullable String problem(Duration longerThan) {
		Term current = this.term;
		if (current == null || current.stopping) {
			return null;
		}
		if (!current.thread.isAlive()) {
			return this.name + " has died";
		}
		long now = this.outage.nanoTime();
		Trouble.Failing failing = current.trouble.failing();
		if (failing != null && now - failing.since() > longerThan.toNanos()) {
			return this.name + " has failed for " + seconds(now - failing.since()) + ": "
					+ FailureText.ofRoot(failing.last());
		}
		long since = current.roundSince;
		if (since != 0 && now - since > longerThan.toNanos()) {
			return this.name + " has hung for " + seconds(now - since);
		}
		return null;
	}

	/**
	 * Interrupts a round that hangs, so that the loop can go on with the next one, and
	 * again when it has not heeded that for as long. To be called every second or so:
	 * after a longer gap the whole process has stood still, and not the round alone.
	 * @param longerThan for how long it must have hung
	 * @return whether one was interrupted
	 */
	public boolean interruptHung(Duration longerThan) {
		Term current = this.term;
		if (current == null || current.stopping) {
			return false;
		}
		long now = this.outage.nanoTime();
		boolean stoodStill = now - current.lookedAt > LONGEST_GAP.toNanos();
		current.lookedAt = now;
		long since = current.roundSince;
		long last = (since - current.interruptedAt > 0) ? since : current.interruptedAt;
		if (stoodStill || since == 0 || now - last <= longerThan.toNanos()) {
			return false;
		}
		current.interruptedAt = now;
		Exception where = new Exception("It hung here");
		where.setStackTrace(current.thread.getStackTrace());
		this.log.warn("{} has hung for {} and is interrupted", this.name, seconds(now - since), where);
		current.thread.interrupt();
		return true;
	}

	private static String seconds(long nanos) {
		return Duration.ofNanos(nanos).toSeconds() + " s";
	}

	private void pause(Term current, long pause) {
		long nanos = pause;
		boolean backingOff = current.trouble.isPresent();
		this.lock.lock();
		try {
			while ((backingOff || !this.woken) && !current.stopping && nanos > 0) {
				nanos = this.signal.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			// as good as being woken: only a stop ends the loop
		}
		finally {
			this.woken = false;
			this.lock.unlock();
		}
	}

	/**
	 * The time from one start to the next stop.
	 */
	private final class Term implements Runnable {

		private final Thread thread;

		private @Nullable Term previous;

		private volatile boolean stopping;

		/** When the round under way began, or 0 in a pause. */
		private volatile long roundSince = RoundLoop.this.outage.nanoTime();

		/** When it was last seen whether a round hangs. */
		private volatile long lookedAt = this.roundSince;

		/** When a round was last interrupted because it hung. */
		private volatile long interruptedAt = this.roundSince;

		private final Trouble trouble = new Trouble(RoundLoop.this.name, RoundLoop.this.log, RoundLoop.this.outage,
				RoundLoop.this.round.recovery(RoundLoop.this.outage.recovery()));

		Term(@Nullable Term previous) {
			this.previous = previous;
			this.thread = Threads.create(RoundLoop.this.name, RoundLoop.this.loader, this);
		}

		@Override
		public void run() {
			awaitPrevious();
			if (!this.stopping) {
				repeat();
			}
		}

		private void awaitPrevious() {
			Term before = this.previous;
			while (before != null) {
				try {
					before.thread.join();
					before = null;
				}
				catch (InterruptedException ex) {
					before.thread.interrupt();
				}
			}
			this.previous = null;
		}

		private void repeat() {
			do {
				this.roundSince = RoundLoop.this.outage.nanoTime();
				long pause = round();
				this.roundSince = 0;
				pause(this, pause);
			}
			while (!this.stopping);
			end();
		}

		private long round() {
			try {
				long pause = RoundLoop.this.round.run().toNanos();
				this.trouble.succeeded();
				return pause;
			}
			catch (Throwable ex) {
				Thread.interrupted();
				return failed(ex);
			}
		}

		private long failed(Throwable failure) {
			try {
				if (this.stopping) {
					RoundLoop.this.log.debug("{} failed while stopping", RoundLoop.this.name,
							FailureText.printable(failure));
					return 0;
				}
				return this.trouble.failed(failure);
			}
			catch (Throwable untold) {
				// there may be no memory for words, but the loop goes on
				return UNTOLD.toNanos();
			}
		}

		private void end() {
			Thread.interrupted();
			this.trouble.leave();
			try {
				RoundLoop.this.round.end();
			}
			catch (Throwable ex) {
				RoundLoop.this.log.warn("{} did not end well", RoundLoop.this.name, FailureText.printable(ex));
			}
		}

	}

}
