package io.rq.operations;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is chosen for each job of a bulk operation, as for the operation on one job.
 *
 * @param atFront of requeue and run now: whether the job is the next to run
 * @param enqueueDependents of cancel: whether jobs that wait for it alone are put on
 * their queues
 * @param deleteDependents of delete: whether jobs that wait for it are deleted too
 * @param at of reschedule: when the job is due
 * @param target of move: the name of the other queue
 * @param now of delete: whether the jobs are to be gone for good at once
 */
public record BulkOptions(boolean atFront, boolean enqueueDependents, boolean deleteDependents, @Nullable Instant at,
		@Nullable String target, boolean now) {

	/** Nothing is chosen. */
	public static final BulkOptions NONE = new BulkOptions(false, false, false, null, null, false);

}
