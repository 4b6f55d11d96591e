package io.rq.template;

import java.util.List;

import io.rq.job.NewJob;

/**
 * Writes jobs down in the database transaction that asks for them, and enqueues them when
 * it has committed. Jobs that were written are enqueued once, even if this process dies
 * with the commit or Redis is away.
 */
public interface JobOutbox {

	/**
	 * Writes jobs down in the transaction of this thread, if it is one of its database.
	 * Called before the commit, with all jobs that have not been rolled back.
	 * @param jobs the jobs, in the order in which they are to be enqueued
	 * @return whether they were written; if not, they are enqueued after the commit as
	 * they are without an outbox
	 * @throws RuntimeException if they could not be; the transaction fails then
	 */
	boolean write(List<NewJob> jobs);

	/**
	 * Hears that the transaction of this thread has committed, and enqueues what it has
	 * written soon. Must not block or fail.
	 */
	void committed();

}
