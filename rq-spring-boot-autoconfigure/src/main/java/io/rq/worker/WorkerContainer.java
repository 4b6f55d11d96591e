package io.rq.worker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.Terms;

/**
 * Runs the jobs of some queues in this application, with one registration in Redis and a
 * number of jobs at a time. Started and stopped with the application context; several can
 * be declared as beans.
 *
 * <p>
 * Starting twice and stopping what was never started are harmless; {@code stop} returns,
 * or calls back, when no thread of the container takes or runs jobs any more, at the
 * latest after the shutdown timeout; it can be started again.
 */
public class WorkerContainer implements SmartLifecycle {

	/**
	 * Workers start late and stop early: before anything a job may need.
	 */
	public static final int PHASE = DEFAULT_PHASE - 100;

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final JobHandling handling;

	private final boolean virtualThreads;

	/** The loader of the application: who starts the container may have another. */
	private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

	private final Terms<Worker> terms = new Terms<>(this::next);

	private volatile boolean paused;

	private volatile BooleanSupplier autoStartup = () -> true;

	private final List<Runnable> exhaustionCallbacks = new CopyOnWriteArrayList<>();

	/**
	 * Creates a container that is not running.
	 * @param options how it works
	 * @param stores what it needs of Redis
	 * @param handling what the application has for its jobs
	 * @param virtualThreads whether each job runs on a virtual thread
	 */
	public WorkerContainer(WorkerOptions options, WorkerStores stores, JobHandling handling, boolean virtualThreads) {
		this.options = options;
		this.stores = stores;
		this.handling = handling;
		this.virtualThreads = virtualThreads;
	}

	/**
	 * Starts the container unless it runs. A container that is stopping starts again when
	 * it has stopped, which a job of its own does not wait for.
	 */
	@Override
	public void start() {
		this.terms.start();
	}

	private Worker next() {
		return new Worker(options(), this.stores, this.handling, () -> this.paused, threads(), this::ended);
	}

	private RunThreads threads() {
		String prefix = "rq-" + this.options.name() + "-";
		return this.virtualThreads ? RunThreads.virtual(prefix)
				: RunThreads.platform(prefix, this.loader, this.stores.time()::nanoTime);
	}

	private void ended() {
		if (this.terms.ended()) {
			new Listeners<>(this.exhaustionCallbacks).tell(Runnable::run);
		}
	}

	/**
	 * Stops the container and waits until it has stopped, even if the calling thread is
	 * interrupted meanwhile. Called by one of its jobs, it waits for all others only: the
	 * container stops when that job has ended.
	 */
	@Override
	public void stop() {
		this.terms.stop();
	}

	@Override
	public void stop(Runnable callback) {
		this.terms.stop(callback);
	}

	@Override
	public boolean isRunning() {
		return this.terms.current() != null;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	/**
	 * Sets whether the container is started with the application context, which it is by
	 * default.
	 * @param autoStartup asked when the context starts, when all handlers are known
	 */
	public void setAutoStartup(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	/**
	 * Adds something that happens after the worker has done all it was to do and has
	 * stopped by itself, or was shut down by a command.
	 * @param callback called on the thread that stopped the worker
	 */
	public void addExhaustionCallback(Runnable callback) {
		this.exhaustionCallbacks.add(callback);
	}

	/**
	 * Takes no jobs until {@link #resume()}. Those that run go on, and the worker stays
	 * on record, in the state {@code suspended}; a job that arrives in this moment may
	 * still run. Holds across a stop and a start, and in this process only:
	 * {@code QueueOperations} pauses queues and suspends workers everywhere.
	 */
	public void pause() {
		this.paused = true;
	}

	/**
	 * Takes jobs again, within half a second.
	 */
	public void resume() {
		this.paused = false;
	}

	/**
	 * Returns whether the container is paused.
	 * @return {@code true} from {@link #pause()} to {@link #resume()}, running or not
	 */
	public boolean isPaused() {
		return this.paused;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Returns the worker as it stands.
	 * @return its state
	 */
	public WorkerState state() {
		Worker running = this.terms.current();
		if (running != null) {
			return running.describe();
		}
		WorkerOptions current = options();
		return new WorkerState(current.name(), current.queues(), false,
				this.terms.isExhausted() ? WorkerState.EXHAUSTED : WorkerState.STOPPED, current.concurrency(), 0, 0,
				null, List.of());
	}

	/**
	 * Looks at what a running job does.
	 * @param jobId the job's id
	 * @return what its thread does, or {@code null} if the job does not run here
	 */
	public @Nullable RunStack stack(String jobId) {
		Worker running = this.terms.current();
		return (running != null) ? running.stack(jobId) : null;
	}

	/**
	 * Returns how the container works.
	 * @return the options; their queues are those of the handlers if it was given none
	 */
	public WorkerOptions options() {
		Worker running = this.terms.current();
		if (running != null) {
			return running.options();
		}
		return this.options.queues().isEmpty() ? this.options.withQueues(this.handling.handlers().queues())
				: this.options;
	}

}
