package io.rq.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.rq.handler.JobExceptionHandler.Decision;
import io.rq.handler.JobKilledException;
import io.rq.handler.JobStoppedException;
import io.rq.handler.JobTimeoutException;
import io.rq.job.FailureWords;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.Retry;
import io.rq.lifecycle.TimeSource;
import io.rq.log.FailureText;
import io.rq.redis.Execution;
import io.rq.redis.Outcome;
import io.rq.redis.Outcome.Attempt;
import io.rq.serializer.JobSerializationException;
import io.rq.serializer.JobSerializer;

/**
 * Decides what becomes of a job after a run: what the job carries comes first, then the
 * handler's defaults, then the worker's (protocol §6).
 */
final class OutcomeRules {

	private static final int PUT_BACK_SECONDS = 1;

	private static final String PUT_BACK = FailureWords.PUT_BACK + " for others";

	private final JobSerializer serializer;

	private final ResultWriter results = new ResultWriter();

	private final WorkerOptions.Defaults defaults;

	private final TimeSource time;

	OutcomeRules(JobSerializer serializer, WorkerOptions.Defaults defaults, TimeSource time) {
		this.serializer = serializer;
		this.defaults = defaults;
		this.time = time;
	}

	/** Returns how long a run may take, negative for no limit. */
	Duration timeout(Job job, HandlerRules handler) {
		Duration timeout = job.options().orElse(handler.options()).timeout();
		return (timeout != null) ? timeout : this.defaults.timeout(job.queue());
	}

	/**
	 * The method returned.
	 * @throws JobSerializationException if the value cannot be serialized
	 */
	Outcome returned(ActiveRun run, HandlerRules handler, ReturnedValue returned) {
		if (returned.value() instanceof Retry retry) {
			return askedForRetry(run, handler, retry);
		}
		return succeeded(run, handler, this.results.write(returned, answering(run)));
	}

	private JobSerializer answering(ActiveRun run) {
		return this.serializer.answering(run.job().payload().data());
	}

	private Outcome succeeded(ActiveRun run, HandlerRules handler, byte @Nullable [] result) {
		Duration ttl = run.job().options().orElse(handler.options()).resultTtl();
		return new Outcome.Finished(run.execution(), attempt(run, result, null), JobResult.Type.SUCCESSFUL,
				JobOptions.seconds((ttl != null) ? ttl : this.defaults.resultTtl(run.job().queue())));
	}

	private Outcome askedForRetry(ActiveRun run, HandlerRules handler, Retry retry) {
		int soFar = run.job().run().numberOfRetries();
		Attempt attempt = attempt(run, answering(run).writeValue(JobSerializer.UNSERIALIZABLE_RETURN_VALUE), null);
		long ttl = failureTtl(run.job(), handler);
		if (soFar >= retry.retries()) {
			return new Outcome.Finished(run.execution(), attempt, JobResult.Type.MAX_RETRIES_EXCEEDED, ttl);
		}
		return new Outcome.Retried(run.execution(), attempt, retry.intervalSecondsAfter(soFar), false, ttl,
				run.job().run().attempts() + 1, null, soFar + 1);
	}

	/**
	 * Returns why a run has failed.
	 * @param thrown what the method threw, or {@code null} if it was cut short
	 */
	Throwable failure(ActiveRun run, @Nullable Throwable thrown) {
		Throwable printable = (thrown != null) ? FailureText.printable(thrown) : null;
		CutShort cut = run.cutShort();
		if (cut == null) {
			return Objects.requireNonNull(printable, "A run that was not cut short has thrown");
		}
		return switch (cut) {
			case TIMEOUT -> new JobTimeoutException(Objects.requireNonNull(run.timeout()), printable);
			case KILLED -> new JobKilledException(printable);
			case STOPPED -> new JobStoppedException(printable);
		};
	}

	/** The attempt failed. */
	Outcome failed(ActiveRun run, HandlerRules handler, Decision decision, Throwable failure) {
		long ttl = failureTtl(run.job(), handler);
		if (run.cutShort() == CutShort.STOPPED) {
			return new Outcome.Finished(run.execution(), attempt(run, null, JobStoppedException.TEXT),
					JobResult.Type.STOPPED, ttl);
		}
		if (decision == Decision.SWALLOW) {
			return succeeded(run, handler, null);
		}
		Attempt attempt = attempt(run, null, StoredTrace.cut(FailureText.stackTrace(failure)));
		Retry retry = retry(run.job(), handler);
		if (decision == Decision.FAIL || retry == null || !retry.hasRetriesLeft()
				|| failure instanceof InvalidJobException || failure instanceof JobSerializationException) {
			return new Outcome.Finished(run.execution(), attempt, JobResult.Type.FAILED, ttl);
		}
		Retry drawn = retry.drawn();
		return new Outcome.Retried(run.execution(), attempt, drawn.nextIntervalSeconds(), drawn.front(), ttl,
				run.job().run().attempts() + 1, drawn.afterRetry(), null);
	}

	/** The job waits for a worker that knows its function, which counts as no attempt. */
	Outcome putBack(ActiveRun run) {
		return new Outcome.Retried(run.execution(), attempt(run, null, PUT_BACK), PUT_BACK_SECONDS, false,
				failureTtl(run.job(), HandlerRules.NONE), run.job().run().attempts(), null, null);
	}

	private @Nullable Retry retry(Job job, HandlerRules handler) {
		Retry retry = job.options().orElse(handler.options()).retry();
		return (retry != null) ? retry : this.defaults.jobs().of(job.queue()).retry();
	}

	/** The job's record cannot be read. */
	Outcome unreadable(Execution execution, InvalidJobException problem) {
		Instant now = this.time.instant();
		return new Outcome.Finished(execution,
				new Attempt(now, now, null, StoredTrace.cut(FailureText.stackTrace(problem))), JobResult.Type.FAILED,
				JobOptions.seconds(this.defaults.failureTtl(execution.queue())));
	}

	/** Returns how long a run has taken so far. */
	Duration took(ActiveRun run) {
		return attempt(run, null, null).took();
	}

	private Attempt attempt(ActiveRun run, byte @Nullable [] value, @Nullable String exception) {
		Instant now = this.time.instant();
		return new Attempt(run.startedAt(), now.isBefore(run.startedAt()) ? run.startedAt() : now, value, exception);
	}

	private long failureTtl(Job job, HandlerRules handler) {
		Duration ttl = job.options().orElse(handler.options()).failureTtl();
		return JobOptions.seconds((ttl != null) ? ttl : this.defaults.failureTtl(job.queue()));
	}

}
