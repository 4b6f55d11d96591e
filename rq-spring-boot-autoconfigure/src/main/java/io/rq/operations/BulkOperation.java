package io.rq.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something that is done to many jobs, and how far it has come.
 *
 * @param id its id
 * @param operator who wanted it
 * @param face through what
 * @param operation what, as {@link Operation#value()} names it
 * @param queue the name of the queue
 * @param registry the registry, or {@code null} if jobs were named
 * @param filter which jobs of it are meant
 * @param from the earliest time of a job that is meant, or {@code null}
 * @param to the time before which it must be, or {@code null}
 * @param options what is chosen for each job
 * @param undoes the id of the bulk delete whose jobs are put back, or {@code null}
 * @param dryRun whether jobs are only counted
 * @param state how it stands
 * @param total how many jobs there were to look at when it began
 * @param examined at how many it has looked
 * @param matched how many of them were meant
 * @param done to how many it was done
 * @param refused to how many it could not be done, because they were in another state or
 * gone by then
 * @param undoable how many of those that it has deleted can be put back
 * @param undoableUntil until when, or {@code null} if none can
 * @param reasons why jobs were refused, or are deleted for good, the first few
 * @param startedAt when it began, by the clock of Redis
 * @param endedAt when it ended, or {@code null}
 * @param node the process that has carried it out last, or {@code null} if none has yet
 */
public record BulkOperation(String id, String operator, String face, String operation, String queue,
		@Nullable String registry, JobFilter filter, @Nullable Instant from, @Nullable Instant to, BulkOptions options,
		@Nullable String undoes, boolean dryRun, State state, long total, long examined, long matched, long done,
		long refused, long undoable, @Nullable Instant undoableUntil, List<String> reasons, Instant startedAt,
		@Nullable Instant endedAt, @Nullable String node) {

	/**
	 * Makes the reasons unmodifiable.
	 */
	public BulkOperation {
		reasons = List.copyOf(reasons);
	}

	/**
	 * Returns the same without what may show arguments: the text that is looked for.
	 * @return the operation
	 */
	public BulkOperation withoutValues() {
		return new BulkOperation(this.id, this.operator, this.face, this.operation, this.queue, this.registry,
				new JobFilter(null, this.filter.failure(), this.filter.function()), this.from, this.to, this.options,
				this.undoes, this.dryRun, this.state, this.total, this.examined, this.matched, this.done, this.refused,
				this.undoable, this.undoableUntil, this.reasons, this.startedAt, this.endedAt, this.node);
	}

	/**
	 * How a bulk operation stands.
	 */
	public enum State {

		/** A dry run goes on. */
		COUNTING,

		/** It goes on. */
		RUNNING,

		/** It has looked at all jobs. */
		DONE,

		/** Somebody ended it. What was done stays. */
		CANCELED,

		/** It cannot go on. What was done stays. */
		FAILED;

		/**
		 * Returns whether it goes on.
		 * @return whether there is more to do
		 */
		public boolean isOpen() {
			return this == COUNTING || this == RUNNING;
		}

	}

}
