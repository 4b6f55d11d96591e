package io.rq.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

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
	 * Adds up what is in the partitions of a queue.
	 * @param name the queue's name
	 * @param parts the queue itself and its partitions
	 * @return the sums; the longest ages, the next due time, the first scheduler and the
	 * first pause if all parts have one
	 */
	public static QueueSnapshot sum(String name, List<QueueSnapshot> parts) {
		Map<Registry, Long> sizes = new EnumMap<>(Registry.class);
		for (QueueSnapshot part : parts) {
			part.sizes.forEach((registry, size) -> sizes.merge(registry, size, Long::sum));
		}
		return new QueueSnapshot(name, sizes, of(parts, QueueSnapshot::oldestAge).max(Duration::compareTo).orElse(null),
				common(parts, QueueSnapshot::scheduler),
				of(parts, QueueSnapshot::nextDue).min(Instant::compareTo).orElse(null),
				of(parts, QueueSnapshot::overdue).max(Duration::compareTo).orElse(Duration.ZERO),
				common(parts, QueueSnapshot::pause));
	}

	private static <T> Stream<T> of(List<QueueSnapshot> parts, Function<QueueSnapshot, @Nullable T> value) {
		return parts.stream().flatMap((part) -> Stream.ofNullable(value.apply(part)));
	}

	/** The first of the values if there is one in each part. */
	private static <T> @Nullable T common(List<QueueSnapshot> parts, Function<QueueSnapshot, @Nullable T> value) {
		List<T> values = QueueSnapshot.<T>of(parts, value).toList();
		return (!values.isEmpty() && values.size() == parts.size()) ? values.get(0) : null;
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
