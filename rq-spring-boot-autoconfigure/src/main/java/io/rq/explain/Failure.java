package io.rq.explain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.rq.job.FailureWords;
import io.rq.job.InvalidJobException;
import io.rq.job.TraceLine;

/**
 * What the stack trace of a job says, of either language.
 *
 * @param line the line that names the exception
 * @param type the class of the exception, or {@code null}
 * @param trace the stack trace
 */
public record Failure(String line, @Nullable String type, String trace) {

	private static final Pattern TYPE = Pattern.compile("[\\w.$]+(?=:|$)");

	private static final String NO_SUCH_JOB_HERE = InvalidJobException.class.getName() + ": " + FailureWords.NO_HANDLER;

	/** As the binding of arguments says it. */
	private static final Pattern NOT_BOUND = Pattern.compile("io\\.rq\\.job\\.InvalidJobException: (Argument \\d+ '.*"
			+ "|'.*' (takes \\d+ arguments but|cannot take the argument|has no parameter|got several values).*)");

	/** RQ calls the function in this line; what fails there has not begun. */
	private static final Pattern CALL_BY_RQ = Pattern
		.compile("(?s).*self\\.func\\(\\*self\\.args, \\*\\*self\\.kwargs\\)\\s+(\\^+\\s+)?TypeError: .*");

	/**
	 * Reads a stack trace.
	 * @param trace the stack trace, or {@code null} if there is none
	 * @return what it says, or {@code null} if it is empty
	 */
	public static @Nullable Failure of(@Nullable String trace) {
		String line = TraceLine.of(trace);
		if (trace == null || line == null) {
			return null;
		}
		Matcher type = TYPE.matcher(line);
		return new Failure(Words.head(line), type.lookingAt() ? type.group() : null, trace.strip());
	}

	/**
	 * Reads the line of a stack trace that names the exception.
	 * @param trace the stack trace, or {@code null} if there is none
	 * @return the line, cut, or {@code null} if the stack trace is empty
	 */
	public static @Nullable String line(@Nullable String trace) {
		Failure failure = of(trace);
		return (failure != null) ? failure.line() : null;
	}

	/** Whether the worker did not know the function. */
	boolean isFunctionUnknown() {
		return this.line.startsWith(NO_SUCH_JOB_HERE)
				|| (this.trace.startsWith("Traceback ") && this.trace.contains("import_attribute(")
						&& this.line.matches("(ModuleNotFoundError|ImportError|AttributeError|ValueError): .*"));
	}

	/** Whether the worker did not know the function and has left the job to others. */
	boolean isPutBack() {
		return this.line.startsWith(FailureWords.PUT_BACK);
	}

	/** Whether the arguments did not fit the function. */
	boolean isNotBound() {
		return NOT_BOUND.matcher(this.line).matches() || CALL_BY_RQ.matcher(this.trace).matches();
	}

	/** The innermost cause that Java names, or {@code null} if there is one alone. */
	@Nullable String rootCause() {
		return this.trace.lines()
			.filter((text) -> text.startsWith("Caused by: "))
			.reduce((one, other) -> other)
			.map((text) -> Words.head(text.substring("Caused by: ".length())))
			.orElse(null);
	}

}
