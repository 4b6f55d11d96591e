package io.rq.actuate.endpoint;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;

import io.rq.operations.JobArguments;

/**
 * Arguments of a job as texts with JSON, since Actuator reads texts only.
 */
final class ArgumentTexts {

	private ArgumentTexts() {
	}

	/**
	 * Reads arguments.
	 * @param positional a JSON array, or {@code null} for none
	 * @param named a JSON object, or {@code null} for none
	 * @throws IllegalArgumentException if they are something else
	 */
	static JobArguments read(@Nullable String positional, @Nullable String named) {
		JsonParser parser = JsonParserFactory.getJsonParser();
		return new JobArguments(
				read("arguments", positional, List.of(), parser::parseList, "array, such as \"[1, true]\""),
				read("namedArguments", named, Map.of(), parser::parseMap, "object, such as \"{\\\"count\\\": 1}\""));
	}

	private static <T> T read(String name, @Nullable String text, T none, Function<String, @Nullable T> parse,
			String kind) {
		if (text == null) {
			return none;
		}
		JsonParseException cause = null;
		try {
			T value = parse.apply(text);
			if (value != null) {
				return value;
			}
		}
		catch (JsonParseException ex) {
			cause = ex;
		}
		throw new IllegalArgumentException("'" + name + "' must be a text with a JSON " + kind, cause);
	}

}
