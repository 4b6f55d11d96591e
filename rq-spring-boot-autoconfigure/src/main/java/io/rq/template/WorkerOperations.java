package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.rq.queue.RegisteredWorker;

/**
 * What can be asked of workers and done to them, whichever process they are in and
 * whichever language they are written in. Implemented by {@link WorkerTemplate}; inject
 * this type where tests want another.
 */
public interface WorkerOperations {

	/**
	 * Reads the living workers. Many are read in several calls; a worker that comes or
	 * goes meanwhile may be in it or not.
	 * @return the workers, sorted by name
	 */
	List<RegisteredWorker> all();

	/**
	 * Reads the living workers that listen on a queue.
	 * @param queue the queue's name
	 * @return the workers, sorted by name
	 * @throws IllegalArgumentException if the name is malformed
	 */
	List<RegisteredWorker> all(String queue);

	/**
	 * Reads a living worker.
	 * @param name the worker's name
	 * @return the worker, or empty if there is no such one
	 */
	Optional<RegisteredWorker> find(String name);

	/**
	 * Counts the living workers.
	 * @return how many there are
	 */
	long count();

	/**
	 * Counts the living workers that listen on a queue.
	 * @param queue the queue's name
	 * @return how many there are
	 * @throws IllegalArgumentException if the name is malformed
	 */
	long count(String queue);

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
