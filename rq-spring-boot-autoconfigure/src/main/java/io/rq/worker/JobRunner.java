package io.rq.worker;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.rq.handler.DeferredValue;
import io.rq.handler.JobContext;
import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.handler.JobHandler;
import io.rq.handler.JobListener;
import io.rq.handler.RunInfo;
import io.rq.interceptor.JobInterceptors;
import io.rq.job.FailureWords;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.lifecycle.Listeners;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.JobStore;
import io.rq.redis.Outcome;
import io.rq.serializer.SerializedCall;

/**
 * Runs one job on the current thread, from looking up its handler to its outcome.
 */
final class JobRunner {

	private static final SafeLog log = SafeLog.of(JobRunner.class);

	private static final Duration DECISION_LIMIT = Duration.ofMinutes(1);

	private final String worker;

	private final JobHandling handling;

	private final Predicate<RunInfo> unknown;

	private final JobInterceptors interceptors;

	private final JobStore jobs;

	private final OutcomeRules rules;

	private final FailureDecisions decisions;

	private final Listeners<JobListener> listeners;

	private final RunEnds ends;

	private final TimeSource time;

	/**
	 * Creates a runner.
	 * @param unknown whether a job of a function that nobody knows here is put back
	 */
	JobRunner(String worker, JobHandling handling, Predicate<RunInfo> unknown, JobStore jobs, OutcomeRules rules,
			Listeners<JobListener> listeners, RunEnds ends, TimeSource time) {
		this.worker = worker;
		this.handling = handling;
		this.unknown = unknown;
		this.interceptors = new JobInterceptors(handling.interceptors().get());
		this.jobs = jobs;
		this.rules = rules;
		this.decisions = new FailureDecisions(handling.exceptionHandlers().get());
		this.listeners = listeners;
		this.ends = ends;
		this.time = time;
	}

	/** Runs a job. Whatever throws around its method, the run has an end. */
	void run(ActiveRun run) {
		try {
			begin(run);
		}
		catch (Throwable ex) {
			try {
				log.error("Job {} could not be run", run.job().id(), ex);
			}
			finally {
				this.ends.broken(run, ex);
			}
		}
	}

	private void begin(ActiveRun run) {
		Job job = run.job();
		Prepared prepared = prepare(job);
		RunInfo info = new RunInfo(job, prepared.function(), run.execution().id(), run.attempt(), this.worker);
		Duration timeout = this.rules.timeout(job, prepared.rules());
		if (!run.begin(info, prepared.rules(), timeout, this.time)) {
			this.ends.givenBack(run);
			return;
		}
		this.listeners.tell((listener) -> listener.started(info, waited(job, run.claimedAt())));
		RunLogContext.within(info, () -> invoke(run, info, prepared));
	}

	private Prepared prepare(Job job) {
		try {
			SerializedCall call = this.handling.serializer().readCall(job.payload().data());
			JobHandler handler = this.handling.handlers().find(call.function());
			if (handler != null) {
				return new Prepared(call.function(), true, HandlerRules.of(handler), handler.resultType(),
						(context) -> this.interceptors.run(context,
								() -> DeferredValue.await(handler.handle(context, call))));
			}
			return new Prepared(call.function(), false, HandlerRules.NONE, Object.class, (context) -> {
				throw new InvalidJobException(FailureWords.NO_HANDLER + call.function()
						+ "' in this application: annotate a bean method with @RqJob(name = \"" + call.function()
						+ "\"), or let the job go to a queue that only workers with it listen on");
			});
		}
		catch (Exception | Error ex) {
			return new Prepared("", true, HandlerRules.NONE, Object.class, (context) -> {
				throw ex;
			});
		}
	}

	private void invoke(ActiveRun run, RunInfo info, Prepared prepared) {
		@Nullable Object value = null;
		@Nullable Outcome outcome = null;
		@Nullable Throwable failure = null;
		try {
			if (run.cutShort() == null) {
				value = call(run, prepared);
				outcome = returned(run, prepared, value);
			}
		}
		catch (Throwable ex) {
			failure = ex;
		}
		run.leave();
		CutShort cut = run.cutShort();
		if (outcome != null && cut == null) {
			this.ends.ended(run, info, outcome, value, null);
		}
		else if (cut == null && run.isStopping()) {
			this.ends.released(run, info);
		}
		else if (cut == null && !prepared.known() && this.unknown.test(info)) {
			this.ends.putBack(run, info);
		}
		else {
			failed(run, info, prepared.rules(), failure);
		}
	}

	private @Nullable Object call(ActiveRun run, Prepared prepared) throws Exception {
		try {
			return prepared.invocation()
				.invoke(new RunContext(run, prepared.function(), this.jobs, this.handling.serializer()));
		}
		finally {
			Thread.interrupted();
		}
	}

	private Outcome returned(ActiveRun run, Prepared prepared, @Nullable Object value) {
		return this.rules.returned(run, prepared.rules(),
				new ReturnedValue(prepared.function(), prepared.resultType(), value));
	}

	private void failed(ActiveRun run, RunInfo info, HandlerRules handler, @Nullable Throwable thrown) {
		Throwable failure = this.rules.failure(run, thrown);
		Decision decision = (run.cutShort() == CutShort.STOPPED) ? Decision.FAIL : decide(run, info, handler, failure);
		if (decision == null) {
			this.ends.released(run, info);
			return;
		}
		this.ends.ended(run, info, this.rules.failed(run, handler, decision, failure), null,
				(decision != Decision.SWALLOW) ? failure : null);
	}

	/** Returns nothing if the stop of the worker has interrupted who was to decide. */
	private @Nullable Decision decide(ActiveRun run, RunInfo info, HandlerRules handler, Throwable failure) {
		if (!run.beginEnding(ActiveRun.Ending.undecided(failure), DECISION_LIMIT, this.time)) {
			return Decision.FAIL;
		}
		try {
			Decision decision = this.decisions.ask(info, failure);
			if (decision == null && run.isStopping() && run.cutShort() == null) {
				return null;
			}
			return (decision != null) ? decision : FailureDecisions.decide(handler, failure);
		}
		finally {
			run.leave();
		}
	}

	private static @Nullable Duration waited(Job job, Instant claimedAt) {
		Instant enqueued = job.enqueuedAt();
		if (enqueued == null) {
			return null;
		}
		return enqueued.isBefore(claimedAt) ? Duration.between(enqueued, claimedAt) : Duration.ZERO;
	}

	/**
	 * What is to be called for a job.
	 */
	private record Prepared(String function, boolean known, HandlerRules rules, Type resultType,
			Invocation invocation) {

	}

	@FunctionalInterface
	private interface Invocation {

		@Nullable Object invoke(JobContext context) throws Exception;

	}

}
