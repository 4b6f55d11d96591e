package io.rq.test.run;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;

/**
 * The jobs that have not run yet, wherever they are.
 */
public interface Backlog {

	/** Puts the jobs on their queues whose time has come. */
	void promote();

	/**
	 * Returns the job to run next.
	 * @param wanted which jobs come into question
	 * @return the job, or {@code null} if no queue has any
	 */
	@Nullable Job next(Predicate<Job> wanted);

	/**
	 * Returns when the next of the scheduled jobs is due.
	 * @return the time, or {@code null} if none is scheduled
	 */
	@Nullable Instant nextDue();

	/**
	 * Brings scheduled jobs nearer.
	 * @param by by how much
	 */
	void advance(Duration by);

	/**
	 * Returns what time it is for the jobs.
	 * @return the time
	 */
	Instant now();

	/** Forgets all jobs. */
	void clear();

}
