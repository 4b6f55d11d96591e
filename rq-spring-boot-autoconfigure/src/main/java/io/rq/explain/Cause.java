package io.rq.explain;

/**
 * Why a job does not run, or that it does or did.
 */
public enum Cause {

	/** There is no job of that id: it never existed, was deleted or has expired. */
	UNKNOWN,

	/** The job has expired; its id still stands on a queue or in a registry. */
	EXPIRED,

	/** Its record cannot be read, nor can any worker read it. */
	UNREADABLE,

	/** It has been stored and never put on its queue, or was taken off. */
	NEVER_ENQUEUED,

	/** All workers are suspended. */
	SUSPENDED,

	/** Its queue is paused. */
	QUEUE_PAUSED,

	/** No worker listens on its queue. */
	NO_WORKER,

	/** No worker that listens knows its function, or the one that took it did not. */
	FUNCTION_UNKNOWN,

	/** All workers that listen run as many jobs as they can. */
	WORKERS_BUSY,

	/** Others are before it on its queue. */
	WAITS_ITS_TURN,

	/** A worker of Java has taken its id off the queue and starts it next. */
	TAKEN,

	/** A worker of Java had taken its id off the queue and is gone. */
	TAKER_GONE,

	/** A worker of Python has popped its id and not started it. */
	POPPED_NOT_STARTED,

	/** Its status says where it should be, and it is not there. */
	ASTRAY,

	/** It is due later. */
	SCHEDULED,

	/** It has failed, and its next attempt is due later. */
	RETRY_DELAYED,

	/** The worker that took it does not know its function and has left it to others. */
	PUT_BACK,

	/** It has run, and its repetition is due later. */
	REPEATS,

	/** It is or will be due, and no scheduler serves its queue. */
	NO_SCHEDULER,

	/** It is overdue, although a scheduler serves its queue. */
	SCHEDULER_LATE,

	/** It waits for jobs that have not ended. */
	WAITS_FOR_JOBS,

	/** It waits for a job that has failed or was stopped or cancelled. */
	DEPENDENCY_FAILED,

	/** It is still deferred, although all jobs that it waited for have ended. */
	DEPENDENCIES_ENDED,

	/** It is deferred and names no job that it would wait for. */
	NO_DEPENDENCIES,

	/** A process of RQ 3 is about to put it on its queue. */
	READY,

	/** It waits for a place in its rate limit. */
	RATE_LIMITED,

	/** It runs. */
	RUNNING,

	/** The lease of its run has ended, and it waits to be put back. */
	LEASE_EXPIRED,

	/** It is said to run, and no lease stands for it. */
	LEASE_MISSING,

	/** It has failed because its arguments did not fit its function. */
	ARGUMENTS_NOT_BOUND,

	/** It has failed. */
	FAILED,

	/** It was stopped by a command. */
	STOPPED,

	/** It was cancelled. */
	CANCELED,

	/** It has ended well. */
	FINISHED

}
