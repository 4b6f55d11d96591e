package io.rq.template;

import java.time.Duration;

/**
 * What can be done to workers, whichever process they are in and whichever language they
 * are written in. Implemented by {@link WorkerTemplate}; inject this type where tests
 * want another.
 */
public interface WorkerOperations {

	/**
	 * Shuts a worker down, and waits until it is off the record, at most 30 seconds.
	 * @param name the worker's name
	 * @return {@code false} if there is no such worker
	 * @throws io.rq.queue.ShutdownTimeoutException if it is still on record then
	 * @see #shutdown(String, Duration)
	 */
	default boolean shutdown(String name) {
		return shutdown(name, Duration.ofSeconds(30));
	}

	/**
	 * Shuts a worker down, warm, and waits until it is off the record: it takes no more
	 * jobs and ends when those that run have ended. A worker of this library gives them
	 * the time that it gives them at the end of its application, which itself goes on
	 * without it.
	 * @param name the worker's name
	 * @param timeout how long to wait at most
	 * @return {@code false} if there is no such worker
	 * @throws io.rq.queue.ShutdownTimeoutException if it is still on record then; if it
	 * has heard the command it may end yet
	 */
	boolean shutdown(String name, Duration timeout);

}
