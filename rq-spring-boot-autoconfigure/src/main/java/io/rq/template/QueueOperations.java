package io.rq.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.rq.job.Job;
import io.rq.queue.ExecutionId;
import io.rq.queue.QueuePause;
import io.rq.queue.QueuePosition;
import io.rq.queue.Registry;

/**
 * What can be done to queues as a whole. Implemented by {@link QueueTemplate}; inject
 * this type where tests want another.
 *
 * <p>
 * A queue that is divided ({@code rq.queues.<queue>.partitions}) is meant with all its
 * partitions, one after the other in lists; a partition may be named as well.
 *
 * <p>
 * Every method that names a queue throws an {@link IllegalArgumentException} if the name
 * is malformed. What takes long goes in parts: Redis serves others in between, and
 * workers go on.
 */
public interface QueueOperations {

	/** How many jobs a page may have. */
	int MAX_PAGE = 1_000;

	/** How long the reason of a pause may be. */
	int MAX_REASON = 500;

	/**
	 * Returns the names of all queues on record, of both languages, partitions among
	 * them.
	 * @return the names in alphabetical order
	 */
	List<String> names();

	/**
	 * Counts the jobs that wait on a queue. Ids that no worker would run are counted
	 * until a worker comes to them, or {@link #compact}.
	 * @param queue the queue's name
	 * @return the number of jobs
	 */
	long count(String queue);

	/**
	 * Counts the jobs in a registry of a queue.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @return the number of jobs
	 */
	long count(String queue, Registry registry);

	/**
	 * Reads a page of the jobs in a registry of a queue.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @param offset how many to skip
	 * @param limit how many to read at most, from 1 to {@value #MAX_PAGE}
	 * @return the jobs in the order of the registry, on a queue the next one first;
	 * without those that have expired or cannot be read
	 */
	List<Job> jobs(String queue, Registry registry, long offset, int limit);

	/**
	 * Reads a page of the ids in a registry of a queue.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @param offset how many to skip
	 * @param limit how many to read at most, from 1 to {@value #MAX_PAGE}
	 * @return the ids in the order of the registry, on a queue the next one first
	 */
	List<String> ids(String queue, Registry registry, long offset, int limit);

	/**
	 * Reads a page of the runs of a queue's jobs that are under way, by workers of either
	 * language. {@link JobOperations#executions} tells more of those of one job.
	 * @param queue the queue's name
	 * @param offset how many to skip
	 * @param limit how many to read at most, from 1 to {@value #MAX_PAGE}
	 * @return the runs, those first whose leases end first
	 */
	List<ExecutionId> executionIds(String queue, long offset, int limit);

	/**
	 * Tells where a job waits on a queue. More than 10,000 places from both ends are not
	 * searched.
	 * @param queue the queue's name
	 * @param id the job's id
	 * @return its position, or empty if it does not wait there
	 */
	Optional<QueuePosition> position(String queue, String id);

	/**
	 * Takes a job off a queue. It is kept, as one that was created and never put on a
	 * queue; {@link JobOperations#requeue(String)} puts it back.
	 * @param queue the queue's name
	 * @param id the job's id
	 * @return whether it waited there
	 */
	boolean remove(String queue, String id);

	/**
	 * Deletes all jobs that wait on a queue, with all that is their own; those that come
	 * meanwhile may stay. Jobs that wait for one of them go on as if it had failed if
	 * they allow that, else they fail.
	 * @param queue the queue's name
	 * @return the number of jobs deleted
	 */
	long empty(String queue);

	/**
	 * {@linkplain #empty Empties} a queue and takes it off the record. Its registries
	 * stay, and it is on record again with its next job.
	 * @param queue the queue's name
	 * @return {@code false} if jobs came meanwhile, so that it is still on record
	 */
	boolean delete(String queue);

	/**
	 * Takes ids off a queue that no worker would run: of jobs that are gone or were
	 * cancelled. What a worker takes meanwhile may lead to some being missed.
	 * @param queue the queue's name
	 * @return the number of ids
	 */
	long compact(String queue);

	/**
	 * Lets no worker of this library start a job of a queue until {@link #unpause}.
	 * Running jobs go on, jobs may be enqueued, and those that are due go to the queue.
	 * Workers of Python do not know it. If the queue is paused already, only the reason
	 * changes.
	 * @param queue the queue's name
	 * @param reason why, for people; may be empty
	 * @throws IllegalArgumentException if the reason is longer than {@value #MAX_REASON}
	 * characters
	 */
	void pause(String queue, String reason);

	/**
	 * Lets workers start jobs of a queue again, within a second.
	 * @param queue the queue's name
	 * @return whether it was paused
	 */
	boolean unpause(String queue);

	/**
	 * Tells whether a queue is paused.
	 * @param queue the queue's name
	 * @return {@code true} while it is
	 */
	boolean isPaused(String queue);

	/**
	 * Reads which queues are paused.
	 * @return the queues by name, with since when and why
	 */
	Map<String, QueuePause> pauses();

	/**
	 * Lets no worker, of either language, start a job until {@link #resume()}. What runs
	 * goes on.
	 */
	void suspend();

	/**
	 * Lets no worker start a job for a while.
	 * @param duration for how long: whole seconds, at least one
	 * @throws IllegalArgumentException if it is none
	 */
	void suspend(Duration duration);

	/**
	 * Lets workers start jobs again.
	 * @return whether they were suspended
	 */
	boolean resume();

	/**
	 * Tells whether workers are suspended.
	 * @return {@code true} while they are
	 */
	boolean isSuspended();

}
