package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.InvalidJobException;
import io.rq.job.JobResult;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.SafeLog;
import io.rq.lifecycle.TimeSource;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Execution;
import io.rq.redis.ExecutionStore;
import io.rq.redis.Outcome;
import io.rq.serializer.JobSerializer;

/**
 * Where runs begin and end: gives each a place and a thread, and takes both back with the
 * outcome. Whatever throws here or around a job, the place comes back, and a lease is
 * renewed only while somebody holds the run.
 */
final class RunDesk implements Fetcher.Receiver, JobRunner.RunEnd {

	private static final SafeLog log = SafeLog.of(RunDesk.class);

	private static final int MOST_PENDING = 5_000;

	private final Listeners<JobListener> listeners;

	private final RunThreads threads;

	private final TimeSource time;

	private final ExecutionStore executions;

	private final Permits permits;

	private final ActiveRuns runs = new ActiveRuns();

	private final OutcomeRules rules;

	private final OutcomeWriter writer;

	private final JobRunner runner;

	private volatile Runnable whenExhausted = () -> {
	};

	private volatile boolean closed;

	private volatile boolean unwritten;

	RunDesk(WorkerOptions options, WorkerStores stores, JobHandlerRegistry handlers, JobSerializer serializer,
			Listeners<JobListener> listeners, RunThreads threads) {
		this.listeners = listeners;
		this.threads = threads;
		this.time = stores.time();
		this.executions = stores.executions();
		this.permits = new Permits(options.concurrency());
		this.rules = new OutcomeRules(serializer, options.defaults(), this.time);
		this.writer = new OutcomeWriter(stores.executions(), this.runs, listeners);
		this.runner = new JobRunner(handlers, serializer, stores.jobs(), this.rules, listeners, this, this.time);
	}

	void whenExhausted(Runnable action) {
		this.whenExhausted = action;
	}

	Permits permits() {
		return this.permits;
	}

	ActiveRuns runs() {
		return this.runs;
	}

	OutcomeWriter writer() {
		return this.writer;
	}

	JobRunner runner() {
		return this.runner;
	}

	RunThreads threads() {
		return this.threads;
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
			giveBack(run);
		}
		catch (Throwable ex) {
			giveBack(run);
			throw ex;
		}
	}

	/** Runs nothing more: what comes from now on, or has not begun, is given back. */
	void close() {
		this.closed = true;
		this.runs.all().forEach(this::giveBack);
	}

	/** Tells that no more outcomes are written: what comes now is given back at once. */
	void endWriting() {
		this.unwritten = true;
	}

	private void giveBack(ActiveRun run) {
		if (run.giveBack()) {
			settle(run, () -> giveBack(run.execution()));
		}
	}

	private void giveBack(Execution execution) {
		if (this.unwritten) {
			this.executions.release(List.of(execution));
		}
		else {
			this.writer.giveBack(execution, (counts) -> {
			});
		}
	}

	private void execute(ActiveRun run) {
		try {
			this.runner.run(run);
		}
		catch (Throwable ex) {
			log.error("Job {} could not be run", run.job().id(), ex);
			if (run.end()) {
				settle(run, () -> this.writer.add(this.rules.failed(run, run.defaults(), ex)));
			}
		}
		finally {
			if (run.isAbandoned()) {
				log.info("Thread of job {} has come back after all", run.job().id());
			}
		}
	}

	/** Hands the end of a run on and gives its place back in any case. */
	private void settle(ActiveRun run, Runnable end) {
		try {
			end.run();
		}
		catch (Throwable ex) {
			this.runs.remove(run.execution());
			log.error("The end of job {} cannot be recorded; it runs again when its lease has run out", run.job().id(),
					ex);
		}
		finally {
			returnPlace(run);
		}
	}

	private void returnPlace(ActiveRun run) {
		if (run.returnPlace()) {
			this.permits.release(1);
		}
	}

	/** Ends runs that nobody holds any more: their threads are gone without a word. */
	void settleStranded() {
		for (ActiveRun run : this.runs.all()) {
			if (run.isStranded() && run.end()) {
				IllegalStateException failure = new IllegalStateException("The thread of the job has died");
				settle(run, () -> this.writer.add(this.rules.failed(run, run.defaults(), failure)));
			}
			else if (run.keepsPlace()) {
				log.error("The end of job {} was not recorded; it runs again when its lease has run out",
						run.job().id());
				this.runs.remove(run.execution());
				returnPlace(run);
			}
		}
	}

	/** Returns how many runs have a thread that fits. */
	int count(Predicate<Thread> threads) {
		int count = 0;
		for (ActiveRun run : this.runs.all()) {
			Thread owner = run.owner();
			if (owner != null && threads.test(owner)) {
				count++;
			}
		}
		return count;
	}

	@Override
	public void unreadable(Claim claim, InvalidJobException problem) {
		Instant now = this.time.instant();
		this.writer.add(this.rules.unreadable(claim.execution(), now, problem));
	}

	@Override
	public void exhausted() {
		this.whenExhausted.run();
	}

	@Override
	public void ended(ActiveRun run, RunInfo info, Outcome outcome, @Nullable Throwable failure) {
		if (run.end()) {
			settle(run, info, outcome, failure);
		}
	}

	@Override
	public void abandoned(ActiveRun run, RunInfo info, Outcome outcome, Throwable failure) {
		settle(run, info, outcome, failure);
	}

	private void settle(ActiveRun run, RunInfo info, Outcome outcome, @Nullable Throwable failure) {
		Duration took = Duration.between(outcome.attempt().startedAt(), outcome.attempt().endedAt());
		if (run.isLeaseLost()) {
			settle(run, () -> this.runs.remove(run.execution()));
			tell(info, RunOutcome.LOST, took, failure);
		}
		else if (failure == null) {
			settle(run, () -> this.writer.add(outcome));
			tell(info, outcome(outcome), took, null);
		}
		else {
			// only then it is certain that the failure counts
			settle(run, () -> this.writer.add(outcome,
					(counts) -> aside(() -> tell(info, counts ? outcome(outcome) : RunOutcome.LOST, took, failure))));
		}
	}

	/** The thread that records outcomes has no time for listeners. */
	private void aside(Runnable work) {
		try {
			this.threads.execute(work);
		}
		catch (Throwable ex) {
			work.run();
		}
	}

	private void tell(RunInfo info, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
		MDC.put(JobRunner.MDC_JOB_ID, info.job().id());
		MDC.put(JobRunner.MDC_JOB_NAME, info.function());
		if (failure != null && outcome == RunOutcome.RETRIED) {
			log.warn("Job {} ({}) failed in attempt {} and will be tried again: {}", info.job().id(), info.function(),
					info.attempt(), failure.toString());
		}
		else if (failure != null && outcome == RunOutcome.FAILED) {
			log.warn("Job {} ({}) failed for good in attempt {}", info.job().id(), info.function(), info.attempt(),
					failure);
		}
		this.listeners.tell((listener) -> listener.ended(info, outcome, took, failure));
	}

	private static RunOutcome outcome(Outcome outcome) {
		if (outcome instanceof Outcome.Finished end) {
			return (end.type() == JobResult.Type.SUCCESSFUL) ? RunOutcome.FINISHED : RunOutcome.FAILED;
		}
		return RunOutcome.RETRIED;
	}

	@Override
	public void released(ActiveRun run, RunInfo info) {
		if (!run.end()) {
			return;
		}
		Duration took = Duration.between(run.startedAt(), this.time.instant());
		if (run.isLeaseLost()) {
			settle(run, () -> this.runs.remove(run.execution()));
			tell(info, RunOutcome.LOST, took, null);
			return;
		}
		settle(run, () -> this.writer.giveBack(run.execution(), (counts) -> aside(() -> {
			if (counts) {
				log.info("Job {} was interrupted by the stop of its worker and waits again", info.job().id());
			}
			tell(info, counts ? RunOutcome.RELEASED : RunOutcome.LOST, took, null);
		})));
	}

}
