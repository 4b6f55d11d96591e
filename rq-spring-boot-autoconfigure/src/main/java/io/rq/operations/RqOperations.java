package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.rq.cron.CronJobInfo;
import io.rq.doctor.Finding;
import io.rq.explain.Explanation;
import io.rq.history.History;
import io.rq.history.HistoryRange;
import io.rq.job.JobRequest;
import io.rq.queue.Registry;
import io.rq.worker.RunStack;

/**
 * What the people who look after queues read and do, whatever they do it through. Each
 * call is checked by the {@link OperatorAuthorization}; each one that changes something,
 * and each one that is refused, is on record. The calls of an instance are made by its
 * operator: by the application, unless {@link #as} names another.
 *
 * <p>
 * Every method throws an {@link OperationDeniedException} if its operator may not do it,
 * an {@link IllegalArgumentException} if a name or number is none, and Spring's
 * {@code DataAccessException} if Redis cannot be asked. No read costs more because there
 * are more jobs.
 */
public interface RqOperations {

	/** How many jobs a list may have at once. */
	int MAX_LIMIT = 500;

	/** How many jobs one call may name. */
	int MAX_IDS = 1_000;

	/**
	 * Returns the operations of someone else.
	 * @param operator who makes the calls
	 * @return the operations
	 */
	RqOperations as(Operator operator);

	/**
	 * Tells whether the operator may do something, without doing it or recording that it
	 * was asked.
	 * @param operation what
	 * @param queue the queue that is meant, or {@code null} if it is none or all of them
	 * @return whether it would be allowed
	 */
	boolean isAllowed(Operation operation, @Nullable String queue);

	/**
	 * Looks at all queues, workers and schedulers, or shows what was seen within the last
	 * second.
	 * @return what is there
	 */
	Overview overview();

	/**
	 * Looks at a queue and the first jobs in each of its registries.
	 * @param queue the queue's name
	 * @return what is there, or empty if there is no such queue
	 */
	Optional<QueueDetails> queue(String queue);

	/**
	 * Lists jobs. If not all are meant, at most 10,000 are looked at in one call, and the
	 * next one goes on from there.
	 * @param queue the queue's name
	 * @param registry the registry, or the queue itself
	 * @param filter which jobs are meant
	 * @param cursor where the list before ended, or {@code null} to begin
	 * @param limit how many jobs of the registry a page has, from 1 to
	 * {@value #MAX_LIMIT}; of a search about as many are found
	 * @return the jobs
	 */
	JobList jobs(String queue, Registry registry, JobFilter filter, @Nullable String cursor, int limit);

	/**
	 * Reads all that is known of a job.
	 * @param id the job's id
	 * @return the details, or empty if there is no such job (any more)
	 */
	Optional<JobDetails> job(String id);

	/**
	 * Explains why a job does not run.
	 * @param id the job's id
	 * @return the cause, by what that can be seen, and what to do; also of a job that is
	 * gone, never was, or has run
	 */
	Explanation explain(String id);

	/**
	 * Looks at what a job does at this moment. Only who may do so is told; a look is not
	 * on record.
	 * @param id the job's id
	 * @return what the thread does that runs it, or empty if it does not run in this
	 * process
	 */
	Optional<RunStack> stack(String id);

	/**
	 * Groups the failed jobs of all queues by what they failed with. At most about 2,000
	 * are looked at.
	 * @return the groups
	 */
	FailureGroups failures();

	/**
	 * Groups the failed jobs of a queue by what they failed with.
	 * @param queue the queue's name
	 * @return the groups
	 */
	FailureGroups failures(String queue);

	/**
	 * Reads what became of jobs in the past.
	 * @param queue the queue's name, or {@code null} for all
	 * @param function the function's name, or {@code null} for all
	 * @param range how far back
	 * @return what was counted, by minute or hour
	 * @throws IllegalArgumentException if the function ran on very many queues, and none
	 * is named
	 */
	History history(@Nullable String queue, @Nullable String function, HistoryRange range);

	/**
	 * Looks at the cron jobs of this application.
	 * @return the cron jobs, sorted by name
	 */
	List<CronJobInfo> cron();

	/**
	 * Looks for what is wrong with the set-up of Redis and of this application, or shows
	 * what was found within the last seconds.
	 * @return what was found, and what could not be found out
	 */
	List<Finding> doctor();

	/**
	 * Reads the record of operations, the newest first.
	 * @param before the id of the last entry that was read, or {@code null} to begin
	 * @param limit how many at most, from 1 to {@value #MAX_LIMIT}
	 * @return the entries
	 */
	List<AuditEntry> audit(@Nullable String before, int limit);

	/**
	 * Enqueues a new job, or schedules it if it is for later.
	 * @param request what it does and how
	 * @return its id
	 * @throws IllegalArgumentException if there can be no such job
	 * @see io.rq.template.JobOperations#enqueue(JobRequest)
	 */
	String enqueue(JobRequest request);

	/**
	 * Puts a job on its queue that has ended, was cancelled or has never been on a queue.
	 * @param id the job's id
	 * @param atFront whether it is the next to run
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it waits or runs
	 * @see io.rq.template.JobOperations#requeue(String, boolean)
	 */
	boolean requeue(String id, boolean atFront);

	/**
	 * Puts those jobs on their queues that have ended, were cancelled or have never been
	 * on a queue, and leaves the others as they are.
	 * @param queue the name of their queue
	 * @param ids the jobs' ids, at most {@value #MAX_IDS}
	 * @return the number of jobs that were requeued
	 */
	long requeueAll(String queue, Collection<String> ids);

	/**
	 * Puts a job on its queue now that is due later, such as one that waits between two
	 * attempts.
	 * @param id the job's id
	 * @param atFront whether it is the next to run
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it is not scheduled
	 * @see io.rq.template.JobOperations#runNow(String, boolean)
	 */
	boolean runNow(String id, boolean atFront);

	/**
	 * Changes when a scheduled job is due.
	 * @param id the job's id
	 * @param time when; a moment that has passed for at once
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it is not scheduled
	 * @see io.rq.template.JobOperations#reschedule(String, Instant)
	 */
	boolean reschedule(String id, Instant time);

	/**
	 * Enqueues a new job that does the same as one that there is, whatever its state.
	 * @param id the old job's id
	 * @return the id of the new job, or empty if there is no job of that id
	 * @see io.rq.template.JobOperations#enqueueAgain(String)
	 */
	Optional<String> runAgain(String id);

	/**
	 * Enqueues a new job that does the same as one that there is, with other arguments.
	 * @param id the old job's id
	 * @param arguments its arguments
	 * @return the id of the new job, or empty if there is no job of that id
	 * @throws io.rq.job.InvalidJobException if the call of the old one cannot be read
	 */
	Optional<String> runAgain(String id, JobArguments arguments);

	/**
	 * Replaces the arguments of a job that does not run and has not ended well.
	 * @param id the job's id
	 * @param arguments its arguments
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it runs or has ended well
	 * @throws io.rq.job.InvalidJobException if its call cannot be read
	 * @see io.rq.template.JobOperations#changeCall
	 */
	boolean edit(String id, JobArguments arguments);

	/**
	 * Moves a job that does not run to another queue, on both of which the operator must
	 * be allowed to.
	 * @param id the job's id
	 * @param queue the name of the other queue
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it runs
	 * @see io.rq.template.JobOperations#move(String, String)
	 */
	boolean move(String id, String queue);

	/**
	 * Cancels a job, so that it does not run.
	 * @param id the job's id
	 * @param enqueueDependents whether the jobs that wait for this one alone are put on
	 * their queues
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it has ended
	 * @see io.rq.template.JobOperations#cancel(String, boolean)
	 */
	boolean cancel(String id, boolean enqueueDependents);

	/**
	 * Stops a running job and waits until its worker has confirmed that.
	 * @param id the job's id
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if the job does not run
	 * @throws io.rq.job.StopTimeoutException if the worker has not confirmed it in time
	 * @see io.rq.template.JobOperations#stop(String)
	 */
	boolean stop(String id);

	/**
	 * Deletes a job with all that is its own. For some minutes it can be put back, if
	 * Redis has memory for it and it neither runs nor waits for others.
	 * @param id the job's id
	 * @param deleteDependents whether the jobs that wait for this one are deleted too;
	 * then none of them can be put back
	 * @return whether there was such a job
	 * @see #delete(String, boolean, boolean)
	 */
	default boolean delete(String id, boolean deleteDependents) {
		return delete(id, deleteDependents, false).isPresent();
	}

	/**
	 * Deletes a job with all that is its own.
	 * @param id the job's id
	 * @param deleteDependents whether the jobs that wait for this one are deleted too;
	 * then none of them can be put back
	 * @param now whether it is to be gone for good at once
	 * @return until when that can be undone, or empty if there was no such job
	 * @see io.rq.template.JobOperations#delete(String, boolean)
	 */
	Optional<Deletion> delete(String id, boolean deleteDependents, boolean now);

	/**
	 * Puts a deleted job back where it was. One that waited goes to the end of its queue.
	 * @param id the job's id
	 * @return whether such a job was kept
	 * @throws io.rq.job.IllegalJobStateException if there is a job of that id again, or
	 * it would have expired by now
	 * @see Deletion#undoableUntil()
	 */
	boolean undo(String id);

	/**
	 * Deletes all jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs deleted
	 * @see io.rq.template.QueueOperations#empty(String)
	 */
	long empty(String queue);

	/**
	 * Lets no worker of this library start a job of a queue. Workers of Python do not
	 * know it.
	 * @param queue the queue's name
	 * @param reason why, for people; may be empty
	 * @see io.rq.template.QueueOperations#pause(String, String)
	 */
	void pauseQueue(String queue, String reason);

	/**
	 * Lets workers start jobs of a queue again.
	 * @param queue the queue's name
	 * @return whether it was paused
	 */
	boolean resumeQueue(String queue);

	/**
	 * Lets no worker, of either language, start a job.
	 * @param duration for how long, in whole seconds, or {@code null} until
	 * {@link #resume()}
	 */
	void suspend(@Nullable Duration duration);

	/**
	 * Lets workers start jobs again.
	 * @return whether they were suspended
	 */
	boolean resume();

	/**
	 * Shuts a worker of either language down, and waits until it is off the record: it
	 * takes no more jobs and ends when those that run have ended.
	 * @param name the worker's name
	 * @return {@code false} if there is no such worker
	 * @throws io.rq.queue.ShutdownTimeoutException if it is still on record after 30
	 * seconds
	 * @see io.rq.template.WorkerOperations#shutdown(String)
	 */
	boolean stopWorker(String name);

	/**
	 * Enqueues a job of a cron job of this application now.
	 * @param name the cron job's name
	 * @return the id of the job
	 */
	String triggerCron(String name);

	/**
	 * Pauses a cron job of this application.
	 * @param name the cron job's name
	 * @param reason why, for people
	 */
	void pauseCron(String name, String reason);

	/**
	 * Ends the pause of a cron job of this application.
	 * @param name the cron job's name
	 * @return whether it was paused
	 */
	boolean resumeCron(String name);

	/**
	 * Begins to do something to many jobs, batch by batch, on this node or, when that
	 * dies, on another. A batch that a node did not live to count is not counted.
	 * @param request what, and to which jobs
	 * @return the operation as it begins
	 * @throws IllegalArgumentException if this process carries out none
	 */
	BulkOperation bulk(BulkRequest request);

	/**
	 * Looks how far a bulk operation has come.
	 * @param id its id
	 * @return the operation, or empty if there is none of that id, it began more than a
	 * day ago, or its record cannot be read by this version
	 */
	Optional<BulkOperation> bulkOperation(String id);

	/**
	 * Looks at the bulk operations of the last day.
	 * @return the last hundred, the newest first; those are left out whose record cannot
	 * be read by this version
	 */
	List<BulkOperation> bulkOperations();

	/**
	 * Ends a bulk operation after the batch under way. What was done stays. Needs the
	 * role that the operation needs.
	 * @param id its id
	 * @return whether there is one of that id that goes on
	 */
	boolean cancelBulk(String id);

	/**
	 * Begins to put back what a bulk operation has deleted, in the order in which it was
	 * deleted. A job that cannot be put back is refused, as {@link #undo(String)} refuses
	 * it, and the others are put back all the same.
	 * @param id the id of the bulk operation
	 * @return the operation that puts them back, or empty if there is none of that id
	 * @throws IllegalArgumentException if it is no delete, it goes on, or none of what it
	 * has deleted is kept
	 */
	Optional<BulkOperation> undoBulk(String id);

}
