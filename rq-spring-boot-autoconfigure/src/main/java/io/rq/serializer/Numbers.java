package io.rq.serializer;

import java.math.BigDecimal;
import java.math.BigInteger;

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
			return new BigInteger(given.toString()).equals(new BigInteger(back.toString()));
		}
		return given instanceof Float number && back instanceof Double wider && number.equals(wider.floatValue());
	}

	private static boolean isWhole(Object value) {
		return value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
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
