package io.rq.operations;

/**
 * What someone may do, each role all of those before it too.
 */
public enum Role {

	/** Looks at everything. */
	VIEWER,

	/**
	 * Also requeues, runs now or again, reschedules, cancels, stops and triggers jobs,
	 * and pauses and resumes queues and cron jobs.
	 */
	OPERATOR,

	/**
	 * Does the rest too: enqueues any function, edits, moves, deletes and puts back,
	 * empties, sees stacks, suspends all and stops workers.
	 */
	ADMIN

}
