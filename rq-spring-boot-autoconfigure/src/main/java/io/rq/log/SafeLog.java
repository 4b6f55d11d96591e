package io.rq.log;

import java.util.Collection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose own trouble stays its own: no appender, filter or broken exception that
 * throws while something is logged can end a loop or cost a job its place. Texts that may
 * come from elsewhere are escaped and cut.
 */
public final class SafeLog {

	/** An object may tell of many things. */
	private static final int LONGEST_OBJECT = 2_000;

	private final Logger logger;

	private SafeLog(Logger logger) {
		this.logger = logger;
	}

	/**
	 * Returns the log of a class.
	 * @param type the class
	 * @return the log
	 */
	public static SafeLog of(Class<?> type) {
		return new SafeLog(LoggerFactory.getLogger(type));
	}

	/**
	 * Logs at this level.
	 * @param text the text with placeholders
	 * @param arguments what to fill in, an exception last
	 */
	public void debug(String text, @Nullable Object... arguments) {
		quietly(() -> this.logger.debug(text, safe(arguments)));
	}

	/**
	 * Logs at this level.
	 * @param text the text with placeholders
	 * @param arguments what to fill in, an exception last
	 */
	public void info(String text, @Nullable Object... arguments) {
		quietly(() -> this.logger.info(text, safe(arguments)));
	}

	/**
	 * Logs at this level.
	 * @param text the text with placeholders
	 * @param arguments what to fill in, an exception last
	 */
	public void warn(String text, @Nullable Object... arguments) {
		quietly(() -> this.logger.warn(text, safe(arguments)));
	}

	/**
	 * Logs at this level.
	 * @param text the text with placeholders
	 * @param arguments what to fill in, an exception last
	 */
	public void error(String text, @Nullable Object... arguments) {
		quietly(() -> this.logger.error(text, safe(arguments)));
	}

	private static @Nullable Object[] safe(@Nullable Object[] arguments) {
		@Nullable Object[] safe = new @Nullable Object[arguments.length];
		for (int i = 0; i < safe.length; i++) {
			safe[i] = safe(arguments[i]);
		}
		return safe;
	}

	private static @Nullable Object safe(@Nullable Object argument) {
		if (argument == null || argument instanceof Number || argument instanceof Boolean
				|| argument instanceof Enum<?>) {
			return argument;
		}
		if (argument instanceof CharSequence text) {
			return LogText.of(text);
		}
		if (argument instanceof Collection<?> elements) {
			return elements.stream().map(SafeLog::safe).toList();
		}
		return (argument instanceof Throwable failure) ? LoggedFailure.of(failure)
				: LogText.of(text(argument), LONGEST_OBJECT);
	}

	/** What an object tells may come from elsewhere too. */
	private static String text(Object argument) {
		try {
			return String.valueOf(argument);
		}
		catch (Throwable ex) {
			return argument.getClass().getName();
		}
	}

	private static void quietly(Runnable call) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			// nowhere is left to tell it
		}
	}

}
