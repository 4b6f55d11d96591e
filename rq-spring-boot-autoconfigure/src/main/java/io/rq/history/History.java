package io.rq.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of jobs in the past.
 *
 * @param queue the queue, or {@code null} for all
 * @param function the function, or {@code null} for all
 * @param range how far back it goes, as a text
 * @param step how long a point lasts
 * @param from when the first point would begin
 * @param to when it was read, by the clock of Redis
 * @param source whose runs are counted: {@code java}, those of the workers of this
 * library; {@code off}, none by this process
 * @param functions the functions of which there is a history, on that queue or on all; up
 * to a hundred have one, all others have one together, which is called {@code ,}
 * @param points what was counted; minutes or hours in which nobody counted are missing
 */
public record History(@Nullable String queue, @Nullable String function, String range, Duration step, Instant from,
		Instant to, String source, List<String> functions, List<HistoryPoint> points) {

	/**
	 * Makes the lists unmodifiable.
	 */
	public History {
		functions = List.copyOf(functions);
		points = List.copyOf(points);
	}

}
