package io.rq.serializer;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Says why a value could not be read without quoting it, as Jackson's own messages do:
 * arguments are not logged.
 */
final class Failures {

	private Failures() {
	}

	static String typeName(@Nullable Object value) {
		return (value != null) ? value.getClass().getTypeName() : "null";
	}

	static String reason(RuntimeException ex) {
		if (!(ex instanceof JacksonException failure)) {
			return ex.getClass().getName();
		}
		String path = failure.getPathReference();
		return describe(failure) + (path.isEmpty() ? "" : " (at " + path + ")");
	}

	private static String describe(JacksonException ex) {
		if (ex instanceof InvalidDefinitionException) {
			return ex.getOriginalMessage();
		}
		if (ex instanceof UnrecognizedPropertyException unrecognized) {
			return "property '" + unrecognized.getPropertyName() + "' is unknown";
		}
		if (ex instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
			return "the value does not fit " + mismatch.getTargetType().getTypeName();
		}
		return ex.getClass().getSimpleName();
	}

	static String kind(@Nullable JsonToken token) {
		if (token == null) {
			return "nothing";
		}
		return switch (token) {
			case START_ARRAY, END_ARRAY -> "an array";
			case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
			case VALUE_STRING, VALUE_EMBEDDED_OBJECT -> "a string";
			case VALUE_NUMBER_INT -> "an integer";
			case VALUE_NUMBER_FLOAT -> "a floating-point number";
			case VALUE_TRUE, VALUE_FALSE -> "a boolean";
			case VALUE_NULL -> "null";
			case NOT_AVAILABLE -> "nothing";
		};
	}

}
