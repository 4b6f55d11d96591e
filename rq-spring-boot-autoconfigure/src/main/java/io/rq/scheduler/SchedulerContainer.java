package io.rq.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.function.SingletonSupplier;

import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
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

	private static final Logger logger = LoggerFactory.getLogger(SchedulerContainer.class);

	/** How long Redis may take to answer during a stop, well within Spring's 30 s. */
	private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

	private final SingletonSupplier<Parts> parts;

	private final RoundLoop loop;

	private final WakeUpRound wakeUpRound;

	private final RoundLoop wakeUpLoop;

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile BooleanSupplier onePass = () -> false;

	private volatile boolean exhausted;

	private volatile @Nullable String lastFailure;

	/**
	 * Creates a scheduler that is not running.
	 * @param options what to schedule and how
	 * @param store the store of locks and scheduled jobs
	 * @param wakeUps tells of earlier due times and free locks
	 * @param clock the clock for times that inform people
	 * @param listeners hear what the scheduler does
	 */
	public SchedulerContainer(SchedulerOptions options, SchedulerStore store, SchedulerWakeUps wakeUps, Clock clock,
			List<? extends SchedulerListener> listeners) {
		this(() -> options, store, wakeUps, clock, listeners);
	}

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
		SchedulerListener listener = new SchedulerListeners(listeners);
		this.parts = SingletonSupplier.of(() -> Parts.of(options.get(), store, clock, listener));
		this.loop = new RoundLoop("rq-scheduler", logger, new SchedulerRound());
		this.wakeUpRound = new WakeUpRound(wakeUps, new Waker(), this::wakeAll);
		this.wakeUpLoop = new RoundLoop("rq-scheduler-wake-ups", logger, this.wakeUpRound);
	}

	private Parts parts() {
		return this.parts.obtain();
	}

	@Override
	public void start() {
		Parts current = parts();
		this.exhausted = false;
		if (this.onePass.getAsBoolean()) {
			pass(current);
			this.exhausted = true;
		}
		else {
			this.loop.start();
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
			this.lastFailure = NestedExceptionUtils.getMostSpecificCause(ex).toString();
			logger.warn("Scheduled jobs of queues {} could not be moved before the worker began",
					current.options().queues(), ex);
		}
		finally {
			current.leadership().resign();
		}
	}

	@Override
	public void stop() {
		try {
			this.loop.terminate(STOP_PATIENCE);
			this.wakeUpLoop.terminate(STOP_PATIENCE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop(Runnable callback) {
		Thread stopper = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "rq-scheduler-stop");
		stopper.start();
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
		return this.loop.isRunning();
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
		return new SchedulerState(parts.leadership().name(), !this.loop.isStopping(), queues, this.lastFailure);
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
			catch (RuntimeException ex) {
				SchedulerContainer.this.lastFailure = NestedExceptionUtils.getMostSpecificCause(ex).toString();
				throw ex;
			}
			return Duration.ofNanos(Math.min(parts().leadership().untilNextAttempt(), parts().promoter().untilNext()));
		}

		@Override
		public void end() {
			SchedulerContainer.this.wakeUpLoop.requestStop();
			parts().leadership().resign();
			logger.info("Scheduler of queues {} stopped", parts().options().queues());
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

		static Parts of(SchedulerOptions options, SchedulerStore store, Clock clock, SchedulerListener listener) {
			Leadership leadership = new Leadership(options, store, clock, System::nanoTime, listener);
			return new Parts(options, leadership,
					new DueJobPromoter(options, store, leadership, clock, System::nanoTime, listener));
		}

		QueueLeadership describe(String queue) {
			return new QueueLeadership(queue, this.leadership.leads(queue), this.leadership.since(queue),
					this.promoter.passes(queue));
		}

	}

}
