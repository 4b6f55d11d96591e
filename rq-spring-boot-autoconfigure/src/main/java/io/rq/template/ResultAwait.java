package io.rq.template;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.util.ClassUtils;

import io.rq.RqException;
import io.rq.job.Job;
import io.rq.job.JobFailedException;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NoJobResultException;
import io.rq.job.ResultTimeoutException;
import io.rq.redis.AwaitedResults;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;

/**
 * Waits for results and reads what jobs have returned.
 */
final class ResultAwait {

	private final JobStore store;

	private final AwaitedResults results;

	private final JobSerializer serializer;

	ResultAwait(JobStore store, AwaitedResults results, JobSerializer serializer) {
		this.store = store;
		this.results = results;
		this.serializer = serializer;
	}

	CompletableFuture<JobResult> begin(String id) {
		return Job.isValidId(id) ? this.results.await(id)
				: CompletableFuture.failedFuture(new NoJobResultException(id, NoJobResultException.Reason.MISSING));
	}

	JobResult await(String id, Duration timeout) {
		CompletableFuture<JobResult> outcome = begin(id);
		try {
			return outcome.get(nanos(timeout), TimeUnit.NANOSECONDS);
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

	private @Nullable JobStatus status(String id) {
		try {
			return this.store.find(id).map(Job::status).orElse(null);
		}
		catch (RqException | DataAccessException ex) {
			return null;
		}
	}

	@Nullable Object value(String id, JobResult result, Type type) {
		if (result.type() != JobResult.Type.SUCCESSFUL) {
			throw new JobFailedException(id, result.type(), result.exception());
		}
		byte[] value = result.returnValue();
		return (value != null) ? this.serializer.readValue(value, type) : null;
	}

	@SuppressWarnings("unchecked")
	<T> JobHandle<T> handle(String id, Class<T> type) {
		return new Handle<>(id,
				(result) -> (T) ClassUtils.resolvePrimitiveIfNecessary(type).cast(value(id, result, type)));
	}

	@SuppressWarnings("unchecked")
	<T> JobHandle<T> handle(String id, Type type) {
		return new Handle<>(id, (result) -> (T) value(id, result, type));
	}

	private final class Handle<T> implements JobHandle<T> {

		private final String id;

		private final Function<JobResult, @Nullable T> value;

		Handle(String id, Function<JobResult, @Nullable T> value) {
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
					value.complete(this.value.apply(result));
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
			return this.value.apply(ResultAwait.this.await(this.id, timeout));
		}

		@Override
		public String toString() {
			return "JobHandle[id=" + this.id + "]";
		}

	}

}
