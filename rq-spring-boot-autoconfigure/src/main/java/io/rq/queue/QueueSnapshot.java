package io.rq.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What was in a queue and its registries at one moment.
 *
 * @param name the queue's name
 * @param sizes the number of jobs in each registry
 * @param oldestAge how long the first waiting job had been waiting, or {@code null} if
 * none waited or it did not tell
 * @param scheduler the name of the scheduler that held the queue's lock, or {@code null}
 * if nobody did
 * @param nextDue when the next scheduled job was due, or {@code null} if there was none
 * @param overdue how long ago that was, zero if it lay ahead or there was none
 * @param pause since when and why the queue was paused, or {@code null} if it was not
 */
public record QueueSnapshot(String name, Map<Registry, Long> sizes, @Nullable Duration oldestAge,
		@Nullable String scheduler, @Nullable Instant nextDue, Duration overdue, @Nullable QueuePause pause) {

	/**
	 * Makes the sizes unmodifiable.
	 */
	public QueueSnapshot {
		sizes = Map.copyOf(sizes);
	}

	/**
	 * Returns the number of jobs in a registry.
	 * @param registry the registry
	 * @return the number
	 */
	public long size(Registry registry) {
		return this.sizes.getOrDefault(registry, 0L);
	}

}
