package io.rq.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.rq.redis.Surroundings;
import io.rq.redis.Surroundings.ListeningWorker;
import io.rq.redis.Surroundings.Work;

/**
 * Estimates how fast a queue is worked off by the counters of its workers: between two
 * looks, or else on average since they have started.
 */
final class CountedDrain {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofMinutes(1);

	private static final int MOST_QUEUES = 100;

	private static final double MILLIS = 1_000;

	private final Map<String, Look> looks = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Look> eldest) {
			return size() > MOST_QUEUES;
		}

	};

	/** Returns the rate, or {@code null} if there is nothing to tell it by. */
	synchronized @Nullable Rate rate(String queue, Surroundings around) {
		Instant now = around.queue().now();
		Look look = this.looks.get(queue);
		Duration age = (look != null) ? Duration.between(look.at(), now) : Duration.ZERO;
		if (look == null || age.isNegative() || age.compareTo(LONGEST) > 0) {
			this.looks.put(queue, Look.of(now, around.workers()));
		}
		if (look != null && age.compareTo(SHORTEST) >= 0 && age.compareTo(LONGEST.multipliedBy(10)) <= 0) {
			return new Rate(look.endedSince(around.workers()) / (age.toMillis() / MILLIS),
					"two looks at the counters of the workers");
		}
		double average = around.workers().stream().mapToDouble((worker) -> average(worker.work(), now)).sum();
		return (average > 0) ? new Rate(average, "the average of the workers since they started") : null;
	}

	private static double average(Work work, Instant now) {
		Instant birth = work.birth();
		return (birth != null && birth.isBefore(now))
				? work.ended() * MILLIS / Math.max(MILLIS, Duration.between(birth, now).toMillis()) : 0;
	}

	/**
	 * How fast a queue is worked off.
	 *
	 * @param perSecond jobs in a second
	 * @param source by what that is told
	 */
	record Rate(double perSecond, String source) {

	}

	private record Look(Instant at, Map<String, Long> ended) {

		static Look of(Instant at, List<ListeningWorker> workers) {
			return new Look(at, workers.stream()
				.collect(Collectors.toMap(ListeningWorker::name, (worker) -> worker.work().ended(), Math::max)));
		}

		long endedSince(List<ListeningWorker> workers) {
			Map<String, ListeningWorker> now = workers.stream()
				.collect(Collectors.toMap(ListeningWorker::name, Function.identity(), (one, other) -> one));
			return now.values()
				.stream()
				.mapToLong((worker) -> Math.max(0,
						worker.work().ended() - this.ended.getOrDefault(worker.name(), worker.work().ended())))
				.sum();
		}

	}

}
