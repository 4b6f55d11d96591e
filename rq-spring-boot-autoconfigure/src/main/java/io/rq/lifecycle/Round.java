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
	 * Returns how long the loop may pause after rounds that failed.
	 * @return the longest pause, one second unless the round must not be late
	 */
	default Duration longestBackOff() {
		return Duration.ofSeconds(1);
	}

	/**
	 * Gives back what the rounds have taken. Called once after the last round before a
	 * stop, on the same thread.
	 * @throws Exception if that failed, which is logged
	 */
	default void end() throws Exception {
	}

}
