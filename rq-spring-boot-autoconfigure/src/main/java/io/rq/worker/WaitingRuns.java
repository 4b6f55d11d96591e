package io.rq.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.TimeSource;

/**
 * Runs that have a place and wait for a thread, in the order of the queue.
 */
final class WaitingRuns {

	/** How long a run may wait for its thread while another worker may have one. */
	private static final long PATIENCE = Duration.ofMillis(20).toNanos();

	private final int concurrency;

	private final Permits permits;

	private final TimeSource time;

	private final Deque<ActiveRun> runs = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Creates the line, empty.
	 * @param concurrency how many run at once
	 * @param permits the places, of which each that waits or runs has one
	 * @param time the time
	 */
	WaitingRuns(int concurrency, Permits permits, TimeSource time) {
		this.concurrency = concurrency;
		this.permits = permits;
		this.time = time;
	}

	/** Gives a run its place and lets it wait. */
	void add(ActiveRun run) {
		this.lock.lock();
		try {
			this.permits.take(1);
			this.runs.add(run);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes the next away, or {@code null} while as many run as may. */
	@Nullable ActiveRun next() {
		this.lock.lock();
		try {
			int running = this.permits.busy() - this.runs.size();
			return (running < this.concurrency) ? this.runs.poll() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes all away. */
	List<ActiveRun> takeAll() {
		this.lock.lock();
		try {
			List<ActiveRun> all = List.copyOf(this.runs);
			this.runs.clear();
			return all;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether the first has waited for too long. */
	boolean isLate() {
		this.lock.lock();
		try {
			ActiveRun first = this.runs.peek();
			return first != null && this.time.nanoTime() - first.claimedTicks() >= PATIENCE;
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.runs.size();
		}
		finally {
			this.lock.unlock();
		}
	}

}
