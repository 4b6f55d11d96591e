package io.rq.template;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A job to whose return value one can wait, in whichever process it runs. Nothing is
 * asked of Redis until one of its methods is called, and any number of handles wait over
 * one connection per 1,000 jobs. Made by {@link JobOperations#handle}.
 *
 * @param <T> the type of the return value
 */
public interface JobHandle<T> {

	/**
	 * Returns the id of the job.
	 * @return the id
	 */
	String id();

	/**
	 * Returns the return value when it is there. Each call waits for itself; who does not
	 * wait any more cancels the future, which does nothing to the job. Stages that depend
	 * on it run on threads of the {@link java.util.concurrent.ForkJoinPool#commonPool()
	 * common pool} unless another executor is given.
	 * @return the value, {@code null} if the job returned none. The future fails with a
	 * {@link io.rq.job.JobFailedException} if the job has failed for good or was stopped,
	 * with a {@link io.rq.job.NoJobResultException} if it was cancelled or deleted or its
	 * result is not kept, with a {@link io.rq.serializer.JobSerializationException} if
	 * the value does not fit the type, and with an {@link io.rq.RqException} if the
	 * application closes meanwhile
	 */
	CompletableFuture<@Nullable T> result();

	/**
	 * Waits for the return value.
	 * @param timeout how long to wait at most
	 * @return the value, or {@code null} if the job returned none
	 * @throws io.rq.job.ResultTimeoutException if the job has no result in time
	 * @throws io.rq.job.JobFailedException if it has failed for good or was stopped
	 * @throws io.rq.job.NoJobResultException if it was cancelled or deleted or its result
	 * is not kept
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 * @throws io.rq.RqException if the application closes meanwhile or the thread is
	 * interrupted, whose interrupt flag is set then
	 */
	@Nullable T await(Duration timeout);

}
