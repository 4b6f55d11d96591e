package io.rq.handler;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Recorded for a job that was interrupted together with all others of its worker, by the
 * command {@code kill-horse}.
 */
public class JobKilledException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param cause what the job threw when it was interrupted, or {@code null}
	 */
	public JobKilledException(@Nullable Throwable cause) {
		super("Work-horse terminated unexpectedly; interrupted by the command kill-horse", cause);
	}

}
