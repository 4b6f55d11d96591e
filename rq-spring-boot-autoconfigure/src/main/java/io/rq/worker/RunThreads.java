package io.rq.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.rq.lifecycle.Deadline;
import io.rq.lifecycle.Threads;

/**
 * The threads jobs run on, which do not keep the process alive. Virtual ones are new for
 * each job.
 */
final class RunThreads {

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
		PlatformThreads executor = new PlatformThreads(prefix, loader, ticker);
		return new RunThreads(executor, executor.threads(), executor::release);
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
			if (except.test(thread)) {
				continue;
			}
			this.release.run();
			while (thread.isAlive() && !deadline.share(1).isZero()) {
				Threads.join(thread, deadline.share(1, SLICE));
				this.release.run();
			}
			left += thread.isAlive() ? 1 : 0;
		}
		return left;
	}

}
