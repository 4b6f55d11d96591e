package io.rq.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.redis.HistoryStore;
import io.rq.redis.HistoryStore.Points;
import io.rq.redis.HistoryStore.Series;
import io.rq.redis.HistoryStore.Unit;

/**
 * Reads what was counted. A read takes two calls however many jobs there are.
 */
public class HistoryReader {

	/** On so many queues a function is looked for unless one is named. */
	private static final int MOST_QUEUES = 20;

	/** So many full minutes besides the one that has begun are the last ones. */
	private static final int RECENT = 4;

	private static final double PRECISION = 1_000;

	private final HistoryStore store;

	private final boolean enabled;

	/**
	 * Creates the reader.
	 * @param store where it is read
	 * @param enabled whether this process counts
	 */
	public HistoryReader(HistoryStore store, boolean enabled) {
		this.store = store;
		this.enabled = enabled;
	}

	/**
	 * Reads a history.
	 * @param queue the queue's name, or {@code null} for all
	 * @param function the function's name, or {@code null} for all
	 * @param range how far back
	 * @return what was counted
	 * @throws IllegalArgumentException if a function is asked for that ran on more than
	 * 20 queues, and no queue is named
	 */
	public History read(@Nullable String queue, @Nullable String function, HistoryRange range) {
		String place = (queue != null) ? queue : HistoryStore.ALL;
		List<Series> known = this.store.functions(place);
		List<Series> wanted = (function == null) ? List.of(new Series(place, ""))
				: (queue != null) ? List.of(new Series(queue, function))
						: known.stream().filter((one) -> one.function().equals(function)).toList();
		Assert.isTrue(wanted.size() <= MOST_QUEUES, () -> "Function '" + function + "' ran on " + wanted.size()
				+ " queues, more than are read at once: name one in 'queue'");
		Points found = this.store.read(wanted, range.unit(), range.points() + 1, Numbers.COUNT);
		SortedMap<Long, long[]> points = sum(found.series());
		long newest = found.now().getEpochSecond() / range.step().toSeconds();
		long oldest = newest - range.points() + 1;
		return new History(queue, function, range.value(), range.step(), start(oldest, range), found.now(),
				this.enabled ? "java" : "off", known.stream().map(Series::function).distinct().toList(),
				points(points, oldest, range));
	}

	private static Instant start(long point, HistoryRange range) {
		return Instant.ofEpochSecond(point * range.step().toSeconds());
	}

	private static SortedMap<Long, long[]> sum(List<? extends SortedMap<Long, long[]>> series) {
		if (series.size() == 1) {
			return series.get(0);
		}
		SortedMap<Long, long[]> sum = new TreeMap<>();
		series.forEach((one) -> one.forEach((place, numbers) -> Numbers
			.add(sum.computeIfAbsent(place, (any) -> new long[Numbers.COUNT]), numbers)));
		return sum;
	}

	private static List<HistoryPoint> points(SortedMap<Long, long[]> found, long oldest, HistoryRange range) {
		List<HistoryPoint> points = new ArrayList<>();
		Long queued = null;
		for (Map.Entry<Long, long[]> entry : found.entrySet()) {
			HistoryPoint point = HistoryPoint.of(start(entry.getKey(), range), entry.getValue(), queued);
			if (entry.getKey() >= oldest) {
				points.add(point);
			}
			queued = (point.queued() != null) ? point.queued() : queued;
		}
		return points;
	}

	/**
	 * Returns whether anything is counted.
	 * @return whether it is
	 */
	public boolean isEnabled() {
		return this.enabled;
	}

	/**
	 * Reads how fast queues are filled and worked off of late.
	 * @param queues their names
	 * @return what is known, by queue; nothing of a queue where nothing was counted
	 */
	public Map<String, QueuePace> paces(Collection<String> queues) {
		List<Series> series = queues.stream().map((queue) -> new Series(queue, "")).toList();
		Map<String, QueuePace> paces = new LinkedHashMap<>();
		if (this.enabled && !series.isEmpty()) {
			Points found = this.store.read(series, Unit.MINUTES, RECENT + 2, Numbers.COUNT);
			for (int i = 0; i < series.size(); i++) {
				QueuePace pace = pace(found.series().get(i), found.now());
				if (pace != null) {
					paces.put(series.get(i).queue(), pace);
				}
			}
		}
		return paces;
	}

	private static @Nullable QueuePace pace(SortedMap<Long, long[]> points, Instant now) {
		long newest = now.getEpochSecond() / Duration.ofMinutes(1).toSeconds();
		SortedMap<Long, long[]> recent = points.tailMap(newest - RECENT);
		if (recent.isEmpty()) {
			return null;
		}
		long[] sum = new long[Numbers.COUNT];
		recent.values().forEach((numbers) -> Numbers.add(sum, numbers));
		double seconds = Math.max(1, now.getEpochSecond() - (newest - RECENT) * Duration.ofMinutes(1).toSeconds());
		Long before = queued(points.headMap(newest - RECENT));
		Long after = queued(recent);
		Double in = (before != null && after != null)
				? rate(Math.max(0, sum[Numbers.STARTED] + after - before), seconds) : null;
		return new QueuePace(in, rate(Numbers.ended(sum), seconds), Buckets.quantiles(sum, Numbers.WAITING),
				Buckets.quantiles(sum, Numbers.RUNNING), Buckets.quantiles(sum, Numbers.LATENESS));
	}

	private static double rate(long count, double seconds) {
		return Math.round(count / seconds * PRECISION) / PRECISION;
	}

	/** Returns how many jobs waited when that was last seen. */
	private static @Nullable Long queued(SortedMap<Long, long[]> points) {
		Long queued = null;
		for (long[] numbers : points.values()) {
			if (numbers[Numbers.QUEUED] > 0) {
				queued = numbers[Numbers.QUEUED] - 1;
			}
		}
		return queued;
	}

	/**
	 * Reads how many jobs of a queue end in a second, of late.
	 * @param queue the queue's name
	 * @return the number, or empty if no job has ended
	 */
	public OptionalDouble drainPerSecond(String queue) {
		QueuePace pace = paces(List.of(queue)).get(queue);
		return (pace != null && pace.out() > 0) ? OptionalDouble.of(pace.out()) : OptionalDouble.empty();
	}

}
