package io.rq.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The threads of the engine: they inherit nothing from whoever happens to create them,
 * and none keeps the process alive but the {@link Keeper} of a container.
 */
public final class Threads {

	private Threads() {
	}

	/**
	 * Creates a thread that does not keep the process alive.
	 * @param name its name
	 * @param loader its context class loader
	 * @param work what it does
	 * @return the thread, not started
	 */
	public static Thread create(String name, @Nullable ClassLoader loader, Runnable work) {
		Thread thread = new Thread(null, work, name, 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(loader);
		return thread;
	}

	/**
	 * Runs something that may hang on a thread of its own, for a limited time. What has
	 * not come back then is interrupted and left behind.
	 * @param name the name of the thread
	 * @param limit how long to wait
	 * @param work what to do
	 * @return whether it has come back
	 */
	public static boolean within(String name, Duration limit, Runnable work) {
		Thread thread = create(name, Thread.currentThread().getContextClassLoader(), work);
		thread.start();
		if (join(thread, limit)) {
			return true;
		}
		thread.interrupt();
		return join(thread, Deadline.GRACE);
	}

	/**
	 * Waits for the end of a thread, also if interrupted meanwhile.
	 * @param thread the thread
	 * @param limit how long to wait
	 * @return whether it has ended
	 */
	public static boolean join(Thread thread, Duration limit) {
		return Deadline.in(limit).await((nanos) -> {
			thread.join(nanos / 1_000_000, (int) (nanos % 1_000_000));
			return !thread.isAlive();
		});
	}

}
