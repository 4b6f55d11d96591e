package io.rq.lifecycle;

import java.time.Duration;

/**
 * One round of a loop. Tests call it directly; {@link RoundLoop} adds nothing but
 * repetition.
 */
@FunctionalInterface
public interface Round {

	/**
	 * Does what there is to do now.
	 * @return how long to wait before the next round unless woken, zero for not at all
	 * @throws Exception if the round failed; the loop backs off and goes on
	 */
	Duration run() throws Exception;

	/**
	 * Returns how long the loop pauses after rounds that failed.
	 * @param usual what holds for its loops
	 * @return the same, unless this round must not be late
	 */
	default Recovery recovery(Recovery usual) {
		return usual;
	}

	/**
	 * Gives back what the rounds have taken. Called once after the last round before a
	 * stop, on the same thread.
	 * @throws Exception if that failed, which is logged
	 */
	default void end() throws Exception {
	}

}
