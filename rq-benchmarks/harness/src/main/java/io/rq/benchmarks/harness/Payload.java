package io.rq.benchmarks.harness;

/**
 * The arguments of a measured job: a string of 50 characters and a number. The first
 * character tells what the body has to note.
 *
 * @param text 50 characters
 * @param number the position of the job in its series
 */
public record Payload(String text, int number) {

	static final int LENGTH = 50;

	static final char COUNTED = 'c';

	static final char TIMED = 't';

	static final char FAILING = 'f';

	private static final String COUNTED_TEXT = COUNTED + "x".repeat(LENGTH - 1);

	private static final String FAILING_TEXT = FAILING + "x".repeat(LENGTH - 1);

	private static final int DIGITS = 16;

	private static final String PADDING = "x".repeat(LENGTH - 1 - DIGITS);

	/**
	 * A job that is only counted.
	 * @param number its position
	 * @return the payload
	 */
	public static Payload counted(int number) {
		return new Payload(COUNTED_TEXT, number);
	}

	/**
	 * A job whose distance from its intended time is noted.
	 * @param intendedMicros when it should have been sent, or run
	 * @param number its position
	 * @return the payload
	 */
	public static Payload timed(long intendedMicros, int number) {
		return new Payload(TIMED + Long.toString(intendedMicros) + PADDING, number);
	}

	/**
	 * A job that fails when it runs first, and whose second run is timed.
	 * @param number its position, unique among the failing jobs of a worker
	 * @return the payload
	 */
	public static Payload failing(int number) {
		return new Payload(FAILING_TEXT, number);
	}

	static long intendedMicros(String text) {
		return Long.parseLong(text, 1, 1 + DIGITS, 10);
	}

}
