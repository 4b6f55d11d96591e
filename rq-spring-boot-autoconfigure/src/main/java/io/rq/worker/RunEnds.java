package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.handler.CallbackEvent;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.FailureWords;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobResult;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.log.FailureText;
import io.rq.log.SafeLog;
import io.rq.redis.Claims.Claim;
import io.rq.redis.Execution;
import io.rq.redis.Outcome;

/**
 * Every way in which a run ends: hands its outcome to the writer, gives its place back in
 * any case, and has it told.
 */
final class RunEnds {

	private static final SafeLog log = SafeLog.of(RunEnds.class);

	private static final int MOST_PENDING = 5_000;

	/** Where Redis does not take them back, other queues are not to wait for ever. */
	private static final Duration GIVING_BACK = Duration.ofSeconds(1);

	private static final Runnable NOTHING = () -> {
	};

	private final Permits permits;

	private final ActiveRuns runs;

	private final OutcomeRules rules;

	private final OutcomeWriter writer;

	private final Callbacks callbacks;

	private final Notices notices;

	private final RunReports reports;

	RunEnds(Permits permits, ActiveRuns runs, OutcomeRules rules, OutcomeWriter writer, Callbacks callbacks,
			Notices notices, RunReports reports) {
		this.permits = permits;
		this.runs = runs;
		this.rules = rules;
		this.writer = writer;
		this.callbacks = callbacks;
		this.notices = notices;
		this.reports = reports;
	}

	/** Returns whether outcomes come faster than Redis or the listeners take them. */
	boolean isCongested() {
		return this.writer.pending() > MOST_PENDING || this.reports.areLate(this.permits.total());
	}

	/**
	 * Waits until jobs are on their queues again that were given back, but not for long.
	 */
	void awaitGivenBack() throws InterruptedException {
		this.writer.awaitGivenBack(GIVING_BACK);
	}

	/**
	 * The method has returned a value or failed, and it is decided what becomes of the
	 * job.
	 */
	void ended(ActiveRun run, RunInfo info, Outcome outcome, @Nullable Object value, @Nullable Throwable failure) {
		Runnable whenItCounts = NOTHING;
		if (info.job().options().hooks() != JobHooks.NONE) {
			if (run.cutShort() == CutShort.STOPPED) {
				// a stop that a crash undid would be none
				whenItCounts = () -> callLate(run, outcome, Objects.requireNonNull(failure));
			}
			else {
				this.callbacks.call(run, event(info, outcome, value, failure), new ActiveRun.Ending(outcome, failure));
			}
		}
		if (!run.end()) {
			return;
		}
		if (failure != null) {
			settleFailure(run, info, outcome, failure, whenItCounts);
		}
		else {
			settleAndTell(run, info, outcome, outcome(outcome));
		}
	}

	/** A run has been given up whose thread does not end. */
	void abandoned(ActiveRun run, RunInfo info) {
		ActiveRun.Ending ending = run.ending();
		if (ending != null && ending.outcome() == null) {
			log.warn("An exception handler for job {} ({}) has ignored the interrupt at its timeout; its thread is "
					+ "left behind, and the job's own rule decides", info.job().id(), info.function());
			recordFailure(run, Objects.requireNonNull(ending.failure()));
			return;
		}
		if (ending != null) {
			log.warn("A callback of job {} ({}) has ignored the interrupt at its timeout; its thread is left behind",
					info.job().id(), info.function());
			Outcome outcome = Objects.requireNonNull(ending.outcome());
			Throwable failure = ending.failure();
			if (failure != null) {
				settleFailure(run, info, outcome, failure, NOTHING);
			}
			else {
				settleAndTell(run, info, outcome, outcome(outcome));
			}
			return;
		}
		CutShort cut = run.cutShort();
		log.warn(
				"Job {} ({}) has ignored the interrupt at its {}{}; its thread is left behind and replaced. Let the "
						+ "method end when it is interrupted or JobContext.isCancelled()",
				info.job().id(), info.function(), cut, (cut == CutShort.TIMEOUT) ? " of " + run.timeout() : "");
		recordFailure(run, this.rules.failure(run, null));
	}

	/** No handler here knows the function; another process may. */
	void putBack(ActiveRun run, RunInfo info) {
		if (run.end()) {
			settleAndTell(run, info, this.rules.putBack(run), RunOutcome.RELEASED);
		}
	}

	/** The stop of the worker has interrupted the method. */
	void released(ActiveRun run, RunInfo info) {
		if (!run.end()) {
			return;
		}
		Duration took = this.rules.took(run);
		if (run.isLeaseLost()) {
			lost(run, info, took, null);
			return;
		}
		handOn(run, () -> this.writer.giveBack(run.execution(), (counts) -> this.reports.aside(() -> {
			if (counts) {
				log.info("Job {} was interrupted by the stop of its worker and waits again", info.job().id());
			}
			this.reports.tell(info, counts ? RunOutcome.RELEASED : RunOutcome.LOST, took, null);
		})));
	}

	/** The job is given back unless its run has begun. */
	void givenBack(ActiveRun run) {
		givenBack(List.of(run));
	}

	/**
	 * Jobs are given back in their order, but for those whose runs have begun. Those that
	 * are to be stopped end here, and those whose leases are lost are no longer ours.
	 */
	void givenBack(List<ActiveRun> unbegun) {
		for (ActiveRun run : unbegun) {
			if (run.endUnbegun()) {
				recordFailure(run, this.rules.failure(run, null));
			}
		}
		List<ActiveRun> ended = unbegun.stream().filter(ActiveRun::giveBack).toList();
		List<ActiveRun> lost = ended.stream().filter(ActiveRun::isLeaseLost).toList();
		handOn(lost, () -> lost.forEach((run) -> this.runs.remove(run.execution())));
		List<ActiveRun> back = ended.stream().filter((run) -> !run.isLeaseLost()).toList();
		if (!back.isEmpty()) {
			handOn(back, () -> this.writer.giveBack(back.stream().map(ActiveRun::execution).toList()));
		}
	}

	/** What surrounds the method has failed. */
	void broken(ActiveRun run, Throwable failure) {
		if (run.end()) {
			recordFailure(run, failure);
		}
	}

	private void recordFailure(ActiveRun run, Throwable failure) {
		Outcome outcome = failed(run, failure);
		settleFailure(run, this.callbacks.info(run), outcome, failure, () -> callLate(run, outcome, failure));
	}

	private void callLate(ActiveRun run, Outcome outcome, Throwable failure) {
		if (run.job().options().hooks() != JobHooks.NONE) {
			this.callbacks.callLater(run, (info) -> event(info, outcome, null, failure));
		}
	}

	private static CallbackEvent event(RunInfo info, Outcome outcome, @Nullable Object value,
			@Nullable Throwable failure) {
		RunOutcome ended = outcome(outcome);
		return new CallbackEvent(info, ended, value, (failure == null && ended == RunOutcome.FAILED)
				? new RqException(FailureWords.NO_RETRY_LEFT) : failure);
	}

	private Outcome failed(ActiveRun run, Throwable failure) {
		return this.rules.failed(run, run.rules(), FailureDecisions.decide(run.rules(), failure), failure);
	}

	/** A job was taken whose record cannot be read. */
	void unreadable(Claim claim, InvalidJobException problem) {
		Execution execution = claim.execution();
		Outcome outcome = this.rules.unreadable(execution, problem);
		Job job = new Job(execution.jobId(), execution.queue(), JobStatus.STARTED, JobOptions.NONE,
				JobTimes.createdAt(outcome.attempt().startedAt()), JobRun.NONE, new JobPayload(new byte[0], null));
		RunInfo info = new RunInfo(job, "", execution.id(), 1, "");
		this.writer.add(outcome, (counts) -> this.reports.aside(
				() -> this.reports.tell(info, counts ? RunOutcome.FAILED : RunOutcome.LOST, Duration.ZERO, problem)));
	}

	/** Ends runs that nobody holds any more: their threads are gone without a word. */
	void settleStranded() {
		for (ActiveRun run : this.runs.all()) {
			if (run.isStranded()) {
				broken(run, new IllegalStateException("The thread of the job has died"));
			}
			else if (run.keepsPlace()) {
				log.error("The end of job {} was not recorded; it runs again when its lease has run out",
						run.job().id());
				this.runs.remove(run.execution());
				returnPlace(run);
			}
		}
	}

	/** Listeners are told when the outcome has been recorded. */
	private void settleFailure(ActiveRun run, RunInfo info, Outcome outcome, Throwable failure, Runnable whenItCounts) {
		Duration took = outcome.attempt().took();
		if (run.isLeaseLost()) {
			lost(run, info, took, failure);
		}
		else {
			// only then it is certain that the failure counts
			handOn(run, () -> this.writer.add(this.notices.complete(run, outcome), (counts) -> {
				this.reports
					.aside(() -> this.reports.tell(info, counts ? outcome(outcome) : RunOutcome.LOST, took, failure));
				if (counts) {
					whenItCounts.run();
				}
			}));
		}
	}

	/** Listeners are told at once, on the thread of the run if it has one. */
	private void settleAndTell(ActiveRun run, RunInfo info, Outcome outcome, RunOutcome told) {
		Duration took = outcome.attempt().took();
		if (run.isLeaseLost()) {
			lost(run, info, took, null);
		}
		else {
			handOn(run, () -> this.writer.add(this.notices.complete(run, outcome)));
			if (run.isAbandoned()) {
				this.reports.aside(() -> this.reports.tell(info, told, took, null));
				return;
			}
			this.reports.tellHere(info, told, took, null);
		}
	}

	private void lost(ActiveRun run, RunInfo info, Duration took, @Nullable Throwable failure) {
		handOn(run, () -> this.runs.remove(run.execution()));
		this.reports.aside(() -> this.reports.tell(info, RunOutcome.LOST, took, failure));
	}

	private void handOn(ActiveRun run, Runnable end) {
		handOn(List.of(run), end);
	}

	/** Hands the end of runs on and gives their places back in any case. */
	private void handOn(List<ActiveRun> ended, Runnable end) {
		try {
			end.run();
		}
		catch (Throwable ex) {
			ended.forEach((run) -> this.runs.remove(run.execution()));
			for (ActiveRun run : ended) {
				log.error("The end of job {} cannot be recorded; it runs again when its lease has run out",
						run.job().id(), ex);
			}
		}
		finally {
			ended.forEach(this::returnPlace);
		}
	}

	private void returnPlace(ActiveRun run) {
		if (run.returnPlace()) {
			this.permits.release(1);
		}
	}

	private static RunOutcome outcome(Outcome outcome) {
		if (outcome instanceof Outcome.Finished end) {
			return switch (end.type()) {
				case SUCCESSFUL -> RunOutcome.FINISHED;
				case STOPPED -> RunOutcome.STOPPED;
				default -> RunOutcome.FAILED;
			};
		}
		return RunOutcome.RETRIED;
	}

}
