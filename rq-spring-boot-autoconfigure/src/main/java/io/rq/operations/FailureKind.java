package io.rq.operations;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * What failures have in common that are of one kind: the class of the exception and the
 * place in the application that it came from. Read from stack traces of Java and Python.
 *
 * @param exception the name of the exception's class
 * @param frame the uppermost frame of the application, without its line, or {@code null}
 * if there is none
 */
public record FailureKind(String exception, @Nullable String frame) {

	/** What stands for a stack trace that cannot be read. */
	public static final FailureKind UNKNOWN = new FailureKind("unknown", null);

	private static final Pattern JAVA_FRAME = Pattern.compile("^\\s+at (?:[^\\s(]*/)?([\\w$.<>]+)\\(");

	private static final Pattern PYTHON_FRAME = Pattern.compile("^\\s+File \"([^\"]+)\", line \\d+, in (.+)$");

	private static final Pattern CLASS = Pattern.compile("^(?:Caused by: )?([\\p{L}_][\\w.$]*)(?::.*|\\s*)$");

	private static final Pattern GENERATED = Pattern.compile("\\$\\$|\\$Proxy|0x[0-9a-f]+");

	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.",
			"org.springframework.", "kotlin.", "io.rq.worker.", "io.rq.annotation.", "io.rq.handler.",
			"io.rq.serializer.");

	private static final List<String> PYTHON_LIBRARIES = List.of("/site-packages/", "/dist-packages/", "/lib/python");

	/** A trace may have very many lines. */
	private static final int MOST_LINES = 2_000;

	private static final int LONGEST_MESSAGE = 500;

	/**
	 * Reads the kind of a failure.
	 * @param trace its stack trace
	 * @return the kind, {@link #UNKNOWN} if the trace tells none
	 */
	public static FailureKind of(String trace) {
		List<String> lines = trace.lines().limit(MOST_LINES).toList();
		if (lines.isEmpty()) {
			return UNKNOWN;
		}
		return lines.get(0).startsWith("Traceback ") ? python(trace) : java(lines);
	}

	private static FailureKind java(List<String> lines) {
		String exception = lines.stream()
			.map(FailureKind::exceptionClass)
			.filter((name) -> name != null)
			.findFirst()
			.orElse(null);
		String frame = lines.stream()
			.map(JAVA_FRAME::matcher)
			.filter(Matcher::find)
			.map((matcher) -> matcher.group(1))
			.filter((method) -> LIBRARIES.stream().noneMatch(method::startsWith) && !GENERATED.matcher(method).find())
			.findFirst()
			.orElse(null);
		return (exception != null) ? new FailureKind(exception, frame) : UNKNOWN;
	}

	/** Python names the exception last, and the innermost frame last. */
	private static FailureKind python(String trace) {
		List<String> lines = trace.lines().toList();
		String exception = null;
		String frame = null;
		for (int i = Math.max(0, lines.size() - MOST_LINES); i < lines.size(); i++) {
			String line = lines.get(i);
			Matcher matcher = PYTHON_FRAME.matcher(line);
			if (matcher.find()) {
				String file = matcher.group(1);
				if (PYTHON_LIBRARIES.stream().noneMatch(file::contains)) {
					frame = file.substring(file.lastIndexOf('/') + 1) + " in " + matcher.group(2);
				}
			}
			else if (line.startsWith("Traceback ")) {
				frame = null;
			}
			else {
				String name = exceptionClass(line);
				exception = (name != null) ? name : exception;
			}
		}
		return (exception != null) ? new FailureKind(exception, frame) : UNKNOWN;
	}

	/** The line of a stack trace that says what happened, cut. */
	static String message(String trace) {
		List<String> lines = trace.lines().filter((line) -> !line.isBlank()).toList();
		if (lines.isEmpty()) {
			return "";
		}
		String line = lines.get(0).startsWith("Traceback ") ? lines.get(lines.size() - 1) : lines.get(0);
		return line.substring(0, Math.min(line.length(), LONGEST_MESSAGE));
	}

	private static @Nullable String exceptionClass(String line) {
		Matcher matcher = CLASS.matcher(line);
		return matcher.matches() ? matcher.group(1) : null;
	}

	/**
	 * Returns what names this kind in addresses and filters.
	 * @return eight letters and digits
	 */
	public String id() {
		CRC32C sum = new CRC32C();
		sum.update((this.exception + "\n" + this.frame).getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().toHexDigits((int) sum.getValue());
	}

}
