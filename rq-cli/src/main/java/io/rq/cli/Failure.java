package io.rq.cli;

import org.springframework.dao.DataAccessException;

import io.rq.RqException;
import io.rq.job.IllegalJobStateException;
import io.rq.job.InvalidJobException;
import io.rq.job.QueueFullException;
import io.rq.operations.OperationDeniedException;

/**
 * What a failure means to who called.
 *
 * @param exitCode the exit code
 * @param text a line
 */
record Failure(int exitCode, String text) {

	static Failure of(Throwable ex) {
		if (ex instanceof OperationDeniedException || ex instanceof IllegalJobStateException
				|| ex instanceof InvalidJobException || ex instanceof QueueFullException
				|| ex instanceof NotFoundException) {
			return new Failure(RqCli.REFUSED, message(ex));
		}
		if (ex instanceof IllegalArgumentException) {
			return new Failure(RqCli.USAGE, message(ex));
		}
		if (ex instanceof DataAccessException || ex instanceof RqException) {
			return new Failure(RqCli.AWAY, "Redis cannot be asked: " + message(root(ex)));
		}
		return new Failure(RqCli.REFUSED, message(ex));
	}

	private static Throwable root(Throwable ex) {
		Throwable root = ex;
		for (int depth = 0; depth < 50 && root.getCause() != null; depth++) {
			root = root.getCause();
		}
		// why the first of several addresses was not reached says more than that none was
		return (root.getSuppressed().length > 0) ? root(root.getSuppressed()[0]) : root;
	}

	private static String message(Throwable ex) {
		return (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
	}

	/**
	 * What was asked for is not there.
	 */
	static final class NotFoundException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NotFoundException(String kind, String name) {
			super("There is no " + kind + " '" + name + "' (any more).");
		}

	}

}
