package io.rq.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.lifecycle.Round;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.Outcome;
import io.rq.redis.ScriptRefusedException;

/**
 * Records outcomes in groups: while one call is under way the next ones gather. When
 * Redis is away they are kept and written later, if their leases still hold then.
 */
final class OutcomeWriter implements Round {

	private static final Logger logger = LoggerFactory.getLogger(OutcomeWriter.class);

	private static final int BATCH_SIZE = 500;

	private static final long WAIT_MILLIS = 200;

	private final ExecutionStore store;

	private final ActiveRuns runs;

	private final JobListeners listeners;

	private final BlockingQueue<Outcome> gathered = new LinkedBlockingQueue<>();

	private final List<Outcome> batch = new ArrayList<>(BATCH_SIZE);

	private final AtomicInteger pending = new AtomicInteger();

	private boolean repeated;

	OutcomeWriter(ExecutionStore store, ActiveRuns runs, JobListeners listeners) {
		this.store = store;
		this.runs = runs;
		this.listeners = listeners;
	}

	void add(Outcome outcome) {
		this.pending.incrementAndGet();
		this.gathered.add(outcome);
	}

	/** Returns how many outcomes are not recorded yet. */
	int pending() {
		return this.pending.get();
	}

	/** Waits until all outcomes are recorded. */
	synchronized void awaitWritten(Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		for (long left = timeout.toMillis(); this.pending.get() > 0 && left > 0;) {
			wait(left);
			left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
		}
	}

	private void written(int count) {
		if (this.pending.addAndGet(-count) == 0) {
			synchronized (this) {
				notifyAll();
			}
		}
	}

	@Override
	public Duration run() throws InterruptedException {
		if (this.batch.isEmpty()) {
			Outcome first = this.gathered.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
			if (first == null) {
				return Duration.ZERO;
			}
			this.batch.add(first);
			this.gathered.drainTo(this.batch, BATCH_SIZE - 1);
		}
		write(Outcome.Finished.class, this.store::finish);
		write(Outcome.Retried.class, this.store::retry);
		this.repeated = false;
		return Duration.ZERO;
	}

	private <T extends Outcome> void write(Class<T> kind, Function<List<T>, Set<Execution>> script) {
		List<T> outcomes = this.batch.stream().filter(kind::isInstance).map(kind::cast).toList();
		if (outcomes.isEmpty()) {
			return;
		}
		try {
			lost(script.apply(outcomes));
		}
		catch (ScriptRefusedException ex) {
			outcomes.forEach((outcome) -> writeAlone(outcome, script));
		}
		catch (RuntimeException ex) {
			this.repeated = true;
			throw ex;
		}
		outcomes.forEach((outcome) -> this.runs.remove(outcome.execution()));
		this.batch.removeIf(kind::isInstance);
		written(outcomes.size());
	}

	private <T extends Outcome> void writeAlone(T outcome, Function<List<T>, Set<Execution>> script) {
		try {
			this.repeated = true;
			lost(script.apply(List.of(outcome)));
		}
		catch (ScriptRefusedException ex) {
			logger.error("Outcome of job {} cannot be recorded; the job will be taken for abandoned",
					outcome.execution().jobId(), ex);
		}
	}

	private void lost(Set<Execution> executions) {
		for (Execution execution : executions) {
			if (this.repeated) {
				logger.info("Outcome of job {} was recorded by an earlier call, or its lease was lost",
						execution.jobId());
			}
			else {
				logger.warn("Lease of job {} was lost before its outcome was recorded; the outcome does not count",
						execution.jobId());
				this.listeners.tell((listener) -> listener.leaseLost(execution.queue(), execution.jobId()));
			}
		}
	}

}
