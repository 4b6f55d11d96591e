package io.rq.worker;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Threads;

/**
 * The threads jobs run on, which do not keep the process alive. Virtual ones are new for
 * each job. A platform thread is too dear for the shortest jobs: it is used again after a
 * job of less than a millisecond that has left its name, logging context and the like as
 * they were, and never after any other.
 */
final class RunThreads {

	/** A job that takes longer pays for a new thread without noticing. */
	private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

	private static final Duration SLICE = Duration.ofMillis(20);

	private final Executor executor;

	/** Platform threads by their number, virtual ones by themselves until they end. */
	private final Map<Object, Thread> threads;

	private final Runnable release;

	RunThreads(Executor executor, Map<Object, Thread> threads, Runnable release) {
		this.executor = executor;
		this.threads = threads;
		this.release = release;
	}

	static RunThreads platform(String prefix, @Nullable ClassLoader loader, LongSupplier ticker) {
		Map<Object, Thread> threads = new ConcurrentHashMap<>();
		Queue<Integer> free = new ConcurrentLinkedQueue<>();
		AtomicInteger last = new AtomicInteger();
		SynchronousQueue<Runnable> handOver = new SynchronousQueue<>();
		AtomicBoolean closed = new AtomicBoolean();
		return new RunThreads((run) -> {
			if (handOver.offer(run)) {
				return;
			}
			Integer reused = free.poll();
			Integer number = (reused != null) ? reused : last.incrementAndGet();
			try {
				String name = prefix + number;
				Thread thread = Threads.create(name, loader, () -> {
					try {
						repeat(run, handOver, () -> closed.get() || !isAsNew(Thread.currentThread(), name, loader),
								ticker);
					}
					finally {
						free.add(number);
					}
				});
				thread.start();
				threads.put(number, thread);
			}
			catch (Throwable ex) {
				free.add(number);
				throw ex;
			}
		}, threads, () -> {
			closed.set(true);
			handOver.offer(() -> {
			});
		});
	}

	private static void repeat(Runnable first, SynchronousQueue<Runnable> handOver, BooleanSupplier ends,
			LongSupplier ticker) {
		Runnable run = first;
		try {
			while (run != null) {
				long start = ticker.getAsLong();
				run.run();
				boolean again = ticker.getAsLong() - start < SHORT && !ends.getAsBoolean();
				run = again ? handOver.poll(1, TimeUnit.SECONDS) : null;
			}
		}
		catch (InterruptedException ex) {
			// another thread will do
		}
	}

	private static boolean isAsNew(Thread thread, String name, @Nullable ClassLoader loader) {
		Map<String, String> context = MDC.getCopyOfContextMap();
		return (context == null || context.isEmpty()) && !thread.isInterrupted() && thread.getName().equals(name)
				&& thread.getPriority() == Thread.NORM_PRIORITY && thread.getContextClassLoader() == loader
				&& thread.getUncaughtExceptionHandler() == thread.getThreadGroup();
	}

	static RunThreads virtual(String prefix) {
		Map<Object, Thread> threads = new ConcurrentHashMap<>();
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(prefix);
		executor.setVirtualThreads(true);
		return new RunThreads((run) -> executor.execute(() -> {
			Thread thread = Thread.currentThread();
			threads.put(thread, thread);
			try {
				run.run();
			}
			finally {
				threads.remove(thread);
			}
		}), threads, () -> {
		});
	}

	/**
	 * Runs something on a thread of its own.
	 * @throws OutOfMemoryError if there is none
	 */
	void execute(Runnable run) {
		this.executor.execute(run);
	}

	/** Returns whether a thread is one of these. */
	boolean owns(Thread thread) {
		return thread.isAlive() && this.threads.containsValue(thread);
	}

	/**
	 * Waits until the threads have ended, but for some.
	 * @return the number of those that have not
	 */
	int awaitEnd(Duration limit, Predicate<Thread> except) {
		Deadline deadline = Deadline.in(limit);
		int left = 0;
		for (Thread thread : this.threads.values()) {
			boolean ended = except.test(thread);
			while (!ended) {
				this.release.run();
				ended = Threads.join(thread, deadline.share(1, SLICE));
				if (deadline.share(1).isZero()) {
					left += thread.isAlive() ? 1 : 0;
					ended = true;
				}
			}
		}
		return left;
	}

}
