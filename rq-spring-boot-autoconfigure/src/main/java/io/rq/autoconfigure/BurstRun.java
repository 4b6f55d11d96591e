package io.rq.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ExitCodeGenerator;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.queue.ReclaimedJob;
import io.rq.worker.WorkerContainer;

/**
 * Tells by the exit code of the application how a burst run went. Whoever asks for the
 * code waits for the end of the run.
 */
final class BurstRun implements JobListener, ExitCodeGenerator, SmartInitializingSingleton, DisposableBean {

	private static final int FAILED = 1;

	private static final long LOOK_MILLIS = 1_000;

	private final ObjectProvider<WorkerContainer> workers;

	private List<WorkerContainer> burst = List.of();

	private boolean failed;

	private boolean closed;

	/**
	 * Creates the run.
	 * @param workers the workers of the application, those on another Redis too
	 */
	BurstRun(ObjectProvider<WorkerContainer> workers) {
		this.workers = workers;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.burst = this.workers.stream(ObjectProvider.UNFILTERED)
			.filter((worker) -> worker.options().limits().burst())
			.toList();
		this.burst.forEach((worker) -> worker.addExhaustionCallback(this::exhausted));
	}

	private synchronized void exhausted() {
		notifyAll();
	}

	@Override
	public synchronized void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		this.failed |= outcome == RunOutcome.FAILED;
	}

	@Override
	public synchronized void reclaimed(ReclaimedJob reclaimed) {
		this.failed |= reclaimed.outcome() == ReclaimedJob.Outcome.FAILED;
	}

	@Override
	public synchronized int getExitCode() {
		try {
			while (!this.closed && this.burst.stream().anyMatch(WorkerContainer::isRunning)) {
				// one that was stopped does not tell
				wait(LOOK_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.failed ? FAILED : 0;
	}

	@Override
	public synchronized void destroy() {
		this.closed = true;
		notifyAll();
	}

}
