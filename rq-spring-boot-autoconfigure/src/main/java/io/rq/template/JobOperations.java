package io.rq.template;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.job.Call;
import io.rq.job.Job;
import io.rq.job.JobExecution;
import io.rq.job.JobRequest;
import io.rq.job.JobResult;

/**
 * What an application does with jobs: enqueue them, by method reference or by function
 * name, and ask what became of them. Implemented by {@link JobTemplate}; inject this type
 * where tests want another.
 *
 * <p>
 * Every method that enqueues checks first: if it throws an exception of this library or
 * an {@link IllegalArgumentException}, nothing has been written; but for a
 * {@link io.rq.job.TooFewReplicasException}, after which the jobs may be there, and for
 * the earlier parts of a call with more than 1,000 jobs or 16 MB, or for several queues
 * on a Redis Cluster. If Redis cannot be reached it throws Spring's
 * {@code DataAccessException}.
 *
 * <p>
 * A job that is enqueued when the transaction of this thread commits is not there before.
 * Until then methods that read find no such job; methods that wait for it, change it or
 * cancel it throw {@link IllegalStateException}.
 */
public interface JobOperations extends MethodJobOperations {

	/**
	 * Puts a call of a function on its queue: the one its method here names, else the
	 * default queue. Methods are known by name when all singletons have been created: in
	 * a constructor or an initialization method enqueue by a method reference instead, or
	 * the job gets neither the queue nor the options of the method.
	 * @param function the function's name, known here or not: a Python function is as
	 * good
	 * @param args the arguments by position
	 * @return the job
	 * @see #enqueue(JobRequest)
	 */
	default Job enqueue(String function, @Nullable Object... args) {
		return enqueue(JobRequest.of(function, args));
	}

	/**
	 * Puts a call of a function on its queue after a delay.
	 * @param delay how long from now, by the clock of Redis; zero or negative for at once
	 * @param function the function's name
	 * @param args the arguments by position
	 * @return the job
	 * @see #enqueue(JobRequest)
	 */
	default Job enqueueIn(Duration delay, String function, @Nullable Object... args) {
		return enqueue(JobRequest.of(function, args).in(delay));
	}

	/**
	 * Puts a call of a function on its queue at a moment.
	 * @param time when; a moment that has passed for at once
	 * @param function the function's name
	 * @param args the arguments by position
	 * @return the job
	 * @see #enqueue(JobRequest)
	 */
	default Job enqueueAt(Instant time, String function, @Nullable Object... args) {
		return enqueue(JobRequest.of(function, args).at(time));
	}

	/**
	 * Stores many jobs with one round trip per 1,000. All requests are checked before the
	 * first job is written; each 1,000 are stored all or none, fewer if they are larger
	 * than 16 MB together. Jobs may depend on others of the call, in any order.
	 * @param requests the requests
	 * @return the jobs as stored, in the order of the requests
	 * @throws IllegalArgumentException if jobs wait for each other
	 * @see #enqueue(JobRequest)
	 */
	List<Job> enqueueAll(Collection<JobRequest> requests);

	/**
	 * Reads a job.
	 * @param id the job's id
	 * @return the job, or empty if there is none of that id (any more)
	 */
	Optional<Job> find(String id);

	/**
	 * Reads many jobs, with one round trip per 1,000 unless they are large.
	 * @param ids the jobs' ids
	 * @return the jobs, in the order of the ids; without those that there are not (any
	 * more), and those whose record cannot be read, for which {@link #find} gives the
	 * reason
	 */
	List<Job> findAll(Collection<String> ids);

	/**
	 * Tells whether there is a job.
	 * @param id the job's id
	 * @return {@code true} if there is, whatever its state
	 */
	boolean exists(String id);

	/**
	 * Reads the runs of a job that are under way. Workers of this library show a run when
	 * it has lasted for a second.
	 * @param id the job's id
	 * @return the runs: none, or one unless a worker has lost its lease
	 */
	List<JobExecution> executions(String id);

	/**
	 * Reads the meta data of a job.
	 * @param id the job's id
	 * @return the meta data by name; empty if there are none or no such job
	 * @throws io.rq.serializer.JobSerializationException if they cannot be read
	 */
	Map<String, @Nullable Object> meta(String id);

	/**
	 * Reads the meta data of a job as a type of the application's.
	 * @param id the job's id
	 * @param type the type, such as a record with a component for each name
	 * @param <T> the type
	 * @return the meta data, or empty if there are none or no such job
	 * @throws io.rq.serializer.JobSerializationException if they do not fit the type
	 */
	<T> Optional<T> meta(String id, Class<T> type);

	/**
	 * Changes the meta data of a job, also of one that runs. Changes by other processes
	 * of this library at the same time are not lost: then the change is made once more,
	 * to what they have written.
	 * @param id the job's id
	 * @param change changes the meta data by name; may be called more than once
	 * @return {@code false} if there is no such job
	 * @throws io.rq.serializer.JobSerializationException if the meta data cannot be read
	 * or written; nothing has been changed then
	 * @throws IllegalArgumentException if they would be larger than a job may be
	 */
	boolean updateMeta(String id, Consumer<Map<String, @Nullable Object>> change);

	/**
	 * Cancels a job, so that it does not run. One that runs goes on: its worker notices
	 * within seconds, {@link io.rq.handler.JobContext#isCancelled()} is true from then
	 * on, and only its result is recorded. Jobs that wait for this one go on waiting.
	 * @param id the job's id
	 * @return {@code false} if there is no such job; {@code true} also if it was
	 * cancelled before
	 * @throws io.rq.job.IllegalJobStateException if it has ended
	 */
	default boolean cancel(String id) {
		return cancel(id, false);
	}

	/**
	 * Cancels a job, so that it does not run.
	 * @param id the job's id
	 * @param enqueueDependents whether the jobs that wait for this one and for nothing
	 * else are put on their queues, although it has not run
	 * @return {@code false} if there is no such job; {@code true} also if it was
	 * cancelled before
	 * @throws io.rq.job.IllegalJobStateException if it has ended
	 * @see #cancel(String)
	 */
	boolean cancel(String id, boolean enqueueDependents);

	/**
	 * Puts a job at the end of its queue that has ended, was cancelled or has never been
	 * on a queue. It has the retries that are left, and no time to live but its
	 * {@code ttl}; its results stay.
	 * @param id the job's id
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it waits or runs
	 */
	default boolean requeue(String id) {
		return requeue(id, false);
	}

	/**
	 * Puts a job on its queue that has ended, was cancelled or has never been on a queue.
	 * @param id the job's id
	 * @param atFront whether it is the next to run
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it waits or runs
	 * @see #requeue(String)
	 */
	boolean requeue(String id, boolean atFront);

	/**
	 * Puts those jobs on their queues that have ended, were cancelled or have never been
	 * on a queue, 200 at a time, and leaves the others as they are.
	 * @param ids the jobs' ids
	 * @return the number of jobs that were requeued
	 */
	long requeueAll(Collection<String> ids);

	/**
	 * Puts all failed and stopped jobs of a queue back on it, 200 at a time. Jobs that
	 * fail meanwhile stay.
	 * @param queue the queue's name
	 * @return the number of jobs that were requeued
	 * @throws IllegalArgumentException if the name is malformed
	 */
	long requeueAll(String queue);

	/**
	 * Puts a job on its queue that is scheduled, by wish or for another attempt, before
	 * it is due. It goes where it would go then, by way of its rate limit if it has one.
	 * @param id the job's id
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it is not scheduled
	 */
	default boolean runNow(String id) {
		return runNow(id, false);
	}

	/**
	 * Puts a job on its queue that is scheduled, by wish or for another attempt, before
	 * it is due.
	 * @param id the job's id
	 * @param atFront whether it is the next to run; else it goes where it would go when
	 * due
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it is not scheduled
	 * @see #runNow(String)
	 */
	boolean runNow(String id, boolean atFront);

	/**
	 * Changes when a scheduled job is due, by the clock of Redis.
	 * @param id the job's id
	 * @param time when; a moment that has passed for at once
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it is not scheduled
	 * @throws IllegalArgumentException if the moment is after the year 9999
	 */
	boolean reschedule(String id, Instant time);

	/**
	 * Moves a job that does not run to another queue, with the place it has: a waiting
	 * one to the end of that queue, one that is scheduled, waits for others or has ended
	 * into the same registry there. With {@code rq.layout=cluster} it may be on neither
	 * queue for a moment, or as long as Redis cannot take it where the other one lies.
	 * @param id the job's id
	 * @param queue the name of the other queue
	 * @return {@code false} if there is no such job; {@code true} also if it was there
	 * before
	 * @throws io.rq.job.IllegalJobStateException if it runs; with
	 * {@code rq.layout=cluster} also if it waits for others, others wait for it, it has a
	 * rate limit, or the other queue has a job of its id
	 * @throws IllegalArgumentException if the name is malformed
	 */
	boolean move(String id, String queue);

	/**
	 * Replaces the arguments of a job that does not run and has not ended well.
	 * @param id the job's id
	 * @param args all arguments, by position
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it runs or has ended well
	 * @see #changeCall
	 */
	default boolean changeArguments(String id, @Nullable Object... args) {
		return changeCall(id, CallEdit.to(args));
	}

	/**
	 * Changes the arguments of a job that does not run and has not ended well. They are
	 * checked as those of a new job, and written in the format that the job has; its text
	 * for people follows unless somebody chose it. A failed job stays one:
	 * {@link #requeue(String)} runs it again.
	 * @param id the job's id
	 * @param change makes the new call of the old one, whose arguments are plain values,
	 * with a {@code BigDecimal} where a {@code Double} would round a number; may be
	 * called more than once. Only the arguments count
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if it runs or has ended well
	 * @throws IllegalArgumentException if the arguments do not fit a function that is
	 * known here or are too large, or another function is called
	 * @throws io.rq.job.InvalidJobException if the call cannot be read
	 * @throws io.rq.serializer.JobSerializationException if an argument cannot be written
	 */
	boolean changeCall(String id, UnaryOperator<Call> change);

	/**
	 * Enqueues a new job that does the same as one that there is, whatever its state: on
	 * the same queue, with the same options, group, meta data and all its retries, but
	 * waiting for no other. It {@linkplain Job#againOf() names} the old one, which stays
	 * as it is.
	 * @param id the old job's id
	 * @return the new job, or empty if there is no job of that id
	 * @see #requeue(String)
	 */
	Optional<Job> enqueueAgain(String id);

	/**
	 * Enqueues a new job of a chosen id that does the same as one that there is. Called
	 * twice, it enqueues one.
	 * @param id the old job's id
	 * @param newId the new job's id
	 * @return the new job, or empty if there is no job of the old id
	 * @throws IllegalArgumentException if the new id is malformed
	 * @throws io.rq.job.DuplicateJobException if there is a job of the new id in any
	 * state
	 * @see #enqueueAgain(String)
	 */
	Optional<Job> enqueueAgain(String id, String newId);

	/**
	 * Enqueues a new job that does the same as one that there is with other arguments.
	 * @param id the old job's id
	 * @param change makes the new call of the old one, as for {@link #changeCall}
	 * @return the new job, or empty if there is no job of that id
	 * @throws IllegalArgumentException as for {@link #changeCall}
	 * @throws io.rq.job.InvalidJobException if the call cannot be read
	 * @see #enqueueAgain(String)
	 */
	Optional<Job> enqueueAgain(String id, UnaryOperator<Call> change);

	/**
	 * Deletes a job with its results and all else that is its own. One that runs goes on
	 * until its worker notices, and nothing of it is recorded. Jobs that wait for this
	 * one go on waiting.
	 * @param id the job's id
	 * @return whether there was such a job
	 */
	default boolean delete(String id) {
		return delete(id, false);
	}

	/**
	 * Deletes a job with its results and all else that is its own.
	 * @param id the job's id
	 * @param deleteDependents whether the jobs that wait for this one are deleted too,
	 * with those that wait for them
	 * @return whether there was such a job
	 * @see #delete(String)
	 */
	boolean delete(String id, boolean deleteDependents);

	/**
	 * Stops a running job, whichever language its worker is written in, and waits until
	 * its worker has confirmed that, at most ten seconds.
	 * @param id the job's id
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if the job does not run
	 * @throws io.rq.job.StopTimeoutException if the worker has not confirmed it in time
	 * @see #stop(String, Duration)
	 */
	default boolean stop(String id) {
		return stop(id, Duration.ofSeconds(10));
	}

	/**
	 * Stops a running job, whichever language its worker is written in, and waits until
	 * its worker has confirmed that. The job is {@code stopped} then and will not be
	 * tried again. A method of Java is interrupted; if it does not heed that it is
	 * recorded as stopped five seconds later, and goes on without counting.
	 * @param id the job's id
	 * @param timeout how long to wait at most
	 * @return {@code false} if there is no such job
	 * @throws io.rq.job.IllegalJobStateException if the job does not run, or has ended in
	 * another way before it was stopped; it tells the job's status
	 * @throws io.rq.job.StopTimeoutException if the worker has not confirmed it in time
	 */
	boolean stop(String id, Duration timeout);

	/**
	 * Counts the jobs that wait on a queue.
	 * @param queue the queue's name
	 * @return the number of jobs
	 * @throws IllegalArgumentException if the name is malformed
	 */
	long count(String queue);

	/**
	 * Reads which jobs wait for a job, in parts if there are very many. The other way
	 * round a job {@linkplain Job#dependencyIds() tells itself}.
	 * @param id the job's id
	 * @return the ids of the jobs that it has not let go yet
	 */
	Set<String> dependents(String id);

	/**
	 * Returns a group of jobs, whether it has any yet or not.
	 * @param name the name of the group
	 * @return the group
	 * @throws IllegalArgumentException if the name has no text or has control characters
	 */
	JobGroup group(String name);

	/**
	 * Reads which groups of jobs there are.
	 * @return their names; some may have lost their last job until maintenance notices
	 */
	Set<String> groups();

	/**
	 * Reads the recorded outcomes of a job.
	 * @param id the job's id
	 * @return the outcomes, newest first; empty if there are none (any more)
	 */
	List<JobResult> results(String id);

	/**
	 * Reads the return value of a job's latest successful run.
	 * @param id the job's id
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the job has not succeeded, returned {@code null} or
	 * its result has expired
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 */
	<T> Optional<T> result(String id, Class<T> type);

	/**
	 * Reads the return value of a job's latest successful run as a generic type.
	 * @param id the job's id
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the job has not succeeded, returned {@code null} or
	 * its result has expired
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 */
	<T> Optional<T> result(String id, ParameterizedTypeReference<T> type);

	/**
	 * Reads the newest recorded outcome of a job: the first of {@link #results(String)}.
	 * @param id the job's id
	 * @return the outcome, or empty if there is none (any more)
	 */
	Optional<JobResult> latestResult(String id);

	/**
	 * Reads the return value of a recorded outcome, such as one of an earlier run.
	 * @param result the outcome
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the run has failed or returned {@code null}
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 */
	<T> Optional<T> value(JobResult result, Class<T> type);

	/**
	 * Reads the return value of a recorded outcome as a generic type.
	 * @param result the outcome
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the run has failed or returned {@code null}
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 */
	<T> Optional<T> value(JobResult result, ParameterizedTypeReference<T> type);

	/**
	 * Deletes the recorded outcomes of a job, those of attempts included. The job stays
	 * as it is.
	 * @param id the job's id
	 * @return how many there were
	 */
	long deleteResults(String id);

	/**
	 * Reads when a job is due.
	 * @param id the job's id
	 * @return the time, by the clock of Redis, or empty if the job is not scheduled
	 */
	Optional<Instant> scheduledTime(String id);

	/**
	 * Reads until when a job is kept that has ended.
	 * @param id the job's id
	 * @return the time, by the clock of Redis, or empty if the job has not ended or is
	 * kept for ever
	 */
	Optional<Instant> expirationTime(String id);

	/**
	 * Reads what a job calls: the name of its function, and the arguments as plain values
	 * (texts, numbers, booleans, lists, maps), whether the function is known here or not.
	 * @param id the job's id
	 * @return the call, or empty if there is no such job
	 * @throws io.rq.job.InvalidJobException if the call cannot be read, for instance
	 * because Python pickled it and {@code rq.serializer} is {@code json}
	 */
	Optional<Call> call(String id);

	/**
	 * Waits on the server until the outcome of a job is recorded: of the run that is
	 * under way or to come, or at once the last one if the job has ended. An attempt that
	 * is tried again is no outcome, a repetition is.
	 * @param id the job's id
	 * @param timeout how long to wait at most, whether or not Redis answers; without an
	 * outcome it may take a second more to ask how the job stands
	 * @return the outcome, whatever it is; of type {@link JobResult.Type#STOPPED} if the
	 * job was stopped
	 * @throws io.rq.job.ResultTimeoutException if there is none in time
	 * @throws io.rq.job.NoJobResultException if there will be none: there is no such job
	 * (any more), it was cancelled, or its result is not kept, because its time to live
	 * is 0. An end without a result is noticed within five seconds
	 * @throws io.rq.RqException if the application closes meanwhile or the thread is
	 * interrupted, whose interrupt flag is set then
	 */
	JobResult awaitResult(String id, Duration timeout);

	/**
	 * Waits on the server for the return value of a job.
	 * @param id the job's id
	 * @param timeout how long to wait at most
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the job returned {@code null}
	 * @throws io.rq.job.JobFailedException if the job has failed for good or was stopped
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 * @see #awaitResult(String, Duration)
	 */
	<T> Optional<T> awaitResult(String id, Duration timeout, Class<T> type);

	/**
	 * Waits on the server for the return value of a job, of a generic type.
	 * @param id the job's id
	 * @param timeout how long to wait at most
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, or empty if the job returned {@code null}
	 * @throws io.rq.job.JobFailedException if the job has failed for good or was stopped
	 * @throws io.rq.serializer.JobSerializationException if the value does not fit the
	 * type
	 * @see #awaitResult(String, Duration)
	 */
	<T> Optional<T> awaitResult(String id, Duration timeout, ParameterizedTypeReference<T> type);

	/**
	 * Returns what waits for the return value of a job, as a future too.
	 * @param id the job's id
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the handle
	 */
	<T> JobHandle<T> handle(String id, Class<T> type);

	/**
	 * Returns what waits for the return value of a job, of a generic type.
	 * @param id the job's id
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the handle
	 */
	<T> JobHandle<T> handle(String id, ParameterizedTypeReference<T> type);

	/**
	 * Returns what waits for the return value of a job that has been enqueued:
	 * {@code jobs.handle(jobs.enqueue(Reports::create, 42), Report.class).result()}.
	 * @param job the job
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the handle
	 */
	default <T> JobHandle<T> handle(Job job, Class<T> type) {
		return handle(job.id(), type);
	}

}
