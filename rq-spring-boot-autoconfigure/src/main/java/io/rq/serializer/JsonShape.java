package io.rq.serializer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

import org.springframework.util.ClassUtils;

/**
 * The JSON that a scalar argument must be. Stricter than Jackson, which would take
 * {@code "42"} for a number or 42 for a string and so hide a mixed-up argument list.
 */
enum JsonShape {

	INTEGER, NUMBER, BOOLEAN, TEXT, ANY;

	private static final Set<Class<?>> INTEGERS = Set.of(Byte.class, Short.class, Integer.class, Long.class,
			BigInteger.class);

	private static final Set<Class<?>> NUMBERS = Set.of(Float.class, Double.class, BigDecimal.class, Number.class);

	private static final Set<Class<?>> TEXTS = Set.of(String.class, CharSequence.class, Character.class);

	static JsonShape of(Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		if (INTEGERS.contains(boxed)) {
			return INTEGER;
		}
		if (NUMBERS.contains(boxed)) {
			return NUMBER;
		}
		if (TEXTS.contains(boxed)) {
			return TEXT;
		}
		return (boxed == Boolean.class) ? BOOLEAN : ANY;
	}

	boolean accepts(@Nullable JsonToken token) {
		return switch (this) {
			case INTEGER -> token == JsonToken.VALUE_NUMBER_INT;
			case NUMBER -> token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
			case BOOLEAN -> token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE;
			case TEXT -> token == JsonToken.VALUE_STRING;
			case ANY -> true;
		};
	}

}
