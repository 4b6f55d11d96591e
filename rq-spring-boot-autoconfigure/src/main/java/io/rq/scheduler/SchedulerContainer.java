package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.function.SingletonSupplier;

import io.rq.lifecycle.FailureText;
import io.rq.lifecycle.Keeper;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.lifecycle.SafeLog;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;

/**
 * Runs the scheduler of an application: takes part in the election of each of its queues,
 * and moves the due jobs of those it leads. Can be started and stopped any number of
 * times, from any thread. While Redis is away it waits and resumes by itself.
 */
public class SchedulerContainer implements SmartLifecycle {

	/**
	 * The phase of the life cycle: stops before executors and the connections to Redis. A
	 * scheduler of {@linkplain #setOnePass one pass} starts one phase earlier.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 100;

	private static final SafeLog log = SafeLog.of(SchedulerContainer.class);

	/** How long Redis may take to answer during a stop, well within Spring's 30 s. */
	private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

	/** How long what was interrupted may take to end. */
	private static final Duration STOP_GRACE = Duration.ofMillis(500);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private final SingletonSupplier<Parts> parts;

	private final Outage outage = new Outage();

	private final ReentrantLock lock = new ReentrantLock();

	private final RoundLoop loop;

	private final WakeUpRound wakeUpRound;

	private final RoundLoop wakeUpLoop;

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile BooleanSupplier onePass = () -> false;

	private volatile boolean exhausted;

	private volatile @Nullable Keeper keeper;

	private boolean startAgain;

	private volatile @Nullable String lastFailure;

	/**
	 * Creates a scheduler that is not running and learns its queues when it starts.
	 * @param options gets what to schedule and how; asked once, at the first start or
	 * when the state is asked for before
	 * @param store the store of locks and scheduled jobs
	 * @param wakeUps tells of earlier due times and free locks
	 * @param clock the clock for times that inform people
	 * @param listeners hear what the scheduler does
	 */
	public SchedulerContainer(Supplier<SchedulerOptions> options, SchedulerStore store, SchedulerWakeUps wakeUps,
			Clock clock, List<? extends SchedulerListener> listeners) {
		Listeners<SchedulerListener> heard = new Listeners<>(List.copyOf(listeners));
		this.parts = SingletonSupplier.of(() -> Parts.of(options.get(), store, clock, heard));
		this.loop = new RoundLoop("rq-scheduler", log, new SchedulerRound());
		this.wakeUpRound = new WakeUpRound(wakeUps, new Waker(), this::wakeAll);
		this.wakeUpLoop = new RoundLoop("rq-scheduler-wake-ups", log, this.wakeUpRound);
	}

	private Parts parts() {
		return this.parts.obtain();
	}

	/**
	 * Starts the scheduler unless it runs. One that is stopping starts again when it has
	 * stopped.
	 */
	@Override
	public void start() {
		Parts current = parts();
		this.exhausted = false;
		if (this.onePass.getAsBoolean()) {
			pass(current);
			this.exhausted = true;
		}
		else {
			startOrAwaitEnd();
		}
	}

	private void pass(Parts current) {
		try {
			current.leadership().attempt();
			do {
				current.promoter().promote();
			}
			while (current.promoter().untilNext() <= 0);
			this.lastFailure = null;
		}
		catch (RuntimeException ex) {
			this.lastFailure = FailureText.of(FailureText.root(ex));
			log.warn("Scheduled jobs of queues {} could not be moved before the worker began",
					current.options().queues(), ex);
		}
		finally {
			current.leadership().resign();
		}
	}

	private void startOrAwaitEnd() {
		Keeper stopping = startUnlessStopping();
		if (stopping != null) {
			stopping.awaitEnd();
		}
	}

	/** Returns whose end comes first and then leads to a start. */
	private @Nullable Keeper startUnlessStopping() {
		this.lock.lock();
		try {
			Keeper current = this.keeper;
			if (current == null) {
				begin();
				return null;
			}
			this.startAgain = current.isAsked();
			return this.startAgain ? current : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void begin() {
		Keeper next = new Keeper("rq-scheduler-keep", this.outage, new SchedulerDuty());
		next.start();
		this.keeper = next;
		this.startAgain = false;
		this.loop.start();
	}

	/**
	 * Stops the scheduler and waits until it has stopped, in bounded time and even if the
	 * calling thread is interrupted meanwhile.
	 */
	@Override
	public void stop() {
		Keeper current = stopping();
		if (current != null) {
			current.stop();
		}
	}

	@Override
	public void stop(Runnable callback) {
		Keeper current = stopping();
		if (current != null) {
			current.stop(callback);
		}
		else {
			callback.run();
		}
	}

	private @Nullable Keeper stopping() {
		this.lock.lock();
		try {
			this.startAgain = false;
			return this.keeper;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void ended() {
		this.lock.lock();
		try {
			this.keeper = null;
			if (this.startAgain) {
				begin();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops a scheduler that is not needed any more, because the workers it ran beside
	 * have done all they were to do.
	 */
	public void stopExhausted() {
		if (isRunning()) {
			this.exhausted = true;
			stop();
		}
	}

	@Override
	public boolean isRunning() {
		return this.keeper != null;
	}

	/**
	 * Returns whether the scheduler has done all it was to do and has ended by itself.
	 * @return {@code true} until it is started again
	 */
	public boolean isExhausted() {
		return this.exhausted;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	/**
	 * Sets whether the scheduler is started with the application context, which it is by
	 * default.
	 * @param autoStartup asked when the context starts
	 */
	public void setAutoStartup(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	/**
	 * Sets whether a start only moves what is due at that moment, before it returns and
	 * before any worker of the application starts. By default the scheduler runs until it
	 * is stopped.
	 * @param onePass asked at each start
	 */
	public void setOnePass(BooleanSupplier onePass) {
		this.onePass = onePass;
	}

	@Override
	public int getPhase() {
		return this.onePass.getAsBoolean() ? PHASE - 1 : PHASE;
	}

	/**
	 * Returns what the scheduler does now. Asks nobody, so it is cheap.
	 * @return the state
	 */
	public SchedulerState state() {
		Parts parts = parts();
		List<QueueLeadership> queues = parts.options().queues().stream().map(parts::describe).toList();
		String failure = this.lastFailure;
		return new SchedulerState(parts.leadership().name(), this.loop.isRunning() && !this.loop.isStopping(), queues,
				(failure != null) ? failure : this.loop.problem(parts.options().lockLease()));
	}

	private void wakeAll() {
		parts().promoter().wakeAll();
		this.loop.wake();
	}

	/**
	 * Election and promotion on one thread: a scheduler that hangs in one of them does
	 * not keep the locks.
	 */
	private final class SchedulerRound implements Round {

		@Override
		public Duration run() {
			try {
				parts().leadership().tend();
				SchedulerContainer.this.wakeUpLoop.start();
				parts().promoter().promote();
				SchedulerContainer.this.lastFailure = null;
			}
			catch (RuntimeException | Error ex) {
				SchedulerContainer.this.lastFailure = FailureText.of(FailureText.root(ex));
				throw ex;
			}
			return Duration.ofNanos(Math.min(parts().leadership().untilNextAttempt(), parts().promoter().untilNext()));
		}

		@Override
		public void end() {
			SchedulerContainer.this.wakeUpLoop.requestStop();
			parts().leadership().resign();
			log.info("Scheduler of queues {} stopped", parts().options().queues());
		}

	}

	/**
	 * Looks after the loops and ends them.
	 */
	private final class SchedulerDuty implements Keeper.Duty {

		@Override
		public boolean look() {
			RoundLoop current = SchedulerContainer.this.loop;
			if (!current.isStopping() && !current.isRunning()) {
				current.start();
			}
			return false;
		}

		@Override
		public Duration pause() {
			return LOOK;
		}

		@Override
		public void stop(Keeper current) {
			SchedulerContainer container = SchedulerContainer.this;
			container.wakeUpLoop.requestStop();
			boolean ended = container.loop.terminate(STOP_PATIENCE, STOP_GRACE);
			ended &= container.wakeUpLoop.terminate(STOP_PATIENCE, STOP_GRACE);
			if (!ended) {
				log.warn("A thread of the scheduler does not heed an interrupt and is left behind; its locks run out");
			}
		}

		@Override
		public void ended() {
			SchedulerContainer.this.ended();
		}

		@Override
		public boolean isInside(Thread thread) {
			return false;
		}

		@Override
		public boolean isNeeded(Thread thread) {
			return SchedulerContainer.this.loop.isThread(thread) || SchedulerContainer.this.wakeUpLoop.isThread(thread);
		}

	}

	/**
	 * Ends the sleep of the loop when there is something to do.
	 */
	private final class Waker implements SchedulerWakeUps.Listener {

		@Override
		public void jobScheduled(String queue) {
			if (parts().promoter().wake(queue)) {
				SchedulerContainer.this.loop.wake();
			}
		}

		@Override
		public void lockGivenBack(String queue) {
			if (parts().leadership().vacant(queue)) {
				SchedulerContainer.this.loop.wake();
			}
		}

		@Override
		public void subscriptionLost() {
			SchedulerContainer.this.wakeUpRound.lost();
			SchedulerContainer.this.wakeUpLoop.wake();
		}

	}

	/**
	 * What is known when the queues are.
	 */
	private record Parts(SchedulerOptions options, Leadership leadership, DueJobPromoter promoter) {

		static Parts of(SchedulerOptions options, SchedulerStore store, Clock clock,
				Listeners<SchedulerListener> listeners) {
			Leadership leadership = new Leadership(options, store, clock, System::nanoTime, listeners);
			return new Parts(options, leadership,
					new DueJobPromoter(options, store, leadership, clock, System::nanoTime, listeners));
		}

		QueueLeadership describe(String queue) {
			return new QueueLeadership(queue, this.leadership.leads(queue), this.leadership.since(queue),
					this.promoter.passes(queue));
		}

	}

}
