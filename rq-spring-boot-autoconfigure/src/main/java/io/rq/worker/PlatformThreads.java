package io.rq.worker;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import io.rq.lifecycle.Threads;
import io.rq.log.SafeLog;

/**
 * Platform threads that are too dear to be new for each of the shortest jobs: one is used
 * again after a job of less than a millisecond that has left its name, logging context
 * and the like as they were, and never after any other. What such a thread is asked to
 * run itself it runs next.
 */
final class PlatformThreads implements Executor {

	/** A job that takes longer pays for a new thread without noticing. */
	private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

	private static final SafeLog log = SafeLog.of(PlatformThreads.class);

	private final String prefix;

	private final @Nullable ClassLoader loader;

	private final LongSupplier ticker;

	private final BiFunction<String, Runnable, Thread> creation;

	private final Map<Object, Thread> threads = new ConcurrentHashMap<>();

	private final Queue<Integer> freeNumbers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger lastNumber = new AtomicInteger();

	private final SynchronousQueue<Runnable> handOver = new SynchronousQueue<>();

	private final ThreadLocal<@Nullable Successor> successor = new ThreadLocal<>();

	private volatile boolean closed;

	PlatformThreads(String prefix, @Nullable ClassLoader loader, LongSupplier ticker) {
		this(prefix, loader, ticker, (name, run) -> Threads.create(name, loader, run));
	}

	PlatformThreads(String prefix, @Nullable ClassLoader loader, LongSupplier ticker,
			BiFunction<String, Runnable, Thread> creation) {
		this.prefix = prefix;
		this.loader = loader;
		this.ticker = ticker;
		this.creation = creation;
	}

	/** Returns the threads by their number. */
	Map<Object, Thread> threads() {
		return this.threads;
	}

	/** Lets threads that wait for a job end. */
	void release() {
		this.closed = true;
		this.handOver.offer(() -> {
		});
	}

	/**
	 * Runs something on a thread of its own.
	 * @throws OutOfMemoryError if there is none
	 */
	@Override
	public void execute(Runnable run) {
		Successor own = this.successor.get();
		if (own != null && own.run == null) {
			own.run = run;
		}
		else if (!this.handOver.offer(run)) {
			start(run);
		}
	}

	private void start(Runnable run) {
		Integer reused = this.freeNumbers.poll();
		Integer number = (reused != null) ? reused : this.lastNumber.incrementAndGet();
		try {
			String name = this.prefix + number;
			Thread thread = this.creation.apply(name, () -> {
				try {
					repeat(name, run);
				}
				finally {
					this.freeNumbers.add(number);
				}
			});
			// before its first job asks whose thread it is
			this.threads.put(number, thread);
			thread.start();
		}
		catch (Throwable ex) {
			this.threads.remove(number);
			this.freeNumbers.add(number);
			throw ex;
		}
	}

	private void repeat(String name, Runnable first) {
		Successor next = new Successor();
		this.successor.set(next);
		Runnable run = first;
		try {
			while (run != null) {
				long start = this.ticker.getAsLong();
				run.run();
				boolean again = this.ticker.getAsLong() - start < SHORT && !this.closed && isAsNew(name);
				run = again ? next(next) : null;
			}
		}
		catch (InterruptedException ex) {
			// another thread will do
		}
		finally {
			this.successor.remove();
			Runnable left = next.take();
			if (left != null) {
				startOrRun(left);
			}
		}
	}

	/** Where no thread can be had this one has to do. */
	private void startOrRun(Runnable run) {
		try {
			start(run);
		}
		catch (Throwable ex) {
			try {
				log.warn("There is no new thread for a job, which runs on that of another", ex);
			}
			finally {
				run.run();
			}
		}
	}

	private @Nullable Runnable next(Successor successor) throws InterruptedException {
		Runnable own = successor.take();
		return (own != null) ? own : this.handOver.poll(1, TimeUnit.SECONDS);
	}

	private boolean isAsNew(String name) {
		Thread thread = Thread.currentThread();
		Map<String, String> context = MDC.getCopyOfContextMap();
		return (context == null || context.isEmpty()) && !thread.isInterrupted() && thread.getName().equals(name)
				&& thread.getPriority() == Thread.NORM_PRIORITY && thread.getContextClassLoader() == this.loader
				&& thread.getUncaughtExceptionHandler() == thread.getThreadGroup();
	}

	/**
	 * What a thread has been asked to run after what it runs now.
	 */
	private static final class Successor {

		private @Nullable Runnable run;

		private @Nullable Runnable take() {
			Runnable taken = this.run;
			this.run = null;
			return taken;
		}

	}

}
