package io.rq.worker;

import io.rq.job.InvalidJobException;
import io.rq.lifecycle.SafeLog;
import io.rq.redis.Claims.Claim;

/**
 * Where runs begin: gives each a place and a thread. Whatever throws here or around a
 * job, the place comes back, and a lease is renewed only while somebody holds the run.
 */
final class RunDesk implements Fetcher.Receiver {

	private static final SafeLog log = SafeLog.of(RunDesk.class);

	private static final int MOST_PENDING = 5_000;

	private final Permits permits;

	private final ActiveRuns runs;

	private final OutcomeWriter writer;

	private final RunThreads threads;

	private final JobRunner runner;

	private final RunEnds ends;

	private final Runnable whenExhausted;

	private volatile boolean closed;

	/**
	 * Creates a desk that is open.
	 * @param permits the places
	 * @param runs takes what begins here
	 * @param writer says whether outcomes are congested
	 * @param threads the threads for runs
	 * @param runner runs a job
	 * @param ends takes what does not begin, or breaks
	 * @param whenExhausted called when there is nothing more to take
	 */
	RunDesk(Permits permits, ActiveRuns runs, OutcomeWriter writer, RunThreads threads, JobRunner runner, RunEnds ends,
			Runnable whenExhausted) {
		this.permits = permits;
		this.runs = runs;
		this.writer = writer;
		this.threads = threads;
		this.runner = runner;
		this.ends = ends;
		this.whenExhausted = whenExhausted;
	}

	@Override
	public boolean isCongested() {
		return this.writer.pending() > MOST_PENDING;
	}

	@Override
	public void receive(ActiveRun run) {
		this.permits.take(1);
		try {
			this.runs.add(run);
			if (!this.closed) {
				this.threads.execute(() -> execute(run));
				return;
			}
			this.ends.givenBack(run);
		}
		catch (Throwable ex) {
			this.ends.givenBack(run);
			throw ex;
		}
	}

	private void execute(ActiveRun run) {
		try {
			this.runner.run(run);
		}
		catch (Throwable ex) {
			log.error("Job {} could not be run", run.job().id(), ex);
			this.ends.broken(run, ex);
		}
		finally {
			if (run.isAbandoned()) {
				log.info("Thread of job {} has come back after all", run.job().id());
			}
		}
	}

	@Override
	public void unreadable(Claim claim, InvalidJobException problem) {
		this.ends.unreadable(claim, problem);
	}

	@Override
	public void exhausted() {
		this.whenExhausted.run();
	}

	/** Runs nothing more: what comes from now on, or has not begun, is given back. */
	void close() {
		this.closed = true;
		this.runs.all().forEach(this.ends::givenBack);
	}

}
