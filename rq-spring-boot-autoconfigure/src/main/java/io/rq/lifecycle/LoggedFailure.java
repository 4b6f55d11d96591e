package io.rq.lifecycle;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Stands in logs for an exception whose message is too long for them or contains control
 * characters.
 */
final class LoggedFailure extends Exception {

	private static final long serialVersionUID = 1L;

	private static final int DEEPEST = 20;

	private LoggedFailure(String message, @Nullable Throwable cause) {
		super(message, cause, true, true);
	}

	/** Returns the exception itself where nothing speaks against it. */
	static Throwable of(Throwable failure) {
		return isSafe(failure, 0) ? failure : copy(failure, 0);
	}

	private static boolean isSafe(Throwable failure, int depth) {
		String message = FailureText.message(failure);
		Throwable cause = (depth < DEEPEST) ? failure.getCause() : null;
		return (message == null || LogText.isSafe(message)) && (cause == null || isSafe(cause, depth + 1))
				&& suppressed(failure, depth).allMatch((other) -> isSafe(other, depth + 1));
	}

	private static Throwable copy(Throwable failure, int depth) {
		String message = FailureText.message(failure);
		Throwable cause = (depth < DEEPEST) ? failure.getCause() : null;
		LoggedFailure copy = new LoggedFailure(
				failure.getClass().getName() + ((message != null) ? ": " + LogText.of(message) : ""),
				(cause != null) ? copy(cause, depth + 1) : null);
		copy.setStackTrace(failure.getStackTrace());
		suppressed(failure, depth).forEach((other) -> copy.addSuppressed(copy(other, depth + 1)));
		return copy;
	}

	private static Stream<Throwable> suppressed(Throwable failure, int depth) {
		return (depth < DEEPEST) ? Stream.of(failure.getSuppressed()) : Stream.empty();
	}

}
