package io.rq.worker;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.SafeLog;
import io.rq.serializer.JobSerializer;

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

	private static final SafeLog log = SafeLog.of(WorkerContainer.class);

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final JobHandlerRegistry handlers;

	private final JobSerializer serializer;

	private final List<JobListener> listeners;

	private final boolean virtualThreads;

	/** The loader of the application: who starts the container may have another. */
	private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile @Nullable Worker worker;

	private volatile Runnable exhaustionCallback = () -> {
	};

	private volatile boolean exhausted;

	private boolean startAgain;

	/**
	 * Creates a container that is not running.
	 * @param options how it works
	 * @param stores what it needs of Redis
	 * @param handlers the handlers of the jobs
	 * @param serializer the serializer of the jobs
	 * @param listeners who hears what becomes of jobs
	 * @param virtualThreads whether each job runs on a virtual thread
	 */
	public WorkerContainer(WorkerOptions options, WorkerStores stores, JobHandlerRegistry handlers,
			JobSerializer serializer, List<JobListener> listeners, boolean virtualThreads) {
		this.options = options;
		this.stores = stores;
		this.handlers = handlers;
		this.serializer = serializer;
		this.listeners = List.copyOf(listeners);
		this.virtualThreads = virtualThreads;
	}

	/**
	 * Starts the container unless it runs. A container that is stopping starts again when
	 * it has stopped, which a job of its own does not wait for.
	 */
	@Override
	public void start() {
		Worker stopping = startUnlessStopping();
		if (stopping != null) {
			stopping.keeper().awaitEnd();
		}
	}

	/** Returns the worker that has to end first, which then leads to a start. */
	private @Nullable Worker startUnlessStopping() {
		this.lock.lock();
		try {
			Worker current = this.worker;
			if (current == null) {
				begin();
				return null;
			}
			boolean stopping = current.keeper().isAsked();
			this.startAgain = stopping || current.isExhausted();
			return stopping ? current : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void begin() {
		WorkerOptions current = options();
		Listeners<JobListener> heard = new Listeners<>(this.listeners);
		Worker started = new Worker(current, this.stores, this.handlers, this.serializer, heard, threads(),
				this::ended);
		this.exhausted = false;
		this.startAgain = false;
		this.worker = started;
		try {
			started.start();
		}
		catch (Throwable ex) {
			this.worker = null;
			throw ex;
		}
		log.info("Worker {} listens on {} and runs up to {} jobs at a time", current.name(), current.queues(),
				current.concurrency());
	}

	private RunThreads threads() {
		String prefix = "rq-" + this.options.name() + "-";
		return this.virtualThreads ? RunThreads.virtual(prefix)
				: RunThreads.platform(prefix, this.loader, this.stores.time()::nanoTime);
	}

	/** The current worker has ended. */
	private void ended() {
		if (passOn()) {
			this.exhaustionCallback.run();
		}
	}

	private boolean passOn() {
		this.lock.lock();
		try {
			Worker before = this.worker;
			this.worker = null;
			this.exhausted = before != null && before.isExhausted();
			log.info("Worker {} has stopped", this.options.name());
			if (this.startAgain) {
				begin();
			}
			return this.exhausted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops the container and waits until it has stopped, even if the calling thread is
	 * interrupted meanwhile. Called by one of its jobs, it waits for all others only: the
	 * container stops when that job has ended.
	 */
	@Override
	public void stop() {
		Worker running = stopping();
		if (running != null) {
			running.keeper().stop();
		}
	}

	@Override
	public void stop(Runnable callback) {
		Worker running = stopping();
		if (running != null) {
			running.keeper().stop(callback);
		}
		else {
			callback.run();
		}
	}

	private @Nullable Worker stopping() {
		this.lock.lock();
		try {
			this.startAgain = false;
			return this.worker;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		return this.worker != null;
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
	 * Sets what happens after the worker has done all it was to do and has stopped by
	 * itself.
	 * @param callback called on the thread that stopped the worker
	 */
	public void setExhaustionCallback(Runnable callback) {
		this.exhaustionCallback = callback;
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
		Worker running = this.worker;
		if (running != null) {
			return running.describe();
		}
		WorkerOptions current = options();
		return new WorkerState(current.name(), current.queues(), false,
				this.exhausted ? WorkerState.EXHAUSTED : WorkerState.STOPPED, current.concurrency(), 0, 0, null,
				List.of());
	}

	/**
	 * Returns how the container works.
	 * @return the options; their queues are those of the handlers if it was given none
	 */
	public WorkerOptions options() {
		Worker running = this.worker;
		if (running != null) {
			return running.options();
		}
		return this.options.queues().isEmpty() ? this.options.withQueues(this.handlers.queues()) : this.options;
	}

}
