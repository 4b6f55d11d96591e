package io.rq.handler;

import io.rq.RqException;

/**
 * Told to callbacks of a job whose worker is gone.
 */
public class AbandonedJobException extends RqException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 */
	public AbandonedJobException() {
		super("AbandonedJobError: the lease of the job's worker ran out");
	}

}
