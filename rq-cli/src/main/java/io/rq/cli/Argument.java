package io.rq.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An argument of a function as RQ writes it on the command line: a text, a {@code :JSON}
 * value, {@code name=text} or {@code name:=JSON}, where {@code @file} stands for what is
 * in the file.
 *
 * @param name its name, or {@code null} if it is given by position
 * @param value its value
 */
record Argument(@Nullable String name, @Nullable Object value) {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final Pattern NAMED = Pattern.compile("(?s)([\\p{L}_]\\w*)([:%]?)=(.*)");

	/** Reads an argument. */
	static Argument of(String argument) {
		Matcher named = NAMED.matcher(argument);
		if (argument.startsWith(":") || argument.startsWith("%")) {
			return new Argument(null, value(argument.substring(0, 1), argument.substring(1)));
		}
		return named.matches() ? new Argument(named.group(1), value(named.group(2), named.group(3)))
				: new Argument(null, value("", argument));
	}

	private static @Nullable Object value(String kind, String text) {
		if (kind.equals("%")) {
			throw new IllegalArgumentException("'%" + text + "' would be a literal of Python, which is not read here: "
					+ "write JSON after a colon, such as :[1,2], or :\"%…\" for a text that begins with %");
		}
		String content = text.startsWith("@") ? content(text.substring(1)) : text;
		return kind.isEmpty() ? content : json(content);
	}

	private static String content(String file) {
		try {
			return Files.readString(Path.of(file));
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("The file '" + file + "' is no text in UTF-8", ex);
		}
		catch (IOException | InvalidPathException ex) {
			throw new IllegalArgumentException("The file '" + file + "' cannot be read (" + ex.getMessage()
					+ "); a text that begins with @ is written as JSON, :\"@…\"", ex);
		}
	}

	private static @Nullable Object json(String json) {
		try {
			return JSON.readValue(json, Object.class);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("'" + json + "' is no JSON: " + ex.getOriginalMessage(), ex);
		}
	}

}
