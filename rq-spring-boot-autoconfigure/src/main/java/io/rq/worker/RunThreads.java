package io.rq.worker;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Threads;

/**
 * The threads jobs run on: a new one for each, so that nothing one job leaves on its
 * thread meets the next. They do not keep the process alive.
 */
final class RunThreads {

	private final Executor executor;

	/** Platform threads by their number, virtual ones by themselves until they end. */
	private final Map<Object, Thread> threads;

	RunThreads(Executor executor, Map<Object, Thread> threads) {
		this.executor = executor;
		this.threads = threads;
	}

	static RunThreads platform(String prefix, @Nullable ClassLoader loader) {
		Map<Object, Thread> threads = new ConcurrentHashMap<>();
		Queue<Integer> free = new ConcurrentLinkedQueue<>();
		AtomicInteger last = new AtomicInteger();
		return new RunThreads((run) -> {
			Integer reused = free.poll();
			Integer number = (reused != null) ? reused : last.incrementAndGet();
			try {
				Thread thread = Threads.create(prefix + number, loader, () -> {
					try {
						run.run();
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
		}, threads);
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
		}), threads);
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
			if (!except.test(thread) && !Threads.join(thread, deadline.share(1))) {
				left++;
			}
		}
		return left;
	}

}
