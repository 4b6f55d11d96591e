package io.rq.lifecycle;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The terms of a container, from a start to the next stop, one at a time. Starting twice
 * and stopping what was never started are harmless, from any thread.
 *
 * @param <T> the type of a term
 */
public final class Terms<T extends Terms.Term> {

	private final Supplier<T> next;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable T current;

	private volatile boolean exhausted;

	private boolean startAgain;

	/**
	 * Creates terms of which none has begun.
	 * @param next creates a term that has not begun
	 */
	public Terms(Supplier<T> next) {
		this.next = next;
	}

	/**
	 * Begins a term unless one is under way. After one that is stopping another begins
	 * when it has stopped, which a thread that has to end before that does not wait for.
	 */
	public void start() {
		T stopping = startUnlessStopping();
		if (stopping != null) {
			stopping.keeper().awaitEnd();
		}
	}

	/** Returns the term that has to end first, which then leads to a start. */
	private @Nullable T startUnlessStopping() {
		this.lock.lock();
		try {
			T running = this.current;
			if (running == null) {
				begin();
				return null;
			}
			boolean stopping = running.keeper().isAsked();
			this.startAgain = stopping || running.isExhausted();
			return stopping ? running : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void begin() {
		T started = this.next.get();
		this.exhausted = false;
		this.startAgain = false;
		this.current = started;
		try {
			started.start();
		}
		catch (Throwable ex) {
			this.current = null;
			throw ex;
		}
	}

	/**
	 * Stops the term under way and waits as {@link Keeper#stop()} does.
	 */
	public void stop() {
		T running = stopping();
		if (running != null) {
			running.keeper().stop();
		}
	}

	/**
	 * Stops the term under way and does not wait.
	 * @param callback called when {@link #stop()} would have returned
	 */
	public void stop(Runnable callback) {
		T running = stopping();
		if (running != null) {
			running.keeper().stop(callback);
		}
		else {
			callback.run();
		}
	}

	private @Nullable T stopping() {
		this.lock.lock();
		try {
			this.startAgain = false;
			return this.current;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * To be called by a term that has stopped: begins the next if someone asked for it
	 * meanwhile.
	 * @return whether none has begun and that one had done all it was to do
	 */
	public boolean ended() {
		this.lock.lock();
		try {
			T before = this.current;
			this.current = null;
			this.exhausted = before != null && before.isExhausted();
			if (this.startAgain) {
				begin();
			}
			return this.exhausted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the term under way.
	 * @return the term, or {@code null} if none is
	 */
	public @Nullable T current() {
		return this.current;
	}

	/**
	 * Returns whether no term is under way and the last had done all it was to do.
	 * @return whether it ended of its own accord
	 */
	public boolean isExhausted() {
		return this.exhausted;
	}

	/**
	 * What is from a start to the next stop.
	 */
	public interface Term {

		/**
		 * Returns who carries out the stop.
		 * @return the keeper
		 */
		Keeper keeper();

		/**
		 * Starts all parts or none.
		 */
		void start();

		/**
		 * Returns whether the term has done all it was to do and ends of its own accord.
		 * @return whether it is or has ended without being asked
		 */
		boolean isExhausted();

	}

}
