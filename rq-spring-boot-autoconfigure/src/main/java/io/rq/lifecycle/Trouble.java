package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

import io.rq.log.SafeLog;

/**
 * The time in which the rounds of a loop fail: told by the {@link Outage}, with growing
 * pauses in between.
 */
final class Trouble {

	private final String name;

	private final SafeLog log;

	private final Outage outage;

	private final Recovery recovery;

	private @Nullable BackOffExecution pauses;

	private volatile @Nullable Failing failing;

	Trouble(String name, SafeLog log, Outage outage, Recovery recovery) {
		this.name = name;
		this.log = log;
		this.outage = outage;
		this.recovery = recovery;
	}

	boolean isPresent() {
		return this.failing != null;
	}

	/** Returns since when all rounds have failed and how, or {@code null}. */
	@Nullable Failing failing() {
		return this.failing;
	}

	/**
	 * Takes note of a failure and returns the pause that should follow, in nanoseconds.
	 */
	long failed(Throwable failure) {
		Failing before = this.failing;
		this.failing = new Failing((before != null) ? before.since() : this.outage.nanoTime(), failure);
		BackOffExecution current = this.pauses;
		if (before == null || current == null) {
			current = this.recovery.begin();
			this.pauses = current;
			this.outage.begins();
		}
		if (failure instanceof PartialFailureException partial) {
			return partial.pause().toNanos();
		}
		this.outage.tell(this.log, this.name, null, failure);
		return TimeUnit.MILLISECONDS.toNanos(current.nextBackOff());
	}

	/** Takes note of a success. */
	void succeeded() {
		Failing before = this.failing;
		if (before != null) {
			this.failing = null;
			long millis = Duration.ofNanos(this.outage.nanoTime() - before.since()).toMillis();
			if (this.outage.ends()) {
				this.log.info("{} works again after {} ms", this.name, millis);
			}
			else {
				this.log.debug("{} works again after {} ms", this.name, millis);
			}
		}
	}

	/** The loop ends, in trouble or not. */
	void leave() {
		if (this.failing != null) {
			this.failing = null;
			this.outage.ends();
		}
	}

	/**
	 * A loop that fails in every round.
	 *
	 * @param since when the first was, as a value of the nano time
	 * @param last the latest failure
	 */
	record Failing(long since, Throwable last) {

	}

}
