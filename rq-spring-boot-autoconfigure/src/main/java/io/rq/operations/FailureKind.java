package io.rq.operations;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

import io.rq.explain.Failure;

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

	private static final Pattern GENERATED = Pattern.compile("\\$\\$|\\$Proxy|0x[0-9a-f]+");

	private static final List<String> LIBRARIES = List.of("java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.",
			"org.springframework.", "kotlin.", "io.rq.worker.", "io.rq.annotation.", "io.rq.handler.",
			"io.rq.serializer.");

	private static final List<String> PYTHON_LIBRARIES = List.of("/site-packages/", "/dist-packages/", "/lib/python");

	/** A trace may have very many lines. */
	private static final int MOST_LINES = 2_000;

	/**
	 * Reads the kind of a failure.
	 * @param trace its stack trace
	 * @return the kind, {@link #UNKNOWN} if the trace tells none
	 */
	public static FailureKind of(String trace) {
		Failure failure = Failure.of(trace);
		String exception = (failure != null) ? failure.type() : null;
		if (exception == null) {
			return UNKNOWN;
		}
		return new FailureKind(exception, trace.startsWith("Traceback ") ? python(trace) : java(trace));
	}

	private static @Nullable String java(String trace) {
		return trace.lines()
			.limit(MOST_LINES)
			.map(JAVA_FRAME::matcher)
			.filter(Matcher::find)
			.map((matcher) -> matcher.group(1))
			.filter((method) -> LIBRARIES.stream().noneMatch(method::startsWith) && !GENERATED.matcher(method).find())
			.findFirst()
			.orElse(null);
	}

	/** Python names the innermost frame last. */
	private static @Nullable String python(String trace) {
		List<String> lines = trace.lines().toList();
		String frame = null;
		for (String line : lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size())) {
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
		}
		return frame;
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
