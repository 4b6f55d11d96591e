package io.rq.test.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.test.RunReport;

/**
 * Remembers how runs of jobs have ended. Safe for use by many threads.
 */
public final class RunLog implements JobListener {

	private final List<RunReport> reports = new ArrayList<>();

	@Override
	public synchronized void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		this.reports.add(new RunReport(run.job().id(), run.function(), run.attempt(), outcome, failure));
	}

	/** How many runs there were. */
	synchronized int size() {
		return this.reports.size();
	}

	/** All runs but the first ones. */
	synchronized List<RunReport> from(int first) {
		return List.copyOf(this.reports.subList(first, this.reports.size()));
	}

	synchronized void clear() {
		this.reports.clear();
	}

}
