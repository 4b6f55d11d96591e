package io.rq.redis;

import io.rq.lifecycle.Threads;

/**
 * Does on a thread of its own what may take as long as Redis lets it, for somebody who
 * has no time to wait for that.
 */
final class Aside {

	private Aside() {
	}

	/** Runs something, on the caller's thread if there is no other. */
	static void run(String name, Runnable work) {
		Thread thread = Threads.create(name, Thread.currentThread().getContextClassLoader(), work);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			work.run();
		}
	}

}
