package io.rq.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Does one thing after another on a thread of its own, which is there only while there is
 * something to do. Safe for use by many threads.
 */
public final class Line implements Executor {

	private static final Duration IDLE = Duration.ofSeconds(10);

	private final Consumer<Runnable> beyond;

	private final ThreadPoolExecutor executor;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a line, which has no thread yet.
	 * @param name the name of its thread
	 * @param most how many things may wait
	 * @param beyond gets what comes when as many wait already, when there is no thread to
	 * be had, or after the end; called on the thread that brings it
	 */
	public Line(String name, int most, Consumer<Runnable> beyond) {
		this.beyond = beyond;
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		this.executor = new ThreadPoolExecutor(1, 1, IDLE.toSeconds(), TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(most), (work) -> {
					Thread next = Threads.create(name, loader, work);
					this.thread = next;
					return next;
				}, (work, full) -> beyond.accept(work));
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable work) {
		try {
			this.executor.execute(work);
		}
		catch (OutOfMemoryError ex) {
			this.beyond.accept(work);
		}
	}

	/**
	 * Returns whether a thread is the line's.
	 * @param candidate the thread
	 * @return whether it is
	 */
	public boolean owns(Thread candidate) {
		return candidate == this.thread;
	}

	/**
	 * Takes nothing more and waits for what has been taken, also if interrupted
	 * meanwhile. What takes longer is interrupted, and what waits behind it dropped.
	 * Called from within it does not wait.
	 * @param limit how long to wait
	 * @return how many things have not been done
	 */
	public int end(Duration limit) {
		this.executor.shutdown();
		if (owns(Thread.currentThread())) {
			List<Runnable> left = new ArrayList<>();
			return this.executor.getQueue().drainTo(left);
		}
		boolean done = Deadline.in(limit).await((nanos) -> this.executor.awaitTermination(nanos, TimeUnit.NANOSECONDS));
		return done ? 0 : this.executor.shutdownNow().size() + 1;
	}

}
