package io.rq.scheduler;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * Election and duties on one thread: a scheduler that hangs in one of them does not keep
 * the locks.
 */
final class SchedulerRound implements Round {

	private static final SafeLog log = SafeLog.of(SchedulerContainer.class);

	private final Supplier<SchedulerParts> parts;

	private final RoundLoop wakeUps;

	private volatile @Nullable String failure;

	/**
	 * Creates the round.
	 * @param parts election and duties
	 * @param wakeUps started when an election has been held, so that Redis can be reached
	 */
	SchedulerRound(Supplier<SchedulerParts> parts, RoundLoop wakeUps) {
		this.parts = parts;
		this.wakeUps = wakeUps;
	}

	@Override
	public Duration run() {
		SchedulerParts current = this.parts.get();
		try {
			// an election takes the place of a look, but no job waits for it
			current.leadership().tend(current.promoter().isAboutToLook() ? Long.MAX_VALUE : 0);
			this.wakeUps.start();
			current.duties().forEach(Duty::perform);
			this.failure = null;
		}
		catch (RuntimeException | Error ex) {
			this.failure = FailureText.ofRoot(ex);
			throw ex;
		}
		return Duration.ofNanos(Math.min(current.leadership().untilNextAttempt(), untilNext(current)));
	}

	private static long untilNext(SchedulerParts current) {
		return current.duties().stream().mapToLong(Duty::untilNext).min().orElse(Long.MAX_VALUE);
	}

	@Override
	public void end() {
		this.wakeUps.requestStop();
		resign(this.parts.get());
		log.info("Scheduler of queues {} stopped", this.parts.get().options().queues());
	}

	/**
	 * Does all that is to be done at this moment, and leaves the queues to others.
	 * Instead of the loop, on any thread.
	 */
	void pass() {
		SchedulerParts current = this.parts.get();
		try {
			current.leadership().attempt();
			do {
				current.leadership().tend(0);
				current.duties().forEach(Duty::perform);
			}
			while (untilNext(current) <= 0);
			this.failure = null;
		}
		catch (RuntimeException ex) {
			this.failure = FailureText.ofRoot(ex);
			log.warn("Scheduled jobs of queues {} could not be moved before the worker began",
					current.options().queues(), ex);
		}
		finally {
			resign(current);
		}
	}

	private static void resign(SchedulerParts current) {
		try {
			current.duties().forEach(Duty::end);
		}
		catch (RuntimeException ex) {
			log.warn("A duty of the scheduler could not end in order", ex);
		}
		finally {
			current.leadership().resign();
		}
	}

	/** What the last round or pass failed with, if it did. For any thread. */
	@Nullable String failure() {
		return this.failure;
	}

}
