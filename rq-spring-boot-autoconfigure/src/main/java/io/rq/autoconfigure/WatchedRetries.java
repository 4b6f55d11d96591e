package io.rq.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.template.SchedulingWatch;

/**
 * Lets the watch hear of jobs that are tried again later. Those that other programs have
 * enqueued are seen nowhere else.
 */
final class WatchedRetries implements JobListener {

	private final SchedulingWatch watch;

	WatchedRetries(SchedulingWatch watch) {
		this.watch = watch;
	}

	@Override
	public boolean isForAnyRedis() {
		return false;
	}

	@Override
	public void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		if (outcome == RunOutcome.RETRIED) {
			this.watch.retried(run.job());
		}
	}

}
