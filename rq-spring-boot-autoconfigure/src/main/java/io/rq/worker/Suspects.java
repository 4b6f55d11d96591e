package io.rq.worker;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What a call for it alone has failed with, and which may never be taken. As long as
 * others are written it is tried after longer and longer pauses: sending it may take
 * long, and may break the connection. Used by one thread.
 *
 * @param <T> what is written
 */
final class Suspects<T> {

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private final LongSupplier nanoTime;

	private final Map<T, Suspect> suspects = new IdentityHashMap<>();

	private long written;

	private @Nullable Throwable lastFailure;

	/**
	 * Creates what suspects nothing.
	 * @param nanoTime nanoseconds that pass
	 */
	Suspects(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/** Returns what the last call has failed with, or {@code null} if none has. */
	@Nullable Throwable lastFailure() {
		return this.lastFailure;
	}

	/** A call for this alone has failed. */
	void failed(T one, Throwable failure) {
		this.lastFailure = failure;
		this.suspects.computeIfAbsent(one, (suspect) -> new Suspect(this.written))
			.failed(this.written, this.nanoTime.getAsLong());
	}

	/** This has been written, or is not tried any more. */
	void written(T one) {
		this.written++;
		this.suspects.remove(one);
	}

	/** Returns whether this is to be tried now. */
	boolean isDue(T one) {
		Suspect suspect = this.suspects.get(one);
		return suspect == null || suspect.isDue(this.nanoTime.getAsLong());
	}

	private static final class Suspect {

		private long written;

		private Duration pause = Duration.ZERO;

		private long since;

		Suspect(long written) {
			this.written = written;
		}

		void failed(long writtenNow, long now) {
			if (writtenNow > this.written) {
				Duration next = this.pause.isZero() ? FIRST_PAUSE : this.pause.multipliedBy(2);
				this.pause = (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE;
			}
			this.written = writtenNow;
			this.since = now;
		}

		boolean isDue(long now) {
			return now - this.since >= this.pause.toNanos();
		}

	}

}
