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

	/** The worker is stopping and has given the job back unharmed. */
	RELEASED,

	/** The lease was lost: whatever the run did, it does not count. */
	LOST

}
