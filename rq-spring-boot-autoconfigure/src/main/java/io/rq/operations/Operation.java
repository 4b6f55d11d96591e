package io.rq.operations;

import java.util.Locale;
import java.util.stream.Stream;

import org.springframework.util.StringUtils;

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

	/** Enqueue a new job that does the same as one that there is. */
	RUN_AGAIN(Role.OPERATOR),

	/** Cancel a job. */
	CANCEL(Role.OPERATOR),

	/** Stop a running job. */
	STOP(Role.OPERATOR),

	/** Let no worker start a job of a queue. */
	PAUSE_QUEUE(Role.OPERATOR),

	/** Let workers start jobs of a queue again. */
	RESUME_QUEUE(Role.OPERATOR),

	/** Enqueue the job of a cron job now. */
	TRIGGER_CRON(Role.OPERATOR),

	/** Pause a cron job. */
	PAUSE_CRON(Role.OPERATOR),

	/** End the pause of a cron job. */
	RESUME_CRON(Role.OPERATOR),

	/** Move a job to another queue. */
	MOVE(Role.ADMIN),

	/** Enqueue a new job of any function. */
	ENQUEUE(Role.ADMIN),

	/** Change the arguments of a job, or run it again with others. */
	EDIT(Role.ADMIN),

	/** See what the thread of a running job does. */
	STACK(Role.ADMIN),

	/** Delete a job. */
	DELETE(Role.ADMIN),

	/** Put a deleted job back. */
	UNDO(Role.ADMIN),

	/** Delete all jobs that wait on a queue. */
	EMPTY(Role.ADMIN),

	/** Let no worker start a job. */
	SUSPEND(Role.ADMIN),

	/** Let workers start jobs again. */
	RESUME(Role.ADMIN),

	/** Shut a worker down. */
	STOP_WORKER(Role.ADMIN);

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

	/**
	 * Finds an operation by the text that stands for it.
	 * @param value the name in lower case with hyphens
	 * @return the operation
	 * @throws IllegalArgumentException if there is none
	 */
	public static Operation of(String value) {
		return Stream.of(values())
			.filter((operation) -> operation.value().equals(value))
			.findFirst()
			.orElseThrow(
					() -> new IllegalArgumentException("There is no operation '" + StringUtils.truncate(value) + "'"));
	}

}
