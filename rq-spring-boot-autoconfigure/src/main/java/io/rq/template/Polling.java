package io.rq.template;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.rq.RqException;
import io.rq.lifecycle.Deadline;

/**
 * Looks again and again, after longer and longer pauses, until a time is over.
 */
final class Polling {

	private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

	private final Deadline deadline;

	private final String interrupted;

	private Duration pause = FIRST_PAUSE;

	/**
	 * Begins.
	 * @param timeout how long to go on
	 * @param interrupted what is told where the thread is interrupted
	 */
	Polling(Duration timeout, String interrupted) {
		this.deadline = Deadline.in(timeout);
		this.interrupted = interrupted;
	}

	/** Pauses, and returns whether to look again. */
	boolean next() {
		if (this.deadline.share(1).isZero()) {
			return false;
		}
		try {
			TimeUnit.NANOSECONDS.sleep(this.deadline.share(1, this.pause).toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RqException(this.interrupted, ex);
		}
		this.pause = (this.pause.compareTo(LONGEST_PAUSE) < 0) ? this.pause.multipliedBy(2) : this.pause;
		return true;
	}

}
