package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	private final Logger logger;

	private final String name;

	private final Outage outage;

	private final Round round;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition signal = this.lock.newCondition();

	private volatile @Nullable Term term;

	private boolean woken;

	/**
	 * Creates a loop that is not running.
	 * @param name the name of its thread, and of the loop in the log
	 * @param logger where failures and recoveries are logged
	 * @param round what to do
	 */
	public RoundLoop(String name, Logger logger, Round round) {
		this(name, logger, new Outage(), round);
	}

	/**
	 * Creates a loop that is not running and shares its reports of trouble with others.
	 * @param name the name of its thread, and of the loop in the log
	 * @param logger where failures and recoveries are logged
	 * @param outage shared by all loops that fail together
	 * @param round what to do
	 */
	public RoundLoop(String name, Logger logger, Outage outage, Round round) {
		this.name = name;
		this.logger = logger;
		this.outage = outage;
		this.round = round;
	}

	/**
	 * Creates a loop that is not running and logs as {@code io.rq.lifecycle}.
	 * @param name the name of its thread, and of the loop in the log
	 * @param round what to do
	 */
	public RoundLoop(String name, Round round) {
		this(name, LoggerFactory.getLogger(RoundLoop.class), round);
	}

	/**
	 * Starts the loop unless it is running. A loop that is just stopping starts again
	 * when it has stopped.
	 */
	public void start() {
		this.lock.lock();
		try {
			Term current = this.term;
			if (current != null && !current.stopping) {
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
	 * Stops the loop and waits until its thread has ended.
	 * @param timeout how long to wait
	 * @return whether it has ended
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public boolean stop(Duration timeout) throws InterruptedException {
		Term current = stopping();
		return current == null || current.hasEnded(timeout);
	}

	/**
	 * Stops the loop and waits until its thread has ended. What takes longer than the
	 * given time, a round or its end, is interrupted.
	 * @param patience how long to wait before interrupting, more than zero
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public void terminate(Duration patience) throws InterruptedException {
		Term current = stopping();
		while (current != null && !current.hasEnded(patience)) {
			current.thread.interrupt();
		}
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

		private final Trouble trouble = new Trouble(RoundLoop.this.name, RoundLoop.this.logger, RoundLoop.this.outage);

		Term(@Nullable Term previous) {
			this.previous = previous;
			this.thread = new Thread(this, RoundLoop.this.name);
		}

		boolean hasEnded(Duration timeout) throws InterruptedException {
			TimeUnit.NANOSECONDS.timedJoin(this.thread, timeout.toNanos());
			return !this.thread.isAlive();
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
			while (!this.stopping) {
				pause(this, round());
			}
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
				if (this.stopping) {
					RoundLoop.this.logger.debug("{} failed while stopping", RoundLoop.this.name, ex);
					return 0;
				}
				return this.trouble.failed(ex);
			}
		}

		private void end() {
			Thread.interrupted();
			this.trouble.leave();
			try {
				RoundLoop.this.round.end();
			}
			catch (Throwable ex) {
				RoundLoop.this.logger.warn("{} did not end well", RoundLoop.this.name, ex);
			}
		}

	}

}
