package io.rq.serializer;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * Numbers as Python writes them in pickles.
 */
final class PickleNumbers {

	/** As many as Jackson reads. */
	private static final int MOST_DIGITS = 1_000;

	private static final int MOST_BYTES = 416;

	private static final BigInteger TOO_LARGE = BigInteger.TEN.pow(MOST_DIGITS);

	private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");

	private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");

	private static final Pattern FRACTION = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?");

	private PickleNumbers() {
	}

	static Object integer(String line) {
		return switch (line) {
			case "00" -> false;
			case "01" -> true;
			default -> whole(line);
		};
	}

	static Number longInteger(String line) {
		return whole(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
	}

	private static Number whole(String digits) {
		requireFewDigits(digits.length() <= MOST_DIGITS + 1);
		if (!WHOLE.matcher(digits).matches()) {
			throw notANumber();
		}
		return narrow(new BigInteger(digits));
	}

	/** Two's complement, the lowest byte first. */
	static Number longInteger(PickleInput input, long length) {
		if (length == 0) {
			return 0L;
		}
		requireFewDigits(length <= MOST_BYTES);
		return narrow(new BigInteger(reverse(input.bytes(length))));
	}

	static byte[] toLongInteger(BigInteger value) {
		return reverse(value.toByteArray());
	}

	private static byte[] reverse(byte[] bytes) {
		byte[] reversed = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			reversed[i] = bytes[bytes.length - 1 - i];
		}
		return reversed;
	}

	private static Number narrow(BigInteger value) {
		if (value.bitLength() < Long.SIZE) {
			return value.longValue();
		}
		requireFewDigits(value.abs().compareTo(TOO_LARGE) < 0);
		return value;
	}

	/** A place of the memo. */
	static long index(String line) {
		if (!INDEX.matcher(line).matches()) {
			throw notANumber();
		}
		return Long.parseLong(line);
	}

	static double fraction(String line) {
		return switch (line) {
			case "nan" -> Double.NaN;
			case "inf" -> Double.POSITIVE_INFINITY;
			case "-inf" -> Double.NEGATIVE_INFINITY;
			default -> finite(line);
		};
	}

	private static double finite(String line) {
		requireFewDigits(line.length() <= MOST_DIGITS);
		if (!FRACTION.matcher(line).matches()) {
			throw notANumber();
		}
		return Double.parseDouble(line);
	}

	private static void requireFewDigits(boolean few) {
		if (!few) {
			throw new JobSerializationException("the pickle has a number of more than " + MOST_DIGITS + " digits",
					null);
		}
	}

	private static JobSerializationException notANumber() {
		return new JobSerializationException("the pickle has a number that Python would not write", null);
	}

}
