package io.rq.monitor;

import org.jspecify.annotations.Nullable;

/**
 * Tells what people should know of whoever holds the scheduler lock of a queue.
 */
@FunctionalInterface
public interface LockWarnings {

	/**
	 * Looks at the holder of a lock.
	 * @param queue the queue's name
	 * @param holder the name of the scheduler that holds the queue's lock
	 * @return a sentence or two, or {@code null} if there is nothing to tell
	 */
	@Nullable String of(String queue, String holder);

}
