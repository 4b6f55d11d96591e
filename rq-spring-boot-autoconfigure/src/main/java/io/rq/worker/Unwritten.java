package io.rq.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many ends of runs are to be written yet, for those who wait until none is.
 */
final class Unwritten {

	private final AtomicInteger count = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition none = this.lock.newCondition();

	int count() {
		return this.count.get();
	}

	void add(int more) {
		this.count.addAndGet(more);
	}

	void written(int done) {
		if (done > 0 && this.count.addAndGet(-done) == 0) {
			this.lock.lock();
			try {
				this.none.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Waits until there is none.
	 * @return whether there is none, {@code false} after the time
	 */
	boolean awaitNone(long timeout, TimeUnit unit) throws InterruptedException {
		if (this.count.get() == 0) {
			return true;
		}
		long nanos = unit.toNanos(timeout);
		this.lock.lock();
		try {
			while (this.count.get() > 0 && nanos > 0) {
				nanos = this.none.awaitNanos(nanos);
			}
			return this.count.get() == 0;
		}
		finally {
			this.lock.unlock();
		}
	}

}
