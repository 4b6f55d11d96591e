package io.rq.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.FailureWords;
import io.rq.lifecycle.Listeners;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;

/**
 * Tells the log and who listens how runs have ended.
 */
final class RunReports {

	private static final SafeLog log = SafeLog.of(RunReports.class);

	/** Beyond one for each place. */
	private static final int MOST = 100;

	private final RunThreads threads;

	private final Listeners<JobListener> listeners;

	/** How many threads tell listeners, or are to, whose runs have no place any more. */
	private final AtomicInteger telling = new AtomicInteger();

	RunReports(RunThreads threads, Listeners<JobListener> listeners) {
		this.threads = threads;
		this.listeners = listeners;
	}

	/** Returns whether runs end faster than listeners hear of it. */
	boolean areLate(int places) {
		return this.telling.get() > places + MOST;
	}

	/** The threads of the worker itself have no time for listeners. */
	void aside(Runnable telling) {
		this.telling.incrementAndGet();
		Runnable work = () -> {
			try {
				telling.run();
			}
			finally {
				this.telling.decrementAndGet();
			}
		};
		try {
			this.threads.execute(work);
		}
		catch (Throwable ex) {
			work.run();
		}
	}

	/** Tells at once, on the thread of a run that has given its place back. */
	void tellHere(RunInfo info, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		this.telling.incrementAndGet();
		try {
			tell(info, outcome, took, failure);
		}
		finally {
			this.telling.decrementAndGet();
		}
	}

	void tell(RunInfo info, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		RunLogContext.within(info, () -> {
			log(info, outcome, failure);
			this.listeners.tell((listener) -> listener.ended(info, outcome, took, failure));
		});
	}

	private static void log(RunInfo info, RunOutcome outcome, @Nullable Throwable failure) {
		if (failure != null && outcome == RunOutcome.RETRIED) {
			log.warn("Job {} ({}) failed in attempt {} and will be tried again: {}", info.job().id(), info.function(),
					info.attempt(), FailureText.of(failure));
		}
		else if (outcome == RunOutcome.STOPPED) {
			log.info("Job {} ({}) was stopped by a command", info.job().id(), info.function());
		}
		else if (failure != null && outcome == RunOutcome.FAILED) {
			log.warn("Job {} ({}) failed for good in attempt {}", info.job().id(), info.function(), info.attempt(),
					failure);
		}
		else if (outcome == RunOutcome.FAILED) {
			log.warn("Job {} ({}) failed for good in attempt {}: {}", info.job().id(), info.function(), info.attempt(),
					FailureWords.NO_RETRY_LEFT);
		}
	}

}
