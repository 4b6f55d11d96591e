package io.rq.chaos;

import java.time.Duration;

/**
 * How large a run is.
 *
 * @param workers the number of workers
 * @param schedulers the number of schedulers that are no workers
 * @param producers the number of producers
 * @param every how often a producer enqueues
 * @param faults how many faults strike
 * @param longest for how many seconds a fault lasts at most
 */
record Form(int workers, int schedulers, int producers, Duration every, int faults, int longest) {

	static final Form SHORT = new Form(2, 1, 1, Duration.ofMillis(60), 7, 4);

	static final Form FULL = new Form(3, 1, 2, Duration.ofMillis(60), 22, 20);

	/** As many faults as there is time for. */
	static final Form SOAK = new Form(3, 1, 2, Duration.ofMillis(100), Integer.MAX_VALUE, 20);

}
