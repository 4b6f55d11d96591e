package io.rq.worker;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

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

	private static final Logger logger = LoggerFactory.getLogger(WorkerContainer.class);

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final JobHandlerRegistry handlers;

	private final JobSerializer serializer;

	private final List<JobListener> listeners;

	private final boolean virtualThreads;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile @Nullable Worker worker;

	private volatile Runnable exhaustionCallback = () -> {
	};

	private volatile boolean exhausted;

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

	@Override
	public void start() {
		this.lock.lock();
		try {
			if (this.worker == null) {
				WorkerOptions current = options();
				Worker started = new Worker(current, this.stores, this.handlers, this.serializer,
						new JobListeners(this.listeners), threads(), this::stopExhausted);
				this.exhausted = false;
				this.worker = started;
				started.start();
				logger.info("Worker {} listens on {} and runs up to {} jobs at a time", current.name(),
						current.queues(), current.concurrency());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private RunThreads threads() {
		String prefix = "rq-" + this.options.name() + "-";
		return this.virtualThreads ? RunThreads.virtual(prefix)
				: RunThreads.platform(prefix, this.options.concurrency());
	}

	@Override
	public void stop() {
		this.lock.lock();
		try {
			Worker running = this.worker;
			if (running != null) {
				running.stop();
				logger.info("Worker {} has stopped", this.options.name());
			}
		}
		catch (InterruptedException ex) {
			logger.warn("Worker {} was not given the time to stop in order", this.options.name());
			Thread.currentThread().interrupt();
		}
		finally {
			this.worker = null;
			this.lock.unlock();
		}
	}

	@Override
	public void stop(Runnable callback) {
		aside(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		});
	}

	private void stopExhausted() {
		this.exhausted = true;
		aside(() -> {
			try {
				stop();
			}
			finally {
				this.exhaustionCallback.run();
			}
		});
	}

	private void aside(Runnable work) {
		new Thread(work, "rq-stop-" + this.options.name()).start();
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
				this.exhausted ? WorkerState.EXHAUSTED : WorkerState.STOPPED, current.concurrency(), 0, 0, null);
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
