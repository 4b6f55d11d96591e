package io.rq.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.PermissionDeniedDataAccessException;

/**
 * What can be said of an exception, whatever its own methods do.
 */
public final class FailureText {

	private FailureText() {
	}

	/**
	 * Describes an exception as its {@code toString} does.
	 * @param failure the exception
	 * @return the text
	 */
	public static String of(Throwable failure) {
		try {
			return String.valueOf(failure.toString());
		}
		catch (Throwable ex) {
			return failure.getClass().getName() + " (it cannot say more: " + ex.getClass().getName() + ")";
		}
	}

	/**
	 * Returns the message of an exception.
	 * @param failure the exception
	 * @return the message, or {@code null} if it has none to give
	 */
	public static @Nullable String message(Throwable failure) {
		try {
			return failure.getMessage();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Returns an exception and what lies behind it, also if that leads back to itself.
	 * @param failure the exception
	 * @return the exception and its causes as far as they can be followed, from the
	 * outermost to the innermost, each once
	 */
	public static List<Throwable> causes(Throwable failure) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause(cause)) {
			causes.add(cause);
		}
		return causes;
	}

	private static @Nullable Throwable cause(Throwable failure) {
		try {
			return failure.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Returns the innermost cause of an exception, or as far as it can be followed; one
	 * that names a missing right says more than its cause.
	 * @param failure the exception
	 * @return the cause, or the exception itself if it has none
	 */
	public static Throwable root(Throwable failure) {
		List<Throwable> causes = causes(failure);
		return causes.stream()
			.filter(PermissionDeniedDataAccessException.class::isInstance)
			.findFirst()
			.orElse(causes.get(causes.size() - 1));
	}

	/**
	 * Describes the innermost cause of an exception.
	 * @param failure the exception
	 * @return the text
	 */
	public static String ofRoot(Throwable failure) {
		return of(root(failure));
	}

	/**
	 * Returns the stack trace of an exception.
	 * @param failure the exception
	 * @return the text; without its message and causes if the exception does not give
	 * them
	 */
	public static String stackTrace(Throwable failure) {
		try {
			StringWriter text = new StringWriter();
			failure.printStackTrace(new PrintWriter(text, true));
			return text.toString();
		}
		catch (Throwable ex) {
			return of(failure) + frames(failure);
		}
	}

	private static String frames(Throwable failure) {
		StringBuilder text = new StringBuilder(System.lineSeparator());
		try {
			for (StackTraceElement frame : failure.getStackTrace()) {
				text.append("\tat ").append(frame).append(System.lineSeparator());
			}
		}
		catch (Throwable ex) {
			text.append("\t(its stack trace cannot be read: ").append(ex.getClass().getName()).append(")");
		}
		return text.toString();
	}

	/**
	 * Returns an exception that can be logged and handed on without harm.
	 * @param failure the exception
	 * @return the exception itself, or one that stands for it if its methods throw
	 */
	public static Throwable printable(Throwable failure) {
		try {
			PrintWriter reader = new PrintWriter(new StringWriter());
			failure.printStackTrace(reader);
			reader.println(failure.getLocalizedMessage());
			return failure;
		}
		catch (Throwable ex) {
			IllegalStateException stand = new IllegalStateException(of(failure));
			try {
				stand.setStackTrace(failure.getStackTrace());
			}
			catch (Throwable again) {
				// then without
			}
			return stand;
		}
	}

}
