package io.rq.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for running jobs. One thread takes them, many give them back.
 */
final class Permits {

	private final int total;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private int free;

	private boolean signalled;

	Permits(int total) {
		this.total = total;
		this.free = total;
	}

	/**
	 * Waits until a place is free.
	 * @return the number of free places, 0 after the time or a {@link #signal()}; only
	 * {@link #take(int)} makes it smaller
	 */
	int awaitFree(Duration timeout) throws InterruptedException {
		long nanos = timeout.toNanos();
		this.lock.lock();
		try {
			while (this.free == 0 && !this.signalled && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			this.signalled = false;
			return this.free;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes places that are free. */
	void take(int count) {
		add(-count);
	}

	void release(int count) {
		add(count);
	}

	private void add(int count) {
		this.lock.lock();
		try {
			this.free += count;
			if (count > 0) {
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends the wait for a place. */
	void signal() {
		this.lock.lock();
		try {
			this.signalled = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits until all places are free. */
	boolean awaitAll(Duration timeout) throws InterruptedException {
		long nanos = timeout.toNanos();
		this.lock.lock();
		try {
			while (this.free < this.total) {
				if (nanos <= 0) {
					return false;
				}
				nanos = this.changed.awaitNanos(nanos);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	int busy() {
		this.lock.lock();
		try {
			return this.total - this.free;
		}
		finally {
			this.lock.unlock();
		}
	}

}
