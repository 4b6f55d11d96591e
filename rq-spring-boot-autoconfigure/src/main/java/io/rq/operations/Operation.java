package io.rq.operations;

import java.util.Locale;

/**
 * Something that can be done, each with the role that it needs.
 */
public enum Operation {

	/** Look at queues, jobs, workers, schedulers and the record of operations. */
	READ(Role.VIEWER),

	/** Put a job on its queue that has ended or was cancelled. */
	REQUEUE(Role.OPERATOR),

	/** Put a scheduled job on its queue now. */
	RUN_NOW(Role.OPERATOR),

	/** Change when a scheduled job is due. */
	RESCHEDULE(Role.OPERATOR),

	/** Cancel a job. */
	CANCEL(Role.OPERATOR),

	/** Stop a running job. */
	STOP(Role.OPERATOR),

	/** Enqueue the job of a cron job now. */
	TRIGGER_CRON(Role.OPERATOR),

	/** Pause a cron job. */
	PAUSE_CRON(Role.OPERATOR),

	/** End the pause of a cron job. */
	RESUME_CRON(Role.OPERATOR),

	/** Delete a job. */
	DELETE(Role.ADMIN),

	/** Delete all jobs that wait on a queue. */
	EMPTY(Role.ADMIN),

	/** Let no worker start a job. */
	SUSPEND(Role.ADMIN),

	/** Let workers start jobs again. */
	RESUME(Role.ADMIN);

	private final Role role;

	Operation(Role role) {
		this.role = role;
	}

	/**
	 * Returns the role that is needed.
	 * @return the least role
	 */
	public Role role() {
		return this.role;
	}

	/**
	 * Returns the text that stands for the operation in answers and in the record.
	 * @return the name in lower case with hyphens
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
