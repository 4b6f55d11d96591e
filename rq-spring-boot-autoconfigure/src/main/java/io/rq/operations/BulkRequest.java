package io.rq.operations;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.job.Job;
import io.rq.job.NewJob;
import io.rq.job.QueueName;
import io.rq.queue.Registry;

/**
 * Something to be done to many jobs of a queue: to those of a list that a filter finds,
 * or to those that are named.
 *
 * @param operation what: requeue, run now, run again, reschedule, cancel, stop, move or
 * delete
 * @param queue the name of the queue
 * @param registry the registry, or the queue itself; {@code null} if jobs are named
 * @param filter which jobs of it are meant
 * @param from the earliest time of a job that is meant: the end of one that has ended,
 * the due time of a scheduled one, the start of a running one, when a waiting one was
 * enqueued; {@code null} for any
 * @param to the same, before which it must be
 * @param ids the jobs that are named, at most {@value RqOperations#MAX_IDS}
 * @param options what is chosen for each job
 * @param undoes the id of the bulk delete whose jobs are put back, or {@code null}
 * @param dryRun whether only to count which jobs are meant
 */
public record BulkRequest(Operation operation, String queue, @Nullable Registry registry, JobFilter filter,
		@Nullable Instant from, @Nullable Instant to, List<String> ids, BulkOptions options, @Nullable String undoes,
		boolean dryRun) {

	private static final Set<Operation> POSSIBLE = EnumSet.of(Operation.REQUEUE, Operation.RUN_NOW,
			Operation.RESCHEDULE, Operation.RUN_AGAIN, Operation.CANCEL, Operation.STOP, Operation.MOVE,
			Operation.DELETE);

	private static final Set<Registry> ENDED = EnumSet.of(Registry.FINISHED, Registry.FAILED, Registry.CANCELED);

	/**
	 * Checks that all is there that is needed.
	 * @throws IllegalArgumentException if it is not, or jobs are to be due after the year
	 * 9999
	 */
	public BulkRequest {
		ids = ids.stream().distinct().toList();
		Assert.isTrue(POSSIBLE.contains(operation) || undoes != null,
				() -> "'" + operation.value() + "' is nothing to do in bulk; use "
						+ POSSIBLE.stream().map(Operation::value).collect(Collectors.joining(", ")));
		QueueName.requireValid(queue);
		Assert.isTrue((undoes != null) == (operation == Operation.UNDO),
				"Only an undo has an operation that it undoes");
		Assert.isTrue((undoes != null) ? registry == null && ids.isEmpty() : (registry == null) != ids.isEmpty(),
				"Either 'registry' or 'ids' must say which jobs are meant");
		Assert.isTrue(ids.size() <= RqOperations.MAX_IDS, "At most " + RqOperations.MAX_IDS + " jobs can be named");
		Assert.isTrue(ids.stream().allMatch(Job::isValidId), "'ids' must be ids of jobs");
		Assert.isTrue(ids.isEmpty() || (filter.equals(JobFilter.ALL) && from == null && to == null),
				"Jobs that are named need no 'filter', 'from' or 'to'");
		Assert.isTrue(filter.failure() == null || registry == Registry.FAILED,
				"'failure' is for the registry 'failed' only");
		Assert.isTrue(operation != Operation.RUN_AGAIN || registry == null || ENDED.contains(registry),
				"Only jobs that have ended can be run again in bulk: use 'finished', 'failed' or 'canceled'");
		Assert.isTrue(from == null || to == null || from.isBefore(to), "'from' must be before 'to'");
		Assert.isTrue(operation != Operation.RESCHEDULE || options.at() != null, "'at' must say when the jobs are due");
		if (options.at() != null) {
			NewJob.Due.at(options.at());
		}
		if (operation == Operation.MOVE) {
			String target = options.target();
			Assert.isTrue(target != null && !target.equals(queue), "'target' must be the name of another queue");
			QueueName.requireValid(target);
		}
	}

	/**
	 * Creates a request for all jobs of a list.
	 * @param operation what is to be done
	 * @param queue the name of the queue
	 * @param registry the registry, or the queue itself
	 * @param options what is chosen for each job
	 * @return the request
	 */
	public static BulkRequest all(Operation operation, String queue, Registry registry, BulkOptions options) {
		return new BulkRequest(operation, queue, registry, JobFilter.ALL, null, null, List.of(), options, null, false);
	}

	/**
	 * Creates a request for some jobs of a queue.
	 * @param operation what is to be done
	 * @param queue the name of the queue; jobs of others are refused
	 * @param ids their ids
	 * @param options what is chosen for each job
	 * @return the request
	 */
	public static BulkRequest some(Operation operation, String queue, List<String> ids, BulkOptions options) {
		return new BulkRequest(operation, queue, null, JobFilter.ALL, null, null, ids, options, null, false);
	}

	static BulkRequest undo(String operation, String queue) {
		return new BulkRequest(Operation.UNDO, queue, null, JobFilter.ALL, null, null, List.of(), BulkOptions.NONE,
				operation, false);
	}

	/**
	 * Returns the same for those jobs only that a filter finds.
	 * @param filter the filter
	 * @return the request
	 */
	public BulkRequest matching(JobFilter filter) {
		return new BulkRequest(this.operation, this.queue, this.registry, filter, this.from, this.to, this.ids,
				this.options, this.undoes, this.dryRun);
	}

	/**
	 * Returns the same for those jobs only whose time is in a range.
	 * @param from the earliest time, or {@code null}
	 * @param to the time before which it must be, or {@code null}
	 * @return the request
	 */
	public BulkRequest between(@Nullable Instant from, @Nullable Instant to) {
		return new BulkRequest(this.operation, this.queue, this.registry, this.filter, from, to, this.ids, this.options,
				this.undoes, this.dryRun);
	}

	/**
	 * Returns the same as a dry run, or for real.
	 * @param dryRun whether only to count which jobs are meant
	 * @return the request
	 */
	public BulkRequest dryRun(boolean dryRun) {
		return new BulkRequest(this.operation, this.queue, this.registry, this.filter, this.from, this.to, this.ids,
				this.options, this.undoes, dryRun);
	}

}
