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

}
