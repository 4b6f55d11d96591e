package io.rq.actuate.endpoint;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.rq.operations.JobArguments;
import io.rq.serializer.PlainValues;

/**
 * Arguments of a job as texts with JSON, since Actuator reads texts only.
 */
final class ArgumentTexts {

	private ArgumentTexts() {
	}

	/**
	 * Reads arguments.
	 * @param positional a JSON array, or {@code null} if those by position stay as they
	 * are
	 * @param named a JSON object, or {@code null} if those by name stay as they are
	 * @throws IllegalArgumentException if they are something else, or both {@code null}
	 */
	static JobArguments read(@Nullable String positional, @Nullable String named) {
		return new JobArguments(read("arguments", positional, PlainValues::list, "array, such as \"[1, true]\""),
				read("namedArguments", named, PlainValues::map, "object, such as \"{\\\"count\\\": 1}\""));
	}

	private static <T> @Nullable T read(String name, @Nullable String text, Function<String, T> parse, String kind) {
		try {
			return (text != null) ? parse.apply(text) : null;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + name + "' must be a text with a JSON " + kind, ex);
		}
	}

}
