package io.rq.serializer;

import java.net.URL;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares values of classes that do not say themselves what equal means, or say it in a
 * way that is of no use here.
 */
final class OneValue {

	private OneValue() {
	}

	static boolean isEmpty(@Nullable Object value) {
		return Optional.empty().equals(value) || OptionalInt.empty().equals(value) || OptionalLong.empty().equals(value)
				|| OptionalDouble.empty().equals(value);
	}

	static boolean equal(Object given, Object back) {
		try {
			return given.equals(back);
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/** Returns {@code null} for a class that is not known here. */
	static @Nullable Boolean compare(Object given, Object back) {
		if (given.getClass() != back.getClass()) {
			return (given instanceof JsonNode && back instanceof JsonNode)
					? (Boolean) given.toString().equals(back.toString()) : null;
		}
		if (given instanceof Pattern pattern) {
			return pattern.pattern().equals(((Pattern) back).pattern()) && pattern.flags() == ((Pattern) back).flags();
		}
		if (given instanceof AtomicReference<?> reference) {
			return RoundTrip.difference(Object.class, reference.get(), ((AtomicReference<?>) back).get()) == null;
		}
		if (given instanceof AtomicInteger || given instanceof AtomicLong || given instanceof AtomicBoolean
				|| given instanceof URL || given instanceof JsonNode) {
			return given.toString().equals(back.toString());
		}
		return null;
	}

}
