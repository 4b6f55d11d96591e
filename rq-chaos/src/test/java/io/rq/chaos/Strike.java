package io.rq.chaos;

import java.time.Duration;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What a fault has done.
 *
 * @param endangered tells which runs it may have made to be repeated
 * @param recovery how long it took until what it had harmed went on, or {@code null} if
 * it harmed nothing of which that can be said
 * @param bar how long that may take at most, or {@code null} if the fault is one of which
 * that can never be said
 */
record Strike(Predicate<Ledger.Run> endangered, @Nullable Duration recovery, @Nullable Duration bar) {

	/** What ran a moment ago may not be recorded yet, or not be in the ledger. */
	private static final int MOMENT_MILLIS = 1_000;

	static Strike harmless() {
		return new Strike((run) -> false, null, null);
	}

	static Strike harmless(Duration recovery, Duration bar) {
		return new Strike((run) -> false, recovery, bar);
	}

	/** A strike at all that a process did in a time. */
	static Strike at(Fleet.Member victim, long from, long to, @Nullable Duration recovery, @Nullable Duration bar) {
		return new Strike((run) -> run.process().equals(victim.name()) && isWithin(run, from, to), recovery, bar);
	}

	/** A strike at all that was done in a time. */
	static Strike atAll(long from, long to, @Nullable Duration recovery, @Nullable Duration bar) {
		return new Strike((run) -> isWithin(run, from, to), recovery, bar);
	}

	private static boolean isWithin(Ledger.Run run, long from, long to) {
		return run.start() <= to + MOMENT_MILLIS && (run.end() == null || run.end() >= from - MOMENT_MILLIS);
	}

	@Override
	public String toString() {
		if (this.recovery != null) {
			return "back after " + this.recovery;
		}
		return (this.bar != null) ? "over, was idle" : "over";
	}

	boolean isTooSlow() {
		return this.recovery != null && this.bar != null && this.recovery.compareTo(this.bar) > 0;
	}

}
