package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.rq.job.InvalidJobException;
import io.rq.job.JobResult;
import io.rq.lifecycle.Outage;
import io.rq.lifecycle.Round;
import io.rq.lifecycle.RoundLoop;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Execution;
import io.rq.redis.Outcome;
import io.rq.serializer.JobSerializer;

/**
 * One term of a worker, from a start to the next stop: puts the parts together and hands
 * runs from one to the next.
 */
final class Worker implements Fetcher.Receiver, JobRunner.RunEnd {

	private static final Logger logger = LoggerFactory.getLogger(Worker.class);

	/** How long Redis may take to answer while the worker stops. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final int MOST_PENDING = 5_000;

	private final WorkerOptions options;

	private final WorkerStores stores;

	private final JobListeners listeners;

	private final RunThreads threads;

	private final Runnable whenExhausted;

	private final Permits permits;

	private final ActiveRuns runs = new ActiveRuns();

	private final Outage outage = new Outage();

	private final OutcomeRules rules;

	private final OutcomeWriter writer;

	private final JobRunner runner;

	private final Registration registration;

	private final Arrivals arrivals;

	private final Fetcher fetcher;

	private final Heartbeater heartbeater;

	private final RoundLoop fetching;

	private final RoundLoop writing;

	private final List<RoundLoop> chores;

	/** Whether the worker stops of its own accord, after the jobs it has taken. */
	private volatile boolean exhausted;

	Worker(WorkerOptions options, WorkerStores stores, JobHandlerRegistry handlers, JobSerializer serializer,
			JobListeners listeners, RunThreads threads, Runnable whenExhausted) {
		this.options = options;
		this.stores = stores;
		this.listeners = listeners;
		this.threads = threads;
		this.whenExhausted = whenExhausted;
		WorkerOptions.Timing timing = options.timing();
		this.permits = new Permits(options.concurrency());
		this.rules = new OutcomeRules(serializer, options.defaults(), stores.clock());
		this.writer = new OutcomeWriter(stores.executions(), this.runs, listeners);
		this.runner = new JobRunner(handlers, serializer, stores.jobs(), this.rules, listeners, this, stores.clock());
		this.registration = new Registration(stores.workers(), options, stores.clock().instant());
		this.arrivals = new Arrivals(options, stores, this.permits::signal, this.outage);
		this.fetcher = new Fetcher(options, stores.executions(), this.registration, this.permits, this.arrivals, this,
				stores.clock());
		this.heartbeater = new Heartbeater(stores.executions(), this.registration, this.runs,
				timing.heartbeatInterval(), this::state, listeners, stores.clock());
		this.fetching = loop("fetch", this.fetcher);
		this.writing = loop("finish", this.writer);
		this.chores = List.of(loop("beat", this.heartbeater),
				loop("maintain", new Maintainer(stores.maintenance(), options, listeners)),
				loop("time", new Timekeeper(this.runs, timing.timeoutGrace(), this.runner)));
	}

	private RoundLoop loop(String part, Round round) {
		return new RoundLoop("rq-" + part + "-" + this.options.name(), logger, this.outage, round);
	}

	void start() {
		this.writing.start();
		this.chores.forEach(RoundLoop::start);
		this.fetching.start();
	}

	/**
	 * Stops in the order that loses nothing: takes nothing more, gives back what has not
	 * begun, lets the rest end or interrupts it, records the outcomes; the heartbeat goes
	 * last.
	 */
	void stop() throws InterruptedException {
		Deadline deadline = new Deadline(this.options.timing().shutdownTimeout());
		this.fetching.requestStop();
		this.arrivals.requestStop();
		this.permits.signal();
		this.fetching.terminate(PATIENCE);
		this.arrivals.awaitStopped(PATIENCE);
		within(PATIENCE, this::giveBack);
		if (!this.permits.awaitAll(deadline.half())) {
			logger.info("Worker {} interrupts {} running jobs to stop", this.options.name(), this.permits.busy());
			this.runs.all().forEach(ActiveRun::stop);
			this.permits.awaitAll(deadline.half());
		}
		this.writer.awaitWritten(deadline.half());
		this.writing.terminate(PATIENCE);
		this.chores.forEach(RoundLoop::requestStop);
		for (RoundLoop chore : this.chores) {
			chore.terminate(PATIENCE);
		}
		within(PATIENCE, this::deregister);
		this.threads.close();
	}

	/** Calls Redis, which may not answer, for a limited time. */
	private void within(Duration limit, Runnable call) throws InterruptedException {
		Thread caller = new Thread(call, "rq-stop-" + this.options.name());
		caller.start();
		caller.join(limit.toMillis());
		caller.interrupt();
		caller.join();
	}

	private void giveBack() {
		List<Execution> unbegun = new ArrayList<>();
		for (ActiveRun run : this.runs.all()) {
			if (!this.exhausted && run.giveBack()) {
				unbegun.add(run.execution());
				this.runs.remove(run.execution());
				this.permits.release(1);
			}
		}
		try {
			this.stores.executions().release(unbegun);
			this.stores.executions().restoreTaken(this.options.queues());
		}
		catch (RuntimeException ex) {
			logger.warn("Worker {} could not give everything back; jobs it had taken run again when its leases have "
					+ "run out: {}", this.options.name(), ex.toString());
		}
	}

	private void deregister() {
		if (!this.runs.isEmpty() || this.writer.pending() > 0) {
			logger.warn("Worker {} stops with {} jobs unended; they run again when their leases have run out",
					this.options.name(), this.runs.all().size());
		}
		try {
			this.registration.remove();
		}
		catch (RuntimeException ex) {
			logger.info("Worker {} could not sign off; its registration will expire", this.options.name());
		}
	}

	@Override
	public boolean isCongested() {
		return this.writer.pending() > MOST_PENDING;
	}

	@Override
	public void receive(ActiveRun run) {
		this.runs.add(run);
		this.threads.execute(() -> execute(run));
	}

	private void execute(ActiveRun run) {
		try {
			this.runner.run(run);
		}
		catch (Throwable ex) {
			failedOutside(run, ex);
		}
		finally {
			if (run.isAbandoned()) {
				logger.info("Thread of job {} has come back after all", run.job().id());
				this.threads.returned();
			}
			Thread.interrupted();
		}
	}

	/** Something around the job failed, not the job: no run may stay without an end. */
	private void failedOutside(ActiveRun run, Throwable failure) {
		logger.error("Job {} could not be run", run.job().id(), failure);
		if (run.end()) {
			this.writer.add(this.rules.failed(run, run.defaults(), failure));
			this.permits.release(1);
		}
	}

	@Override
	public void unreadable(Claim claim, InvalidJobException problem) {
		Instant now = this.stores.clock().instant();
		this.writer.add(this.rules.unreadable(claim.execution(), now, problem));
	}

	@Override
	public void exhausted() {
		this.exhausted = true;
		this.fetching.requestStop();
		this.whenExhausted.run();
	}

	@Override
	public void ended(ActiveRun run, RunInfo info, Outcome outcome, @Nullable Throwable failure) {
		if (run.end()) {
			this.writer.add(outcome);
			this.permits.release(1);
			tell(info, outcome, failure);
		}
	}

	@Override
	public void abandoned(ActiveRun run, RunInfo info, Outcome outcome, Throwable failure) {
		this.writer.add(outcome);
		this.threads.replaceLost();
		this.permits.release(1);
		tell(info, outcome, failure);
	}

	private void tell(RunInfo info, Outcome outcome, @Nullable Throwable failure) {
		Duration took = Duration.between(outcome.attempt().startedAt(), outcome.attempt().endedAt());
		RunOutcome kind = outcome(outcome);
		if (failure != null && kind == RunOutcome.RETRIED) {
			logger.warn("Job {} ({}) failed in attempt {} and will be tried again: {}", info.job().id(),
					info.function(), info.attempt(), failure.toString());
		}
		else if (failure != null) {
			logger.warn("Job {} ({}) failed for good in attempt {}", info.job().id(), info.function(), info.attempt(),
					failure);
		}
		this.listeners.tell((listener) -> listener.ended(info, kind, took, failure));
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
		this.runs.remove(run.execution());
		try {
			this.stores.executions().release(List.of(run.execution()));
			logger.info("Job {} was interrupted by the stop of its worker and waits again", info.job().id());
			this.listeners.tell((listener) -> listener.ended(info, RunOutcome.RELEASED,
					Duration.between(run.startedAt(), this.stores.clock().instant()), null));
		}
		catch (RuntimeException ex) {
			logger.warn("Job {} could not be given back; it will be taken for abandoned", info.job().id(), ex);
		}
		this.permits.release(1);
	}

	WorkerOptions options() {
		return this.options;
	}

	WorkerState describe() {
		return new WorkerState(this.options.name(), this.options.queues(), this.fetching.isRunning(), state(),
				this.options.concurrency(), this.permits.busy(), this.writer.pending(), this.heartbeater.lastBeatAt());
	}

	private String state() {
		if (this.fetcher.isSuspended()) {
			return "suspended";
		}
		return (this.permits.busy() > 0) ? "busy" : "idle";
	}

	/**
	 * The time left to stop in, dealt out by halves so that every later step has some.
	 */
	private static final class Deadline {

		private final long end;

		Deadline(Duration budget) {
			this.end = System.nanoTime() + budget.toNanos();
		}

		Duration half() {
			return Duration.ofNanos(Math.max(0, (this.end - System.nanoTime()) / 2));
		}

	}

}
