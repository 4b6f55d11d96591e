package io.rq.scheduler;

import org.jspecify.annotations.Nullable;

import io.rq.redis.SchedulerStore.SchedulerIdentity;

/**
 * What a {@link Duty} knows of the elections of its scheduler. For the scheduler's
 * thread.
 */
public interface Election {

	/**
	 * Returns whether this process may do something for a queue now.
	 * @param queue the queue's name
	 * @return whether it holds the queue's lock, as far as it may believe that
	 */
	boolean leads(String queue);

	/**
	 * Returns who else leads a queue.
	 * @param queue the queue's name
	 * @return the name of the scheduler, of any language, that held the queue's lock at
	 * the last election, or {@code null} if no other did
	 */
	@Nullable String holder(String queue);

	/**
	 * Returns who this scheduler is to others: another one after each start.
	 * @return the identity, with the token in the locks
	 */
	SchedulerIdentity identity();

	/**
	 * Takes note that Redis does not know this process as the queue's scheduler any more.
	 * @param queue the queue's name
	 */
	void lost(String queue);

	/**
	 * Holds an election. Fails if Redis is away: then no queue is to blame for what
	 * failed before.
	 */
	void attempt();

}
