package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The time in which the rounds of a loop fail: told once when it begins and once when it
 * is over, with growing pauses in between.
 */
final class Trouble {

	private static final long FIRST_PAUSE = 100;

	private static final long LONGEST_PAUSE = 2_000;

	private final String name;

	private final Log logger;

	private @Nullable BackOffExecution pauses;

	private long since;

	Trouble(String name, Log logger) {
		this.name = name;
		this.logger = logger;
	}

	boolean isPresent() {
		return this.pauses != null;
	}

	/**
	 * Takes note of a failure and returns the pause that should follow, in nanoseconds.
	 */
	long failed(Throwable failure) {
		if (this.pauses == null) {
			ExponentialBackOff backOff = new ExponentialBackOff(FIRST_PAUSE, 2);
			backOff.setMaxInterval(LONGEST_PAUSE);
			this.pauses = backOff.start();
			this.since = System.nanoTime();
			this.logger.warn(this.name + " failed; trying again until it works", failure);
		}
		return TimeUnit.MILLISECONDS.toNanos(this.pauses.nextBackOff());
	}

	/** Takes note of a success. */
	void succeeded() {
		if (this.pauses != null) {
			this.pauses = null;
			this.logger.info(this.name + " works again after "
					+ Duration.ofNanos(System.nanoTime() - this.since).toMillis() + " ms");
		}
	}

}
