package io.rq.test.run;

import java.util.ArrayList;
import java.util.List;

import io.rq.job.NewJob;

/**
 * Remembers which jobs were enqueued, whatever becomes of them. Safe for use by many
 * threads.
 */
public final class EnqueuedLog {

	private final List<NewJob> jobs = new ArrayList<>();

	/**
	 * Takes note of jobs.
	 * @param enqueued the jobs, as they were asked for
	 */
	public synchronized void add(List<NewJob> enqueued) {
		this.jobs.addAll(enqueued);
	}

	/**
	 * Returns all jobs.
	 * @return the jobs, in the order in which they were enqueued
	 */
	public synchronized List<NewJob> all() {
		return List.copyOf(this.jobs);
	}

	/** Forgets all jobs. */
	public synchronized void clear() {
		this.jobs.clear();
	}

}
