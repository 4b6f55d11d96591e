package io.rq.serializer;

import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
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
		String path = failure.getPath()
			.stream()
			.map((step) -> place(step, failure instanceof UnrecognizedPropertyException))
			.collect(Collectors.joining("->"));
		return describe(failure) + (path.isEmpty() ? "" : " (at " + path + ")");
	}

	/** Without the keys of maps, which are values like others. */
	private static String place(JacksonException.Reference step, boolean unknown) {
		if (step.getPropertyName() == null || step.from() == null) {
			return step.getDescription();
		}
		Class<?> type = (step.from() instanceof Class<?> itself) ? itself : step.from().getClass();
		return (Map.class.isAssignableFrom(type) || hasAnyKeys(type) || unknown) ? type.getTypeName() + "[…]"
				: step.getDescription();
	}

	private static boolean hasAnyKeys(Class<?> type) {
		return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
			.<AnnotatedElement>flatMap((declaring) -> Stream.concat(Arrays.stream(declaring.getDeclaredMethods()),
					Arrays.stream(declaring.getDeclaredFields())))
			.anyMatch((member) -> member.isAnnotationPresent(JsonAnySetter.class)
					|| member.isAnnotationPresent(JsonAnyGetter.class));
	}

	private static String describe(JacksonException ex) {
		if (ex instanceof InvalidDefinitionException || ex instanceof StreamConstraintsException) {
			return ex.getOriginalMessage();
		}
		if (ex instanceof UnrecognizedPropertyException unrecognized) {
			return "a property is unknown, known are " + unrecognized.getKnownPropertyIds();
		}
		if (ex instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
			if (mismatch.getTargetType().isPrimitive() && isMissing(mismatch.getCurrentToken())) {
				return "the value is missing or null, and " + mismatch.getTargetType().getTypeName()
						+ " cannot be: see which properties the mapper includes";
			}
			return "the value does not fit " + mismatch.getTargetType().getTypeName();
		}
		return (ex.getCause() != null) ? ex.getCause().getClass().getName() : ex.getClass().getSimpleName();
	}

	private static boolean isMissing(@Nullable JsonToken token) {
		return token == JsonToken.VALUE_NULL || token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY;
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
