package io.rq.operations;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

import io.rq.RqException;
import io.rq.job.InvalidJobException;
import io.rq.monitor.NoAnswerException;

/**
 * Why an operation was not carried out, for faces that have a code of their own for each.
 * What is wrong is told by the message of the failure.
 */
public enum Refusal {

	/** The operator may not do it. */
	DENIED,

	/** What is asked for makes no sense. */
	MEANINGLESS,

	/** The job is one that cannot run. */
	INVALID,

	/** It cannot be done as things are. */
	CONFLICT,

	/** Redis cannot be asked. */
	AWAY;

	/**
	 * Tells why an operation was not carried out.
	 * @param failure what it has thrown
	 * @return the reason, or {@code null} if the failure is a fault of the program
	 */
	public static @Nullable Refusal of(Throwable failure) {
		if (failure instanceof OperationDeniedException) {
			return DENIED;
		}
		if (failure instanceof IllegalArgumentException) {
			return MEANINGLESS;
		}
		if (failure instanceof InvalidJobException) {
			return INVALID;
		}
		if (failure instanceof DataAccessException || failure instanceof NoAnswerException) {
			return AWAY;
		}
		return (failure instanceof RqException) ? CONFLICT : null;
	}

}
