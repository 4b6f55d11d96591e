package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import io.rq.job.InvalidJobException;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.TimeSource;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.redis.Claims;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Claims.Dropped;
import io.rq.redis.ExecutionStore;

/**
 * Takes jobs, never more than there are places for, and waits for more when there are
 * none.
 */
final class Fetcher implements Round {

	private static final SafeLog log = SafeLog.of(Fetcher.class);

	private static final Duration SUSPENDED_PAUSE = Duration.ofMillis(500);

	/** Work begins again within that time where a queue is not paused any more. */
	private static final Duration PAUSED_PAUSE = Duration.ofMillis(750);

	private static final Duration CONGESTED_PAUSE = Duration.ofMillis(50);

	private static final Duration PERMIT_WAIT = Duration.ofSeconds(1);

	private static final Duration LATE_LOOK = Duration.ofMillis(2);

	private final WorkerOptions options;

	private final ExecutionStore store;

	private final Registration registration;

	private final Permits permits;

	private final ReadAhead ahead;

	private final Arrivals arrivals;

	private final Receiver receiver;

	private final QueueOrder order;

	private final BooleanSupplier resting;

	private final TimeSource time;

	private final Idleness idleness;

	private volatile boolean suspended;

	/** Whether the last round took nothing because the container is paused. */
	private boolean rested;

	/** The queues that were paused at the last claim. */
	private Set<String> paused = Set.of();

	/** Whether the last claim took all that one call may take from the queues. */
	private boolean drained;

	private long claimed;

	Fetcher(WorkerOptions options, ExecutionStore store, Registration registration, Permits permits, ReadAhead ahead,
			Arrivals arrivals, Receiver receiver, BooleanSupplier resting, TimeSource time) {
		this.options = options;
		this.store = store;
		this.registration = registration;
		this.permits = permits;
		this.ahead = ahead;
		this.arrivals = arrivals;
		this.receiver = receiver;
		this.resting = resting;
		this.order = new QueueOrder(options.queues(), options.partitions(), options.strategy());
		this.time = time;
		this.idleness = new Idleness(options.limits().maxIdleTime(), time);
	}

	@Override
	public Duration run() throws InterruptedException {
		this.registration.tryEnsure();
		if (this.receiver.isCongested()) {
			return CONGESTED_PAUSE;
		}
		if (rests()) {
			return SUSPENDED_PAUSE;
		}
		if (this.receiver.giveBackLate()) {
			this.ahead.pause();
			return Duration.ZERO;
		}
		if (this.drained && this.receiver.hasWaiting()) {
			return LATE_LOOK;
		}
		int places = this.permits.awaitFree(this.receiver.hasWaiting() ? LATE_LOOK : PERMIT_WAIT, jobsAhead());
		if (places == 0) {
			giveBackTaken();
			return Duration.ZERO;
		}
		this.receiver.awaitGivenBack();
		int wanted = limit(places);
		long asked = this.time.nanoTime();
		Claims claims = claim(wanted);
		noteSuspension(claims.suspended());
		notePauses(claims.paused());
		claims.dropped().forEach(Fetcher::log);
		receive(claims, asked + this.store.lease().toNanos());
		int found = claims.claims().size();
		noteIdleness(found);
		if (found > 0) {
			this.order.served(claims.claims().get(found - 1).execution().queue());
		}
		boolean passed = claims.dropped().isEmpty();
		this.drained = !this.suspended && found < wanted && passed;
		// behind ids that are no jobs to run there may be others
		return (found > 0 || !passed) ? Duration.ZERO : nothingFound();
	}

	/**
	 * While the container is paused nothing is taken, and what has not begun goes back.
	 */
	private boolean rests() {
		boolean now = this.resting.getAsBoolean();
		if (now != this.rested) {
			this.rested = now;
			this.arrivals.mayHaveTaken();
			log.info(now ? "Worker {} is paused" : "Worker {} goes on", this.options.name());
		}
		if (now) {
			this.drained = false;
			this.idleness.ends();
			this.receiver.giveBackWaiting();
			giveBackTaken();
		}
		return now;
	}

	/**
	 * Claims at once or, when the only queue was found empty, as soon as it has a job.
	 */
	private Claims claim(int wanted) {
		boolean waiting = this.drained && this.paused.isEmpty() && !this.arrivals.isSeveral()
				&& !this.options.limits().burst();
		this.drained = false;
		Claims claims = waiting ? this.arrivals.awaitClaims(wanted, this.idleness.left()) : null;
		return (claims != null) ? claims : this.store.claim(this.order.next(), wanted, this.order.isInTurn());
	}

	/** Returns how many jobs may be taken before there is a place for them. */
	private int jobsAhead() {
		return (this.drained || this.options.limits().maxJobs() > 0) ? 0 : this.ahead.jobs();
	}

	private int limit(int places) {
		int most = Math.min(places, ExecutionStore.BATCH_SIZE);
		long max = this.options.limits().maxJobs();
		return (max > 0) ? (int) Math.min(most, max - this.claimed) : most;
	}

	private void receive(Claims claims, long heldUntil) {
		Instant now = this.time.instant();
		long ticks = this.time.nanoTime();
		RuntimeException failure = null;
		boolean reclaimed = false;
		for (Claim claim : claims.claims()) {
			try {
				receive(claim, now, ticks, heldUntil);
				this.claimed++;
				reclaimed |= claim.job() != null && claim.job().run().reclaims() > 0;
			}
			catch (Throwable ex) {
				failure = givenBack(ex);
			}
		}
		try {
			this.receiver.begin();
		}
		catch (RuntimeException ex) {
			failure = givenBack(ex);
		}
		if (reclaimed) {
			// one of these may end the process, others are not to be lost with it
			this.ahead.pause();
			this.receiver.giveBackWaiting();
		}
		long max = this.options.limits().maxJobs();
		if (max > 0 && this.claimed >= max) {
			log.info("Worker {} has taken its {} jobs and stops", this.options.name(), max);
			this.receiver.exhausted();
		}
		if (failure != null) {
			throw failure;
		}
	}

	private static IllegalStateException givenBack(Throwable cause) {
		return new IllegalStateException(
				"Jobs that were taken cannot be run here and are given back: " + FailureText.of(cause), cause);
	}

	private void receive(Claim claim, Instant now, long ticks, long heldUntil) {
		if (claim.job() != null) {
			this.receiver.receive(new ActiveRun(claim.job(), claim.execution(), now, ticks, heldUntil));
		}
		else if (claim.problem() != null) {
			log.warn("Job {} cannot be read and is recorded as failed: {}", claim.execution().jobId(),
					FailureText.of(claim.problem()));
			this.receiver.unreadable(claim, claim.problem());
		}
	}

	private void giveBackTaken() {
		this.arrivals.giveBackTaken(() -> this.store.restoreTaken(this.options.queues()));
	}

	private Duration nothingFound() throws InterruptedException {
		if (this.suspended) {
			giveBackTaken();
			return SUSPENDED_PAUSE;
		}
		if (this.options.limits().burst()) {
			log.info("Worker {} found its queues empty and stops", this.options.name());
			this.receiver.exhausted();
			return Duration.ZERO;
		}
		if (this.idleness.isTooLong()) {
			log.info("Worker {} has had no job for {} and stops", this.options.name(),
					this.options.limits().maxIdleTime());
			this.receiver.exhausted();
			return Duration.ZERO;
		}
		if (this.receiver.hasWaiting()) {
			return Duration.ZERO;
		}
		if (isPaused()) {
			return PAUSED_PAUSE;
		}
		if (this.arrivals.isSeveral()) {
			this.arrivals.await(this.paused, this.paused.isEmpty() ? this.idleness.left() : PAUSED_PAUSE);
		}
		return Duration.ZERO;
	}

	/** While a job runs, or the worker may not take any, it is not idle. */
	private void noteIdleness(int found) {
		if (found > 0 || this.suspended || isPaused() || this.permits.busy() > 0) {
			this.idleness.ends();
		}
		else {
			this.idleness.goesOn();
		}
	}

	private void noteSuspension(boolean now) {
		if (now != this.suspended) {
			this.suspended = now;
			this.arrivals.mayHaveTaken();
			log.info(now ? "Worker {} is suspended" : "Worker {} is resumed", this.options.name());
		}
	}

	/** Nothing is waited for from a queue that is paused. */
	private void notePauses(List<String> now) {
		if (now.isEmpty() && this.paused.isEmpty()) {
			return;
		}
		Set<String> before = this.paused;
		this.paused = Set.copyOf(now);
		if (!before.containsAll(this.paused)) {
			log.info("Queues {} are paused: worker {} takes no jobs of them", now, this.options.name());
			this.receiver.giveBackWaiting();
		}
		else if (!this.paused.containsAll(before)) {
			log.info("Worker {} takes jobs again of queues that were paused; paused are {}", this.options.name(), now);
		}
	}

	private boolean isPaused() {
		return this.paused.size() == this.options.queues().size();
	}

	private static void log(Dropped dropped) {
		log.warn("Job {} was on a queue but is not run: {}", dropped.id(), dropped.reason());
	}

	boolean isSuspended() {
		return this.suspended || this.resting.getAsBoolean();
	}

	/**
	 * Takes what was fetched.
	 */
	interface Receiver {

		boolean isCongested();

		/** Takes a place for a job that is going to run. */
		void receive(ActiveRun run);

		/**
		 * Begins to run what was received.
		 * @throws RuntimeException if there is no thread for some, which are given back
		 */
		void begin();

		/** Returns whether runs wait for others to end. */
		boolean hasWaiting();

		/** Begins all that may run, and gives back what has waited for too long. */
		boolean giveBackLate();

		/** Gives back what waits. */
		void giveBackWaiting();

		/**
		 * Waits until what was given back is on its queues again, in front of what comes
		 * after it.
		 */
		void awaitGivenBack() throws InterruptedException;

		void unreadable(Claim claim, InvalidJobException problem);

		void exhausted();

	}

}
