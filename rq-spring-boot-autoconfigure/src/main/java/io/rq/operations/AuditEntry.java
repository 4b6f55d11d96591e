package io.rq.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something that was done, or that someone wanted to do and could not. Says nothing of
 * arguments or results.
 *
 * @param id the id of the entry, {@code null} as long as it is not on record
 * @param time when, by the clock of Redis once it is on record
 * @param operator who
 * @param face through what
 * @param operation what, as {@link Operation#value()} names it
 * @param queue the queue that was meant, or {@code null}
 * @param targets the ids or names of what was meant, a hundred at most
 * @param count how many there were
 * @param outcome what came of it
 * @param detail more about that for people, or {@code null}
 * @param node the process that did it: host and process id
 */
public record AuditEntry(@Nullable String id, Instant time, String operator, String face, String operation,
		@Nullable String queue, List<String> targets, long count, Outcome outcome, @Nullable String detail,
		String node) {

	/**
	 * Makes the targets unmodifiable.
	 */
	public AuditEntry {
		targets = List.copyOf(targets);
	}

	/**
	 * What came of an operation.
	 */
	public enum Outcome {

		/** It was done. */
		DONE,

		/** It has begun, as a {@linkplain BulkOperation bulk operation}. */
		STARTED,

		/** There was nothing to do, or no such job. */
		NOTHING,

		/** It was refused because the operator may not do it. */
		DENIED,

		/** It could not be done. */
		FAILED

	}

}
