package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Runs a {@link Round} again and again on a thread of its own until stopped.
 *
 * <p>
 * A round that fails is logged once, then the loop backs off until a round succeeds
 * again, which is logged too. Starting twice, stopping what was never started and
 * starting again after a stop are all harmless.
 */
public final class RoundLoop {

	private static final long FIRST_PAUSE = 100;

	private static final long LONGEST_PAUSE = 2_000;

	private final Log logger;

	private final String name;

	private final Round round;

	private final BackOff backOff;

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
	public RoundLoop(String name, Log logger, Round round) {
		this.name = name;
		this.logger = logger;
		this.round = round;
		ExponentialBackOff exponential = new ExponentialBackOff(FIRST_PAUSE, 2);
		exponential.setMaxInterval(LONGEST_PAUSE);
		this.backOff = exponential;
	}

	/**
	 * Creates a loop that is not running and logs as {@code io.rq.lifecycle}.
	 * @param name the name of its thread, and of the loop in the log
	 * @param round what to do
	 */
	public RoundLoop(String name, Round round) {
		this(name, LogFactory.getLog(RoundLoop.class), round);
	}

	/**
	 * Starts the loop unless it is running. A loop that is just stopping starts again
	 * when it has stopped.
	 */
	public void start() {
		Term ending = null;
		this.lock.lock();
		try {
			if (this.term != null && !this.term.stopping) {
				return;
			}
			ending = this.term;
			Term next = new Term(ending);
			this.term = next;
			this.woken = false;
			next.thread.start();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Asks the loop to end after its current round. Does not wait.
	 */
	public void requestStop() {
		this.lock.lock();
		try {
			if (this.term != null) {
				this.term.stopping = true;
				this.signal.signalAll();
			}
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
		requestStop();
		Term current = this.term;
		return current == null || current.ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
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
		return current != null && current.ended.getCount() > 0;
	}

	/**
	 * Returns whether the loop has been asked to stop or was never started.
	 * @return {@code true} if no further round will begin
	 */
	public boolean isStopping() {
		Term current = this.term;
		return current == null || current.stopping;
	}

	private void await(Term current, Duration pause) throws InterruptedException {
		long nanos = pause.toNanos();
		boolean backingOff = current.trouble != null;
		this.lock.lock();
		try {
			while ((backingOff || !this.woken) && !current.stopping && nanos > 0) {
				nanos = this.signal.awaitNanos(nanos);
			}
			this.woken = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The time from one start to the next stop.
	 */
	private final class Term implements Runnable {

		private final CountDownLatch ended = new CountDownLatch(1);

		private final Thread thread;

		private final @Nullable Term previous;

		private volatile boolean stopping;

		private @Nullable BackOffExecution trouble;

		private long troubleSince;

		Term(@Nullable Term previous) {
			this.previous = previous;
			this.thread = new Thread(this, RoundLoop.this.name);
		}

		@Override
		public void run() {
			try {
				if (this.previous != null) {
					this.previous.ended.await();
				}
				while (!this.stopping) {
					RoundLoop.this.await(this, round());
				}
			}
			catch (InterruptedException ex) {
				if (!this.stopping) {
					RoundLoop.this.logger.warn(RoundLoop.this.name + " was interrupted and ends", ex);
				}
				this.stopping = true;
			}
			finally {
				this.ended.countDown();
			}
		}

		private Duration round() throws InterruptedException {
			try {
				Duration pause = RoundLoop.this.round.run();
				recovered();
				return pause;
			}
			catch (InterruptedException ex) {
				throw ex;
			}
			catch (Throwable ex) {
				return failed(ex);
			}
		}

		private void recovered() {
			if (this.trouble != null) {
				this.trouble = null;
				RoundLoop.this.logger.info(RoundLoop.this.name + " works again after "
						+ Duration.ofNanos(System.nanoTime() - this.troubleSince).toMillis() + " ms");
			}
		}

		private Duration failed(Throwable failure) {
			if (this.stopping) {
				RoundLoop.this.logger.debug(RoundLoop.this.name + " failed while stopping", failure);
				return Duration.ZERO;
			}
			if (this.trouble == null) {
				this.trouble = RoundLoop.this.backOff.start();
				this.troubleSince = System.nanoTime();
				RoundLoop.this.logger.warn(RoundLoop.this.name + " failed; trying again until it works", failure);
			}
			return Duration.ofMillis(this.trouble.nextBackOff());
		}

	}

}
