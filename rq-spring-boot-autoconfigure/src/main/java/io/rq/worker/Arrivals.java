package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.lifecycle.Outage;
import io.rq.lifecycle.RoundLoop;
import io.rq.redis.QueueWait;

/**
 * Waits on the server for the next job of any of a worker's queues. A single queue is
 * waited for on the caller's thread; of several each has a thread and a connection,
 * because Redis can move an id safely from one queue only.
 *
 * <p>
 * A wait that began may still take an id when the worker has no place for it any more;
 * {@link #hasTaken()} tells, and the worker gives it back.
 */
final class Arrivals {

	private static final Logger logger = LoggerFactory.getLogger(Arrivals.class);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

	private final List<QueueWait> waits;

	private final List<Watcher> watchers = new ArrayList<>();

	private final Duration longestWait;

	private final Runnable signal;

	private final Semaphore arrived = new Semaphore(0);

	private final AtomicBoolean taken = new AtomicBoolean();

	private volatile boolean closed;

	Arrivals(List<String> queues, Function<String, QueueWait> waits, Duration longestWait, Runnable signal,
			Outage outage) {
		this.waits = queues.stream().map(waits).toList();
		this.longestWait = longestWait;
		this.signal = signal;
		if (queues.size() > 1) {
			for (int i = 0; i < queues.size(); i++) {
				this.watchers.add(new Watcher(queues.get(i), this.waits.get(i), outage));
			}
		}
	}

	/**
	 * Waits until a job has arrived, at most the longest wait.
	 */
	void await() throws InterruptedException {
		if (this.closed) {
			return;
		}
		if (this.watchers.isEmpty()) {
			this.waits.get(0).await(this.longestWait);
			return;
		}
		this.watchers.forEach(Watcher::watch);
		if (this.arrived.tryAcquire(this.longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
			this.arrived.drainPermits();
		}
	}

	/** Returns whether ids may have been taken since this was last asked. */
	boolean hasTaken() {
		return this.taken.getAndSet(false);
	}

	/** Ends all waits. */
	void close() throws InterruptedException {
		this.closed = true;
		this.waits.forEach(QueueWait::close);
		for (Watcher watcher : this.watchers) {
			watcher.loop.stop(STOP_TIMEOUT);
		}
		this.arrived.release();
	}

	/**
	 * Watches one of several queues while asked to.
	 */
	private final class Watcher {

		private final QueueWait wait;

		private final RoundLoop loop;

		private final AtomicBoolean wanted = new AtomicBoolean();

		Watcher(String queue, QueueWait wait, Outage outage) {
			this.wait = wait;
			this.loop = new RoundLoop("rq-wait-" + queue, logger, outage, this::round);
		}

		void watch() {
			this.wanted.set(true);
			if (this.loop.isRunning()) {
				this.loop.wake();
			}
			else if (!Arrivals.this.closed) {
				this.loop.start();
			}
		}

		private Duration round() {
			if (!this.wanted.getAndSet(false)) {
				return Arrivals.this.longestWait;
			}
			if (await()) {
				Arrivals.this.taken.set(true);
				Arrivals.this.arrived.release();
				Arrivals.this.signal.run();
			}
			return Duration.ZERO;
		}

		private boolean await() {
			try {
				return this.wait.await(Arrivals.this.longestWait);
			}
			catch (RuntimeException ex) {
				this.wanted.set(true);
				throw ex;
			}
		}

	}

}
