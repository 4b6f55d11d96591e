package io.rq.worker;

import java.util.List;

import io.rq.job.InvalidJobException;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.Claims.Claim;

/**
 * Where runs begin: gives each a place and, as soon as fewer run than may at once, a
 * thread. Whatever throws here or around a job, the place comes back, and a lease is
 * renewed only while somebody holds the run.
 */
final class RunDesk implements Fetcher.Receiver {

	private static final SafeLog log = SafeLog.of(RunDesk.class);

	private final WaitingRuns waiting;

	private final ReadAhead ahead;

	private final ActiveRuns runs;

	private final RunThreads threads;

	private final JobRunner runner;

	private final RunEnds ends;

	private final Runnable whenExhausted;

	private volatile boolean closed;

	/**
	 * Creates a desk that is open.
	 * @param waiting where runs wait for their threads
	 * @param ahead how many run at once; learns how long they take
	 * @param runs takes what begins here
	 * @param threads the threads for runs
	 * @param runner runs a job
	 * @param ends takes what does not begin, or breaks
	 * @param whenExhausted called when there is nothing more to take
	 */
	RunDesk(WaitingRuns waiting, ReadAhead ahead, ActiveRuns runs, RunThreads threads, JobRunner runner, RunEnds ends,
			Runnable whenExhausted) {
		this.waiting = waiting;
		this.ahead = ahead;
		this.runs = runs;
		this.threads = threads;
		this.runner = runner;
		this.ends = ends;
		this.whenExhausted = whenExhausted;
	}

	@Override
	public boolean isCongested() {
		return this.ends.isCongested();
	}

	@Override
	public void receive(ActiveRun run) {
		this.runs.add(run);
		this.waiting.add(run);
		if (this.closed) {
			giveBackWaiting();
		}
	}

	@Override
	public void begin() {
		startWaiting(this.ahead.threads(this.waiting.size()));
	}

	/** Gives up to so many threads to those that wait, while fewer run than may. */
	private void startWaiting(int most) {
		RuntimeException failure = null;
		ActiveRun run = (most > 0) ? this.waiting.next() : null;
		for (int started = 1; run != null; started++) {
			try {
				start(run);
			}
			catch (Throwable ex) {
				this.ends.givenBack(run);
				failure = new IllegalStateException("No thread for job " + run.job().id(), ex);
			}
			run = (started < most) ? this.waiting.next() : null;
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void start(ActiveRun run) {
		this.threads.execute(() -> execute(run));
	}

	private void execute(ActiveRun run) {
		try {
			this.ahead.run(() -> this.runner.run(run));
		}
		finally {
			if (run.isAbandoned()) {
				log.info("Thread of job {} has come back after all", run.job().id());
			}
			startNext();
		}
	}

	private void startNext() {
		try {
			startWaiting(1);
		}
		catch (Throwable ex) {
			log.error("A job that waited for a thread is given back", ex);
		}
	}

	@Override
	public boolean hasWaiting() {
		return this.waiting.size() > 0;
	}

	@Override
	public boolean giveBackLate() {
		startWaiting(this.ahead.places());
		boolean late = this.waiting.isLate();
		if (late) {
			giveBackWaiting();
		}
		return late;
	}

	@Override
	public void giveBackWaiting() {
		this.ends.givenBack(this.waiting.takeAll());
	}

	@Override
	public void awaitGivenBack() throws InterruptedException {
		this.ends.awaitGivenBack();
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
		giveBackWaiting();
		this.ends.givenBack(List.copyOf(this.runs.all()));
	}

}
