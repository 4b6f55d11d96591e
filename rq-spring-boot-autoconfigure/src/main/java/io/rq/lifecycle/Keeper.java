package io.rq.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * The thread that stands behind a container from its start to its end. It keeps the
 * process alive, looks after the container now and then, and carries out its one stop,
 * whoever asks for it, however many, and whatever becomes of them: a caller that is
 * interrupted, or is itself one of the threads that have to end, changes nothing.
 */
public final class Keeper {

	private static final SafeLog log = SafeLog.of(Keeper.class);

	private static final long FALLBACK_MILLIS = 100;

	private final Outage outage;

	private final Task task;

	/** Made beforehand: there may be no memory left when they are due. */
	private final Runnable stop;

	private final Runnable end;

	private final Thread thread;

	private final CountDownLatch othersEnded = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	/** The threads that have to end and wait for that themselves. */
	private final Set<Thread> insiders = ConcurrentHashMap.newKeySet();

	private final List<Runnable> whenOthersEnded = new ArrayList<>();

	private final List<Runnable> whenEnded = new ArrayList<>();

	private boolean asked;

	private boolean woken;

	/**
	 * Creates a keeper that has not begun.
	 * @param name the name of its thread
	 * @param outage shared by all parts of the container that fail together
	 * @param task what it does
	 */
	public Keeper(String name, Outage outage, Task task) {
		this.outage = outage;
		this.task = task;
		this.stop = () -> task.stop(this);
		this.end = task::ended;
		this.thread = Threads.create(name, Thread.currentThread().getContextClassLoader(), this::run);
		this.thread.setDaemon(false);
	}

	/**
	 * Begins.
	 */
	public void start() {
		this.thread.start();
	}

	/**
	 * Asks for the stop and waits until it is over, also if interrupted meanwhile. A
	 * caller that has to end itself waits for all others only, and one whose work the
	 * stop needs does not wait at all.
	 */
	public void stop() {
		Thread caller = Thread.currentThread();
		ask();
		if (caller == this.thread || this.task.isNeeded(caller)) {
			return;
		}
		if (this.task.isInside(caller)) {
			this.insiders.add(caller);
			this.task.insiderWaits();
			await(this.othersEnded);
			this.insiders.remove(caller);
		}
		else {
			await(this.ended);
			Threads.join(this.thread, Deadline.GRACE);
		}
	}

	/**
	 * Asks for the stop and does not wait.
	 * @param callback called when {@link #stop()} would have returned
	 */
	public void stop(Runnable callback) {
		Thread caller = Thread.currentThread();
		boolean inside = isOneOfOurs(caller);
		if (!register(callback, inside)) {
			callback.run();
			return;
		}
		ask();
		if (inside) {
			this.insiders.add(caller);
			this.task.insiderWaits();
		}
	}

	private synchronized boolean register(Runnable callback, boolean inside) {
		CountDownLatch over = inside ? this.othersEnded : this.ended;
		return over.getCount() > 0 && (inside ? this.whenOthersEnded : this.whenEnded).add(callback);
	}

	private synchronized void ask() {
		this.asked = true;
		notifyAll();
	}

	/**
	 * Returns whether someone has asked for the stop.
	 * @return whether it is under way or over
	 */
	public synchronized boolean isAsked() {
		return this.asked;
	}

	/**
	 * Waits until the stop is over, also if interrupted meanwhile, unless the calling
	 * thread has to end before that.
	 */
	public void awaitEnd() {
		if (!isOneOfOurs(Thread.currentThread())) {
			await(this.ended);
		}
	}

	private boolean isOneOfOurs(Thread caller) {
		return caller == this.thread || this.task.isNeeded(caller) || this.task.isInside(caller);
	}

	private static void await(CountDownLatch latch) {
		Deadline forever = Deadline.in(Duration.ofDays(1));
		while (!forever.await((nanos) -> latch.await(nanos, TimeUnit.NANOSECONDS))) {
			forever = Deadline.in(Duration.ofDays(1));
		}
	}

	/**
	 * Returns whether a thread waits for the end of others although it has to end itself.
	 * @param candidate the thread
	 * @return whether it does
	 */
	public boolean isWaitingInside(Thread candidate) {
		return this.insiders.contains(candidate);
	}

	/**
	 * To be called during the stop when all threads have ended but those that wait for
	 * that themselves: lets them go on.
	 */
	public void othersEnded() {
		over(this.othersEnded, this.whenOthersEnded);
		this.insiders.clear();
	}

	private void over(CountDownLatch latch, List<Runnable> callbacks) {
		List<Runnable> waiting;
		synchronized (this) {
			latch.countDown();
			waiting = List.copyOf(callbacks);
			callbacks.clear();
		}
		for (Runnable callback : waiting) {
			quietly("tell of the end", callback);
		}
	}

	/** Who waits for the end is told of it, whatever becomes of the steps before. */
	private void run() {
		try {
			while (!isAsked() && !looks()) {
				pause();
			}
			ask();
			quietly("stop in order", this.stop);
			quietly("end", this.end);
		}
		finally {
			try {
				othersEnded();
			}
			finally {
				over(this.ended, this.whenEnded);
			}
		}
	}

	private boolean looks() {
		try {
			return this.task.look();
		}
		catch (Throwable ex) {
			try {
				this.outage.tell(log, this.thread.getName(), null, ex);
			}
			catch (Throwable untold) {
				// nobody takes this thread's place, memory for words or not
			}
			return false;
		}
	}

	private synchronized void pause() {
		try {
			if (!this.asked && !this.woken) {
				wait(pauseMillis());
			}
		}
		catch (InterruptedException ex) {
			// no stop: only those who ask for one get it
		}
		this.woken = false;
	}

	private long pauseMillis() {
		try {
			return this.task.pause().toMillis();
		}
		catch (Throwable ex) {
			return FALLBACK_MILLIS;
		}
	}

	/** Has the container looked after now. */
	public synchronized void wake() {
		this.woken = true;
		notifyAll();
	}

	private void quietly(String purpose, Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			try {
				log.warn("{} could not {}", this.thread.getName(), purpose, FailureText.printable(ex));
			}
			catch (Throwable untold) {
				// the other steps are due all the same
			}
		}
	}

	/**
	 * What a keeper does for its container.
	 */
	public interface Task {

		/**
		 * Looks after the container.
		 * @return whether it has done all it was to do and stops now
		 */
		boolean look();

		/**
		 * Returns how long to wait before the next look.
		 * @return a time of at least a millisecond
		 */
		Duration pause();

		/**
		 * Stops the container, in bounded time.
		 * @param keeper to be told when all others have ended
		 */
		void stop(Keeper keeper);

		/**
		 * Called when the stop is over, before anyone who waits for it is told.
		 */
		void ended();

		/**
		 * Returns whether a thread runs what has to end before the stop can go on.
		 * @param thread the thread
		 * @return whether it does
		 */
		boolean isInside(Thread thread);

		/**
		 * Returns whether a thread does work that the stop needs.
		 * @param thread the thread
		 * @return whether it does
		 */
		boolean isNeeded(Thread thread);

		/**
		 * Called when one of those threads begins to wait for the end of the others.
		 */
		default void insiderWaits() {
		}

	}

}
