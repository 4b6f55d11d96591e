package io.rq.chaos;

import java.time.Duration;

/**
 * How large a run is.
 *
 * @param workers the number of workers
 * @param schedulers the number of schedulers that are no workers
 * @param producers the number of producers
 * @param every how often a producer enqueues
 * @param faults how many faults strike at most, unless each kind is to
 * @param complete whether each kind of fault strikes at least once
 * @param longest for how many seconds a fault lasts at most
 */
record Form(int workers, int schedulers, int producers, Duration every, int faults, boolean complete, int longest) {

	static final Form SHORT = new Form(2, 1, 1, Duration.ofMillis(60), 7, false, 4);

	static final Form FULL = new Form(3, 1, 2, Duration.ofMillis(60), 22, true, 30);

	/** As many faults as there is time for. */
	static final Form SOAK = new Form(3, 1, 2, Duration.ofMillis(100), Integer.MAX_VALUE, true, 20);

}
