package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
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

	private final Logger logger;

	private final Outage outage;

	private @Nullable BackOffExecution pauses;

	private long since;

	Trouble(String name, Logger logger, Outage outage) {
		this.name = name;
		this.logger = logger;
		this.outage = outage;
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
			report(failure);
		}
		return TimeUnit.MILLISECONDS.toNanos(this.pauses.nextBackOff());
	}

	/** Takes note of a success. */
	void succeeded() {
		if (this.pauses != null) {
			this.pauses = null;
			this.logger.atLevel(this.outage.ends() ? Level.INFO : Level.DEBUG)
				.log("{} works again after {} ms", this.name,
						Duration.ofNanos(System.nanoTime() - this.since).toMillis());
		}
	}

	/** The loop ends, in trouble or not. */
	void leave() {
		if (this.pauses != null) {
			this.pauses = null;
			this.outage.ends();
		}
	}

	private void report(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (!this.outage.begins(cause)) {
			this.logger.debug("{} failed too", this.name, failure);
		}
		else if (failure instanceof DataAccessException) {
			this.logger.warn("{} cannot reach Redis; trying again until it works: {}", this.name, cause.toString());
			this.logger.debug("{} cannot reach Redis", this.name, failure);
		}
		else {
			this.logger.warn("{} failed; trying again until it works", this.name, failure);
		}
	}

}
