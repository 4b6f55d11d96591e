package io.rq.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Failures of one kind.
 *
 * @param id what names the kind in addresses and filters
 * @param exception the name of the exception's class
 * @param frame the uppermost frame of the application, or {@code null} if there is none
 * @param message the first line of what the last of them said
 * @param count how many of the jobs that were looked at failed so
 * @param first when the first of them ended, or {@code null} if none tells
 * @param last when the last of them ended, or {@code null} if none tells
 * @param queues the names of their queues, sorted
 * @param jobs the ids of the last ten
 */
public record FailureGroup(String id, String exception, @Nullable String frame, String message, long count,
		@Nullable Instant first, @Nullable Instant last, List<String> queues, List<String> jobs) {

	/**
	 * Makes the lists unmodifiable.
	 */
	public FailureGroup {
		queues = List.copyOf(queues);
		jobs = List.copyOf(jobs);
	}

}
