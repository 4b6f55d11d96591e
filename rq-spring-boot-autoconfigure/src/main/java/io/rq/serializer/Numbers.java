package io.rq.serializer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Compares numbers of different types.
 */
final class Numbers {

	private Numbers() {
	}

	/**
	 * Whether a number has been kept whose type was left open: JSON knows no sizes.
	 */
	static boolean same(Object given, Object back) {
		if (isWhole(given) && (isWhole(back) || back instanceof BigInteger)) {
			return Objects.equals(whole(given), whole(back));
		}
		return given instanceof Float number && back instanceof Double wider && number.equals(wider.floatValue());
	}

	/** Returns a whole number in the one type for all, {@code null} for anything else. */
	static @Nullable BigInteger whole(@Nullable Object value) {
		return (value instanceof BigInteger number) ? number
				: isWhole(value) ? new BigInteger(String.valueOf(value)) : null;
	}

	static boolean isWhole(@Nullable Object value) {
		return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
	}

	/** Whether a decimal number has become the nearest one that its type has. */
	static boolean isNearest(Object given, Object back) {
		return given instanceof BigDecimal number
				&& (back.equals(number.doubleValue()) || back.equals(number.floatValue()));
	}

	/**
	 * Whether a number has been converted to another type without a loss.
	 */
	static boolean convert(Object given, Object back) {
		return given.toString().equals(back.toString()) || decimal(given, back) || same(given, back);
	}

	private static boolean decimal(Object given, Object back) {
		try {
			return new BigDecimal(given.toString()).compareTo(new BigDecimal(back.toString())) == 0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
