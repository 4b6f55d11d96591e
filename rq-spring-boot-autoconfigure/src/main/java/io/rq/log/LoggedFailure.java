package io.rq.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Stands in logs for an exception whose message is too long for them or contains control
 * characters, or that leads to too many others. What refers to itself does so here, too.
 */
final class LoggedFailure extends Exception {

	private static final long serialVersionUID = 1L;

	/** So many exceptions of one are logged, itself, its causes and suppressed ones. */
	private static final int MOST = 100;

	private LoggedFailure(String message) {
		super(message);
	}

	/** Returns the exception itself where nothing speaks against it. */
	static Throwable of(Throwable failure) {
		try {
			return isSafe(failure, Collections.newSetFromMap(new IdentityHashMap<>())) ? failure
					: new Copies().of(failure);
		}
		catch (Throwable ex) {
			return new LoggedFailure(failure.getClass().getName());
		}
	}

	private static boolean isSafe(Throwable failure, Set<Throwable> seen) {
		if (!seen.add(failure)) {
			return true;
		}
		String message = FailureText.message(failure);
		Throwable cause = failure.getCause();
		return seen.size() <= MOST && (message == null || LogText.isSafe(message))
				&& (cause == null || isSafe(cause, seen))
				&& Stream.of(failure.getSuppressed()).allMatch((other) -> isSafe(other, seen));
	}

	/**
	 * The copies of one exception and those it leads to, one of each.
	 */
	private static final class Copies {

		private final Map<Throwable, LoggedFailure> made = new IdentityHashMap<>();

		LoggedFailure of(Throwable failure) {
			String message = FailureText.message(failure);
			LoggedFailure copy = new LoggedFailure(
					failure.getClass().getName() + ((message != null) ? ": " + LogText.of(message) : ""));
			this.made.put(failure, copy);
			copy.setStackTrace(failure.getStackTrace());
			LoggedFailure cause = behind(failure.getCause());
			if (cause != null && cause != copy) {
				copy.initCause(cause);
			}
			for (Throwable suppressed : failure.getSuppressed()) {
				LoggedFailure other = behind(suppressed);
				if (other != null) {
					copy.addSuppressed(other);
				}
			}
			return copy;
		}

		private @Nullable LoggedFailure behind(@Nullable Throwable failure) {
			LoggedFailure known = this.made.get(failure);
			return (known != null || failure == null || this.made.size() >= MOST) ? known : of(failure);
		}

	}

}
