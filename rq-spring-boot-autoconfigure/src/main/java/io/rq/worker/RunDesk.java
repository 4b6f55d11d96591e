package io.rq.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.lifecycle.SafeLog;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Claims.Claim;

/**
 * Where runs begin: gives each a place and, as soon as fewer run than may at once, a
 * thread. Whatever throws here or around a job, the place comes back, and a lease is
 * renewed only while somebody holds the run.
 */
final class RunDesk implements Fetcher.Receiver {

	private static final SafeLog log = SafeLog.of(RunDesk.class);

	private static final int MOST_PENDING = 5_000;

	/** How long a run may wait for its thread while another worker may have one. */
	private static final long PATIENCE = Duration.ofMillis(20).toNanos();

	private final int concurrency;

	private final Permits permits;

	private final ReadAhead ahead;

	private final ActiveRuns runs;

	private final OutcomeWriter writer;

	private final RunThreads threads;

	private final JobRunner runner;

	private final RunEnds ends;

	private final Runnable whenExhausted;

	private final TimeSource time;

	/** What waits for a thread, in the order of the queue. */
	private final Deque<ActiveRun> waiting = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean closed;

	/**
	 * Creates a desk that is open.
	 * @param concurrency how many run at once
	 * @param permits the places
	 * @param ahead told how long runs take
	 * @param runs takes what begins here
	 * @param writer says whether outcomes are congested
	 * @param threads the threads for runs
	 * @param runner runs a job
	 * @param ends takes what does not begin, or breaks
	 * @param whenExhausted called when there is nothing more to take
	 * @param time the time
	 */
	// more than eight, because all that a run passes by meets here
	RunDesk(int concurrency, Permits permits, ReadAhead ahead, ActiveRuns runs, OutcomeWriter writer,
			RunThreads threads, JobRunner runner, RunEnds ends, Runnable whenExhausted, TimeSource time) {
		this.concurrency = concurrency;
		this.permits = permits;
		this.ahead = ahead;
		this.runs = runs;
		this.writer = writer;
		this.threads = threads;
		this.runner = runner;
		this.ends = ends;
		this.whenExhausted = whenExhausted;
		this.time = time;
	}

	@Override
	public boolean isCongested() {
		return this.writer.pending() > MOST_PENDING;
	}

	@Override
	public void receive(ActiveRun run) {
		this.lock.lock();
		try {
			this.permits.take(1);
			this.runs.add(run);
			this.waiting.add(run);
		}
		finally {
			this.lock.unlock();
		}
		if (this.closed) {
			giveBackWaiting();
		}
	}

	@Override
	public void begin() {
		startWaiting(this.ahead.threads(countWaiting()));
	}

	/** Gives up to so many threads to those that wait, while fewer run than may. */
	private void startWaiting(int most) {
		RuntimeException failure = null;
		ActiveRun run = (most > 0) ? next() : null;
		for (int started = 1; run != null; started++) {
			try {
				start(run);
			}
			catch (Throwable ex) {
				this.ends.givenBack(run);
				failure = new IllegalStateException("No thread for job " + run.job().id(), ex);
			}
			run = (started < most) ? next() : null;
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void start(ActiveRun run) {
		this.threads.execute(() -> execute(run));
	}

	private @Nullable ActiveRun next() {
		this.lock.lock();
		try {
			int running = this.permits.busy() - this.waiting.size();
			return (running < this.concurrency) ? this.waiting.poll() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void execute(ActiveRun run) {
		long start = this.time.nanoTime();
		try {
			this.runner.run(run);
		}
		catch (Throwable ex) {
			log.error("Job {} could not be run", run.job().id(), ex);
			this.ends.broken(run, ex);
		}
		finally {
			this.ahead.ran(this.time.nanoTime() - start);
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
		return countWaiting() > 0;
	}

	private int countWaiting() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean giveBackLate() {
		startWaiting(this.concurrency);
		this.lock.lock();
		try {
			ActiveRun first = this.waiting.peek();
			if (first == null || this.time.nanoTime() - first.claimedTicks() < PATIENCE) {
				return false;
			}
		}
		finally {
			this.lock.unlock();
		}
		giveBackWaiting();
		return true;
	}

	@Override
	public void giveBackWaiting() {
		List<ActiveRun> late;
		this.lock.lock();
		try {
			late = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		finally {
			this.lock.unlock();
		}
		this.ends.givenBack(late);
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
