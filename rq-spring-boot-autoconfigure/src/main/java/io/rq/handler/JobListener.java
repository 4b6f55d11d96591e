package io.rq.handler;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.queue.ReclaimedJob;
import io.rq.queue.Registry;

/**
 * Hears what becomes of jobs. Implemented by metrics and by applications, as a bean. Be
 * quick. What it throws is logged and changes nothing.
 * <ul>
 * <li>{@code enqueued}: on the thread that enqueues.</li>
 * <li>{@code started}, and {@code ended} when the method has returned or nobody here
 * knows it: on the thread of the job.</li>
 * <li>{@code ended} otherwise: on another thread of the worker, several at a time.</li>
 * <li>{@code leaseLost} (as a rule), {@code reclaimed}, {@code dropped} and
 * {@code interrupted}: on one thread of the worker, one after the other, so that
 * {@code leaseLost} may come after {@code ended}.</li>
 * </ul>
 *
 * <p>
 * A worker takes no further jobs while more than one hundred calls of {@code ended}
 * beyond its places are under way.
 */
public interface JobListener {

	/**
	 * Returns whether this listener hears of the jobs on any Redis that the application
	 * works with, of which it may have several.
	 * @return {@code false} to hear only of those on the application's own
	 */
	default boolean isForAnyRedis() {
		return true;
	}

	/**
	 * Jobs were enqueued, scheduled or deferred by this application, and are in Redis.
	 * Not told of the jobs of cron jobs.
	 * @param jobs the jobs
	 */
	default void enqueued(List<Job> jobs) {
	}

	/**
	 * A run is about to start.
	 * @param run the run
	 * @param waited how long the job waited on its queue, or {@code null} if it does not
	 * tell
	 */
	default void started(RunInfo run, @Nullable Duration waited) {
	}

	/**
	 * A run has ended; its outcome is being recorded. A job that could not be begun ends
	 * without having started.
	 * @param run the run
	 * @param outcome how it ended
	 * @param took how long it took
	 * @param failure what it threw, or {@code null}
	 */
	default void ended(RunInfo run, RunOutcome outcome, Duration took, @Nullable Throwable failure) {
	}

	/**
	 * The lease of a run was lost: its outcome does not count, and someone else may be
	 * running the job.
	 * @param queue the job's queue
	 * @param jobId the job's id
	 */
	default void leaseLost(String queue, String jobId) {
	}

	/**
	 * A job was taken from a worker that is gone.
	 * @param reclaimed the job and what became of it
	 */
	default void reclaimed(ReclaimedJob reclaimed) {
	}

	/**
	 * Jobs that had ended were dropped, because there were more than are kept.
	 * @param queue the queue's name
	 * @param registry how they had ended: finished, failed or canceled
	 * @param jobs how many
	 */
	default void dropped(String queue, Registry registry, long jobs) {
	}

	/**
	 * A part of a worker hung for longer than a lease and was interrupted, so that it
	 * goes on.
	 * @param part what its thread is called after, {@code fetch} for instance
	 */
	default void interrupted(String part) {
	}

}
