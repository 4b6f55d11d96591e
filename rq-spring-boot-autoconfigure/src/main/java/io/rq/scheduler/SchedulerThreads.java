package io.rq.scheduler;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.Keeper;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.RoundLoop;
import io.rq.log.SafeLog;
import io.rq.redis.SchedulerWakeUps;
import io.rq.redis.SubscriptionRound;

/**
 * The threads of a scheduler: election and duties on one, the subscription to wake-ups on
 * another. Looks after them, ends the sleep of the first when there is something to do,
 * and ends them both.
 */
final class SchedulerThreads implements Keeper.Task, SchedulerWakeUps.Listener {

	private static final SafeLog log = SafeLog.of(SchedulerContainer.class);

	/** How long Redis may take to answer during a stop, well within Spring's 30 s. */
	private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

	/** How long what was interrupted may take to end. */
	private static final Duration STOP_GRACE = Duration.ofMillis(500);

	private static final Duration LOOK = Duration.ofSeconds(1);

	/** For so many leases of its locks nothing takes long but what hangs. */
	private static final int HUNG_LEASES = 3;

	private final Supplier<SchedulerParts> parts;

	private final Runnable whenEnded;

	private final SchedulerRound round;

	private final RoundLoop loop;

	private final SubscriptionRound wakeUpRound;

	private final RoundLoop wakeUpLoop;

	/**
	 * Creates threads that are not running.
	 * @param parts what the scheduler consists of; asked for at the start
	 * @param wakeUps tells of earlier due times and free locks
	 * @param whenEnded called when all have ended
	 */
	SchedulerThreads(Supplier<SchedulerParts> parts, SchedulerWakeUps wakeUps, Runnable whenEnded) {
		this.parts = parts;
		this.whenEnded = whenEnded;
		this.wakeUpRound = new SubscriptionRound(() -> wakeUps.subscribe(this), this::wakeAll);
		this.wakeUpLoop = new RoundLoop("rq-scheduler-wake-ups", log, outage(), this.wakeUpRound);
		this.round = new SchedulerRound(parts, this.wakeUpLoop);
		this.loop = new RoundLoop("rq-scheduler", log, outage(), this.round);
	}

	private Outage outage() {
		return new Outage(System::nanoTime, () -> this.parts.get().options().recovery());
	}

	void start() {
		this.loop.start();
	}

	/** The channel on which the subscription waits for a sign. For any thread. */
	@Nullable String probe() {
		return this.wakeUpRound.probe();
	}

	/** Does all that is to be done at this moment, on the calling thread. */
	void pass() {
		this.round.pass();
	}

	/** What the scheduler does now. For any thread. */
	SchedulerState describe() {
		SchedulerParts current = this.parts.get();
		String failure = this.round.failure();
		return new SchedulerState(current.leadership().name(), this.loop.isRunning() && !this.loop.isStopping(),
				current.describe(), (failure != null) ? failure : this.loop.problem(current.options().lockLease()));
	}

	@Override
	public boolean look() {
		if (!this.loop.isStopping() && !this.loop.isRunning()) {
			this.loop.start();
		}
		this.loop.interruptHung(this.parts.get().options().lockLease().multipliedBy(HUNG_LEASES));
		return false;
	}

	@Override
	public Duration pause() {
		return LOOK;
	}

	@Override
	public void stop(Keeper keeper) {
		this.wakeUpLoop.requestStop();
		boolean ended = this.loop.terminate(STOP_PATIENCE, STOP_GRACE);
		ended &= this.wakeUpLoop.terminate(STOP_PATIENCE, STOP_GRACE);
		if (!ended) {
			log.warn("A thread of the scheduler does not heed an interrupt and is left behind; its locks run out");
		}
	}

	@Override
	public void ended() {
		this.whenEnded.run();
	}

	@Override
	public boolean isInside(Thread thread) {
		return false;
	}

	@Override
	public boolean isNeeded(Thread thread) {
		return this.loop.isThread(thread) || this.wakeUpLoop.isThread(thread);
	}

	@Override
	public void jobScheduled(String queue) {
		if (this.parts.get().promoter().wake(queue)) {
			this.loop.wake();
		}
	}

	@Override
	public void lockGivenBack(String queue) {
		if (this.parts.get().leadership().vacant(queue)) {
			this.loop.wake();
		}
	}

	@Override
	public void subscriptionLost() {
		this.wakeUpRound.lost();
		this.wakeUpLoop.wake();
	}

	private void wakeAll() {
		this.parts.get().duties().forEach(Duty::wakeAll);
		this.loop.wake();
	}

}
