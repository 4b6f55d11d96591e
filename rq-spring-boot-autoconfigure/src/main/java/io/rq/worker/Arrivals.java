package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;
import io.rq.redis.Claims;
import io.rq.redis.ExecutionStore;
import io.rq.redis.QueueWait;

/**
 * Waits on the server for the next job of any of a worker's queues. A single queue is
 * waited for on the caller's thread, and the job claimed in the same call; of several
 * each has a thread and a connection, because Redis can move an id safely from one queue
 * only.
 *
 * <p>
 * A wait that began may still take an id when the worker has no place for it any more;
 * {@link #giveBackTaken} gives it back.
 */
final class Arrivals {

	/** What the loops that wait are called. */
	static final String PART = "wait";

	private static final SafeLog log = SafeLog.of(Arrivals.class);

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

	private final ExecutionStore store;

	private final List<QueueWait> waits;

	private final List<Watcher> watchers = new ArrayList<>();

	private final Duration longestWait;

	private final BooleanSupplier onRecord;

	private final Runnable signal;

	private final Semaphore arrived = new Semaphore(0);

	private final AtomicBoolean taken = new AtomicBoolean();

	private volatile boolean closed;

	Arrivals(WorkerOptions options, WorkerStores stores, BooleanSupplier onRecord, Runnable signal, Outage outage) {
		this.store = stores.executions();
		this.waits = options.queues().stream().map((queue) -> stores.waits().apply(queue, options.name())).toList();
		this.longestWait = options.timing().longestWait();
		this.onRecord = onRecord;
		this.signal = signal;
		if (isSeveral()) {
			for (QueueWait wait : this.waits) {
				this.watchers.add(new Watcher(wait, outage));
			}
		}
	}

	/** Returns whether there is more than one queue. */
	boolean isSeveral() {
		return this.waits.size() > 1;
	}

	/**
	 * Waits until the only queue has a job, at most the longest wait, and claims.
	 * @param limit how long to wait if that is less
	 * @return what was claimed, or {@code null} if it must be claimed as usual
	 */
	@Nullable Claims awaitClaims(int max, Duration limit) {
		boolean claimed = false;
		try {
			Claims claims = this.store.claimNext(this.waits.get(0), shorter(limit), max);
			claimed = claims != null;
			return claims;
		}
		finally {
			if (!claimed) {
				mayHaveTaken();
			}
		}
	}

	/** A wait of no time would have no end. */
	private Duration shorter(Duration limit) {
		Duration least = (limit.compareTo(SHORTEST_WAIT) > 0) ? limit : SHORTEST_WAIT;
		return (least.compareTo(this.longestWait) < 0) ? least : this.longestWait;
	}

	/**
	 * Waits until one of several queues has a job, at most the longest wait.
	 * @param paused the queues that are not waited for
	 * @param limit how long to wait if that is less
	 */
	void await(Set<String> paused, Duration limit) throws InterruptedException {
		if (this.closed) {
			return;
		}
		for (Watcher watcher : this.watchers) {
			if (!paused.contains(watcher.wait.queue())) {
				watcher.watch();
			}
		}
		if (this.arrived.tryAcquire(shorter(limit).toMillis(), TimeUnit.MILLISECONDS)) {
			this.arrived.drainPermits();
		}
	}

	/** Takes note that a wait may have taken ids that were not claimed. */
	void mayHaveTaken() {
		this.taken.set(true);
	}

	/** Gives ids back if some may have been taken since the last time. */
	void giveBackTaken(Runnable giveBack) {
		if (this.taken.getAndSet(false)) {
			try {
				giveBack.run();
			}
			catch (Throwable ex) {
				this.taken.set(true);
				throw ex;
			}
		}
	}

	/** Lets no further wait begin. */
	void requestStop() {
		this.closed = true;
		this.waits.forEach(QueueWait::close);
		this.watchers.forEach((watcher) -> watcher.loop.requestStop());
		this.arrived.release();
	}

	/** Ends those in progress. */
	void cutShort() {
		this.waits.forEach(QueueWait::cutShort);
	}

	/** Waits until those in progress are over; interrupts what takes longer. */
	void terminate(Duration patience, Duration grace) {
		Deadline waits = Deadline.in(patience);
		Deadline end = Deadline.in(patience.plus(grace));
		for (Watcher watcher : this.watchers) {
			watcher.loop.terminate(waits.share(1), end.share(1, grace));
		}
	}

	/** Returns the loops that wait. */
	List<RoundLoop> loops() {
		return this.watchers.stream().map((watcher) -> watcher.loop).toList();
	}

	/**
	 * Watches one of several queues while asked to.
	 */
	private final class Watcher {

		private final QueueWait wait;

		private final RoundLoop loop;

		private final AtomicBoolean wanted = new AtomicBoolean();

		Watcher(QueueWait wait, Outage outage) {
			this.wait = wait;
			this.loop = new RoundLoop("rq-" + PART + "-" + wait.queue(), log, outage, this::round);
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
				mayHaveTaken();
				Arrivals.this.arrived.release();
				Arrivals.this.signal.run();
			}
			return Duration.ZERO;
		}

		private boolean await() {
			try {
				return this.wait.await(Arrivals.this.longestWait, Arrivals.this.onRecord.getAsBoolean());
			}
			catch (RuntimeException ex) {
				this.wanted.set(true);
				mayHaveTaken();
				throw ex;
			}
		}

	}

}
