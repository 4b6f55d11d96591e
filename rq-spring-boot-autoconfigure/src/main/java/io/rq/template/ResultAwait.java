package io.rq.template;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;
import io.rq.job.Job;
import io.rq.job.JobFailedException;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.ResultTimeoutException;
import io.rq.lifecycle.Threads;
import io.rq.log.SafeLog;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;

/**
 * Waits for results.
 */
final class ResultAwait {

	private static final SafeLog log = SafeLog.of(ResultAwait.class);

	private static final Duration STATUS_LIMIT = Duration.ofMillis(500);

	private final JobStore store;

	private final AwaitedResults results;

	/** Held by the one thread that may be asking how a job stands. */
	private final Semaphore asking = new Semaphore(1);

	ResultAwait(JobStore store, AwaitedResults results) {
		this.store = store;
		this.results = results;
	}

	CompletableFuture<JobResult> begin(String id) {
		return Job.isValidId(id) ? this.results.await(id)
				: CompletableFuture.failedFuture(new NoJobResultException(id, NoJobResultException.Reason.MISSING));
	}

	JobResult await(String id, Duration timeout) {
		long start = System.nanoTime();
		CompletableFuture<JobResult> outcome = begin(id);
		try {
			return outcome.get(nanos(timeout) - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new ResultTimeoutException(id, timeout, status(id));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RqException("Interrupted while waiting for the result of job '" + id + "'", ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException failure) ? failure
					: new IllegalStateException(ex.getCause());
		}
		finally {
			outcome.cancel(false);
		}
	}

	private static long nanos(Duration timeout) {
		return (timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0) ? timeout.toNanos() : Long.MAX_VALUE;
	}

	/**
	 * Only words the message, so that it must not take long, nor leave a thread behind
	 * for each wait that ends while Redis does not answer.
	 */
	private @Nullable JobStatus status(String id) {
		if (!this.asking.tryAcquire()) {
			return null;
		}
		AtomicReference<@Nullable JobStatus> status = new AtomicReference<>();
		try {
			Threads.within("rq-results-status", STATUS_LIMIT, () -> status.set(ask(id)));
		}
		catch (OutOfMemoryError ex) {
			this.asking.release();
			log.debug("There is no thread to ask how job {} stands", id, ex);
		}
		return status.get();
	}

	private @Nullable JobStatus ask(String id) {
		try {
			return this.store.find(id).map(Job::status).orElse(null);
		}
		catch (RuntimeException ex) {
			log.debug("It is not known how job {} stands", id, ex);
			return null;
		}
		finally {
			this.asking.release();
		}
	}

	/**
	 * Makes a handle.
	 * @param value reads what a successful run has returned
	 */
	<T> JobHandle<T> handle(String id, Function<JobResult, Optional<T>> value) {
		return new Handle<>(id, value);
	}

	private final class Handle<T> implements JobHandle<T> {

		private final String id;

		private final Function<JobResult, Optional<T>> value;

		Handle(String id, Function<JobResult, Optional<T>> value) {
			this.id = id;
			this.value = value;
		}

		@Override
		public String id() {
			return this.id;
		}

		@Override
		public CompletableFuture<@Nullable T> result() {
			CompletableFuture<JobResult> outcome = begin(this.id);
			CompletableFuture<@Nullable T> value = new CompletableFuture<>();
			outcome.whenCompleteAsync((result, failure) -> complete(value, result, failure));
			value.whenComplete((any, failure) -> outcome.cancel(false));
			return value;
		}

		private void complete(CompletableFuture<@Nullable T> value, @Nullable JobResult result,
				@Nullable Throwable failure) {
			try {
				if (result != null) {
					value.complete(value(result));
				}
				else if (failure != null) {
					value.completeExceptionally(
							(failure instanceof CompletionException wrapped && wrapped.getCause() != null)
									? wrapped.getCause() : failure);
				}
			}
			catch (Throwable ex) {
				value.completeExceptionally(ex);
			}
		}

		@Override
		public @Nullable T await(Duration timeout) {
			return value(ResultAwait.this.await(this.id, timeout));
		}

		private @Nullable T value(JobResult result) {
			if (result.type() != JobResult.Type.SUCCESSFUL) {
				throw new JobFailedException(this.id, result.type(), result.exception());
			}
			return this.value.apply(result).orElse(null);
		}

		@Override
		public String toString() {
			return "JobHandle[id=" + this.id + "]";
		}

	}

}
