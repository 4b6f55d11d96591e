package io.rq.cli;

import io.rq.operations.Refusal;

/**
 * What a failure means to who called.
 *
 * @param exitCode the exit code
 * @param text a line
 */
record Failure(int exitCode, String text) {

	static Failure of(Throwable ex) {
		Refusal refusal = Refusal.of(ex);
		if (refusal == Refusal.AWAY) {
			return new Failure(RqCli.AWAY, "Redis cannot be asked: " + message(root(ex)));
		}
		return new Failure((refusal == Refusal.MEANINGLESS) ? RqCli.USAGE : RqCli.REFUSED, message(ex));
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
