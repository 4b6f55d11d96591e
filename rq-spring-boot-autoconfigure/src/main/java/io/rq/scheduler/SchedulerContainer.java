package io.rq.scheduler;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.function.SingletonSupplier;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Terms;
import io.rq.lifecycle.TimeSource;
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

	private final SingletonSupplier<SchedulerParts> parts;

	private final SchedulerThreads threads;

	private final Terms<SchedulerTerm> terms = new Terms<>(this::next);

	private final List<Function<Election, Duty>> furtherDuties = new CopyOnWriteArrayList<>();

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile BooleanSupplier onePass = () -> false;

	private volatile boolean exhausted;

	/**
	 * Creates a scheduler that is not running and learns its queues when it starts.
	 * @param options gets what to schedule and how; asked once, at the first start or
	 * when the state is asked for before
	 * @param store the store of locks and scheduled jobs
	 * @param wakeUps tells of earlier due times and free locks
	 * @param time the time
	 * @param listeners hear what the scheduler does
	 */
	public SchedulerContainer(Supplier<SchedulerOptions> options, SchedulerStore store, SchedulerWakeUps wakeUps,
			TimeSource time, List<? extends SchedulerListener> listeners) {
		Listeners<SchedulerListener> heard = new Listeners<>(List.copyOf(listeners));
		this.parts = SingletonSupplier
			.of(() -> SchedulerParts.of(options.get(), store, time, this::probe, heard, this.furtherDuties));
		this.threads = new SchedulerThreads(this.parts::obtain, wakeUps, this.terms::ended);
	}

	private SchedulerTerm next() {
		return SchedulerTerm.of(this.threads);
	}

	private @Nullable String probe() {
		return this.threads.probe();
	}

	/**
	 * Starts the scheduler unless it runs. One that is stopping starts again when it has
	 * stopped.
	 */
	@Override
	public void start() {
		// before anything changes: the queues may turn out to be wrong
		this.parts.obtain();
		this.exhausted = false;
		if (this.onePass.getAsBoolean()) {
			this.threads.pass();
			this.exhausted = true;
		}
		else {
			this.terms.start();
		}
	}

	/**
	 * Stops the scheduler and waits until it has stopped, in bounded time and even if the
	 * calling thread is interrupted meanwhile.
	 */
	@Override
	public void stop() {
		this.terms.stop();
	}

	@Override
	public void stop(Runnable callback) {
		this.terms.stop(callback);
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
		return this.terms.current() != null;
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

	/**
	 * Gives the scheduler something more to do for the queues it leads. Only before its
	 * first start.
	 * @param duty makes the duty, which asks the given elections what it may do
	 */
	public void addDuty(Function<Election, Duty> duty) {
		this.furtherDuties.add(duty);
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
		return this.threads.describe();
	}

}
