package io.rq.history;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How fast a queue is filled and worked off, on average of the last minutes. Only the
 * runs of Java's workers are counted.
 *
 * @param in how many jobs come onto the queue in a second, or {@code null} if that is not
 * known
 * @param out how many leave it for good or for a retry in a second
 * @param waiting how long those that started had waited, or {@code null} if none did
 * @param running how long the runs that ended took, or {@code null} if there is none
 * @param lateness how late due jobs were moved to the queue, or {@code null} if none was
 */
public record QueuePace(@Nullable Double in, double out, @Nullable Quantiles waiting, @Nullable Quantiles running,
		@Nullable Quantiles lateness) {

	/**
	 * Adds up the paces of the partitions of a queue. Quantiles cannot be added up.
	 * @param parts the paces
	 * @return the sum, or {@code null} if there are none
	 */
	public static @Nullable QueuePace sum(List<QueuePace> parts) {
		if (parts.size() <= 1) {
			return parts.isEmpty() ? null : parts.get(0);
		}
		Double in = 0.0;
		double out = 0;
		for (QueuePace part : parts) {
			in = (in != null && part.in != null) ? in + part.in : null;
			out += part.out;
		}
		return new QueuePace(in, out, null, null, null);
	}

}
