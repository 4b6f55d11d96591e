package io.rq.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

import io.rq.lifecycle.Deadline;

/**
 * The places for jobs. One thread takes them, for jobs that wait for one too, so that
 * more may be taken than there are; many give them back.
 */
final class Permits {

	private final int total;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Condition enough = this.lock.newCondition();

	private int free;

	private boolean signalled;

	/** How many must be free to end the wait of the one who takes them. */
	private int needed;

	Permits(int total) {
		this.total = total;
		this.free = total;
	}

	/**
	 * Waits until a place is free, or enough of those that may be taken early.
	 * @param ahead how many may be taken early
	 * @return the number of places that may be taken, 0 after the time or a
	 * {@link #signal()}; only {@link #take(int)} makes it smaller
	 */
	int awaitFree(Duration timeout, int ahead) throws InterruptedException {
		long nanos = timeout.toNanos();
		this.lock.lock();
		try {
			this.needed = (ahead == 0) ? 1 : (ahead + 1) / 2 - ahead;
			while (this.free < this.needed && !this.signalled && nanos > 0) {
				nanos = this.enough.awaitNanos(nanos);
			}
			this.signalled = false;
			return (this.free < this.needed) ? 0 : this.free + ahead;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes places, free ones or early. */
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
				if (this.free >= this.needed) {
					this.enough.signalAll();
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends the wait for a place, and has waits for all places look again. */
	void signal() {
		this.lock.lock();
		try {
			this.signalled = true;
			this.changed.signalAll();
			this.enough.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until no more places are taken than are tolerated, also if interrupted
	 * meanwhile.
	 * @return whether it is so
	 */
	boolean awaitBusy(IntSupplier tolerated, Duration timeout) {
		return Deadline.in(timeout).await((nanos) -> {
			this.lock.lock();
			try {
				if (this.total - this.free > tolerated.getAsInt()) {
					this.changed.await(nanos, TimeUnit.NANOSECONDS);
				}
				return this.total - this.free <= tolerated.getAsInt();
			}
			finally {
				this.lock.unlock();
			}
		});
	}

	/** Returns how many places there are. */
	int total() {
		return this.total;
	}

	/** Returns the number of places that are taken, early ones included. */
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
