package io.rq.worker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.rq.handler.AbandonedJobException;
import io.rq.handler.CallbackEvent;
import io.rq.handler.CallbackHandler;
import io.rq.handler.JobHandlerRegistry;
import io.rq.handler.RunInfo;
import io.rq.handler.RunOutcome;
import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobOptions;
import io.rq.job.JobStatus;
import io.rq.lifecycle.Threads;
import io.rq.lifecycle.TimeSource;
import io.rq.log.SafeLog;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;

/**
 * Calls what jobs want to be called at the end of a run. Nothing that a callback does
 * changes an outcome: one that is not known here is told once per function, one that
 * throws each time.
 */
final class Callbacks {

	private static final SafeLog log = SafeLog.of(Callbacks.class);

	private final JobHandlerRegistry handlers;

	private final JobSerializer serializer;

	private final RunThreads threads;

	private final TimeSource time;

	private final ToldFunctions told = new ToldFunctions();

	private volatile boolean closed;

	Callbacks(JobHandlerRegistry handlers, JobSerializer serializer, RunThreads threads, TimeSource time) {
		this.handlers = handlers;
		this.serializer = serializer;
		this.threads = threads;
		this.time = time;
	}

	/**
	 * Calls back on the thread of a run, before its outcome is recorded: so a crash calls
	 * once more, as it runs the job once more. The run keeps its lease and its place
	 * meanwhile.
	 */
	void call(ActiveRun run, CallbackEvent event, ActiveRun.Ending ending) {
		try {
			Callback callback = wanted(event);
			CallbackHandler handler = find(callback);
			if (callback == null || handler == null || !run.beginEnding(ending, callback.timeout(), this.time)) {
				return;
			}
			try {
				handler.handle(event);
			}
			finally {
				run.leave();
			}
		}
		catch (Throwable ex) {
			failed(event, ex);
		}
	}

	/**
	 * Calls back for a run whose outcome is recorded, because it has no thread that could
	 * have called before: on one that may have to wait.
	 */
	void callLater(ActiveRun run, Function<RunInfo, CallbackEvent> event) {
		try {
			this.threads.execute(() -> callLate(event.apply(info(run))));
		}
		catch (Throwable ex) {
			log.warn("There is no thread for the callback of job {}", run.job().id(), ex);
		}
	}

	private void callLate(CallbackEvent event) {
		Callback callback = wanted(event);
		CallbackHandler handler = find(callback);
		if (callback == null || handler == null) {
			return;
		}
		Duration limit = callback.timeout().isNegative() ? JobOptions.LONGEST : callback.timeout();
		boolean ended = Threads.within("rq-callback-" + event.job().id(), limit, () -> {
			try {
				handler.handle(event);
			}
			catch (Throwable ex) {
				failed(event, ex);
			}
		});
		if (!ended) {
			log.warn("The callback {} of job {} has ignored the interrupt at its timeout of {}", callback.name(),
					event.job().id(), limit);
		}
	}

	/** Calls back for jobs that were taken from workers which are gone. */
	void abandoned(JobStore jobs, List<String> ids) {
		for (String id : ids) {
			try {
				Job job = this.closed ? null : jobs.find(id).orElse(null);
				if (job != null) {
					RunOutcome outcome = (job.status() == JobStatus.FAILED) ? RunOutcome.FAILED : RunOutcome.RETRIED;
					callLate(new CallbackEvent(info(job, ""), outcome, null, new AbandonedJobException()));
				}
			}
			catch (Throwable ex) {
				log.warn("The callback of job {}, whose worker is gone, could not be called", id, ex);
			}
		}
	}

	/** What is left of several jobs is not called any more. */
	void close() {
		this.closed = true;
	}

	/** Describes a run, also one that was not begun. */
	RunInfo info(ActiveRun run) {
		RunInfo known = run.info();
		return (known != null) ? known : info(run.job(), run.execution().id());
	}

	/** Describes a run that has none of its own. */
	private RunInfo info(Job job, String executionId) {
		String function = "";
		try {
			function = this.serializer.readCall(job.payload().data()).function();
		}
		catch (RuntimeException ex) {
			log.debug("The function of job {} is not known", job.id(), ex);
		}
		return new RunInfo(job, function, executionId, job.run().attempt(),
				Objects.requireNonNullElse(job.run().workerName(), ""));
	}

	private @Nullable Callback wanted(CallbackEvent event) {
		JobHooks hooks = event.job().options().hooks();
		tellUnknown(event.run(), hooks);
		return switch (event.outcome()) {
			case FINISHED -> hooks.onSuccess();
			case STOPPED -> hooks.onStopped();
			default -> (event.failure() != null) ? hooks.onFailure() : null;
		};
	}

	private @Nullable CallbackHandler find(@Nullable Callback callback) {
		return (callback != null) ? this.handlers.findCallback(Objects.requireNonNull(callback.name())) : null;
	}

	private void tellUnknown(RunInfo run, JobHooks hooks) {
		List<String> unknown = Stream.of(hooks.onSuccess(), hooks.onFailure(), hooks.onStopped())
			.filter((callback) -> callback != null && find(callback) == null)
			.map((callback) -> Objects.requireNonNull(callback).name())
			.distinct()
			.toList();
		if (!unknown.isEmpty() && this.told.isNews(run.function())) {
			log.warn(
					"Jobs of '{}' ask for the callbacks {}, which this application does not have: annotate bean methods "
							+ "with @RqCallback(name = …), or let the jobs go to a queue that only workers with them listen on",
					run.function(), unknown);
		}
	}

	private static void failed(CallbackEvent event, Throwable failure) {
		log.warn("A callback of job {} ({}) has failed; the job has ended all the same: {}", event.job().id(),
				event.run().function(), event.outcome(), failure);
	}

}
