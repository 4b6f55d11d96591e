package io.rq.handler;

/**
 * How a run ended.
 */
public enum RunOutcome {

	/** The job has finished. */
	FINISHED,

	/** The job has failed for good. */
	FAILED,

	/** The job was stopped by a command and will not be tried again. */
	STOPPED,

	/** The job will be tried again. */
	RETRIED,

	/**
	 * The worker has given the job back unharmed: it is stopping, or knows no handler.
	 */
	RELEASED,

	/** The lease was lost: whatever the run did, it does not count. */
	LOST

}
