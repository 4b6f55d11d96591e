package io.rq.security;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;

import io.rq.handler.JobContext;

/**
 * Decides as which user a job runs, by the name of the user who enqueued it. Without a
 * bean of this type a job runs as nobody.
 *
 * <p>
 * <b>The name proves nothing</b>: whoever may write to the Redis of the queue can write
 * any name into a job. A resolver that makes an administrator of a name lets each of
 * those act as one. Give a run no more rights than all who can enqueue have anyway.
 */
@FunctionalInterface
public interface EnqueuedByResolver {

	/**
	 * Decides as which user a job runs.
	 * @param enqueuedBy the name that came with the job
	 * @param context the surroundings of the run
	 * @return the authentication of the run, or {@code null} to run as nobody
	 * @throws RuntimeException a failure of the run
	 */
	@Nullable Authentication resolve(String enqueuedBy, JobContext context);

}
