package io.rq.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobExecution;
import io.rq.job.JobTimes;
import io.rq.job.RateLimit;

/**
 * All that is known of a job.
 *
 * @param id its id
 * @param queue the name of its queue
 * @param status its status
 * @param function the name of its function, or {@code null} if its call cannot be read
 * @param description the text for people, or {@code null}
 * @param times when its stages were reached
 * @param worker who runs or ran it, or {@code null}
 * @param place where it is
 * @param settings what was chosen for it
 * @param ties its ties to other jobs
 * @param attempts its recorded runs, the newest first
 * @param executions its runs that are under way
 * @param values what it was given and what it returned, or {@code null} if that is not
 * shown
 * @param unreadable why its call cannot be read, or {@code null}
 */
public record JobDetails(String id, String queue, String status, @Nullable String function,
		@Nullable String description, JobTimes times, @Nullable String worker, Place place, Settings settings,
		Ties ties, List<Attempt> attempts, List<JobExecution> executions, @Nullable Values values,
		@Nullable String unreadable) {

	/**
	 * Returns the same without arguments, meta data and results.
	 * @return the details
	 */
	public JobDetails withoutValues() {
		return new JobDetails(this.id, this.queue, this.status, this.function, null, this.times, this.worker,
				this.place, this.settings, this.ties, this.attempts, this.executions, null, this.unreadable);
	}

	/**
	 * Returns the same with other arguments, meta data and result.
	 * @param other the values
	 * @return the details
	 */
	public JobDetails withValues(Values other) {
		return new JobDetails(this.id, this.queue, this.status, this.function, this.description, this.times,
				this.worker, this.place, this.settings, this.ties, this.attempts, this.executions, other,
				this.unreadable);
	}

	/**
	 * Where a job is.
	 *
	 * @param position how many jobs are before it on its queue, or {@code null} if it
	 * does not wait there
	 * @param dueAt when it is due, or {@code null} if it is not scheduled
	 * @param expiresAt until when it is kept, or {@code null} if it has not ended or is
	 * kept for ever
	 */
	public record Place(@Nullable String position, @Nullable Instant dueAt, @Nullable Instant expiresAt) {

	}

	/**
	 * What was chosen for a job. What was not is {@code null}; minus one second stands
	 * for no limit.
	 *
	 * @param timeout how long one run may take
	 * @param ttl how long it may wait
	 * @param resultTtl how long it is kept after success
	 * @param failureTtl how long it is kept after the final failure
	 * @param retriesLeft how often it may be tried again
	 * @param retryIntervals the waits before that, in seconds
	 * @param repeatsLeft how often it is to be repeated
	 * @param repeatIntervals the waits before that, in seconds
	 * @param rateLimit the limit it keeps
	 * @param callbacks the functions that are called at its end, by the event
	 */
	public record Settings(@Nullable Duration timeout, @Nullable Duration ttl, @Nullable Duration resultTtl,
			@Nullable Duration failureTtl, @Nullable Integer retriesLeft, List<Integer> retryIntervals,
			@Nullable Integer repeatsLeft, List<Integer> repeatIntervals, @Nullable RateLimit rateLimit,
			Map<String, String> callbacks) {

	}

	/**
	 * The ties of a job to others.
	 *
	 * @param dependencies the jobs it waits or waited for, a hundred at most
	 * @param allowFailure whether it runs if one of them has failed
	 * @param dependents the jobs that wait for it, a hundred at most
	 * @param dependentsInAll how many there are
	 * @param group the name of its group, or {@code null}
	 */
	public record Ties(List<Tie> dependencies, boolean allowFailure, List<Tie> dependents, long dependentsInAll,
			@Nullable String group) {

	}

	/**
	 * Another job.
	 *
	 * @param id its id
	 * @param status its status, or {@code null} if it is gone
	 */
	public record Tie(String id, @Nullable String status) {

	}

	/**
	 * A recorded run.
	 *
	 * @param outcome how it ended: {@code successful}, {@code failed}, {@code retried},
	 * {@code max_retries_exceeded}
	 * @param worker who ran it, empty if its worker was gone
	 * @param execution its id, or {@code null}
	 * @param startedAt when it started, or {@code null}
	 * @param endedAt when it ended, or {@code null}
	 * @param recordedAt when that was recorded
	 * @param failure of what kind its failure is, or {@code null} if it succeeded
	 * @param trace the stack trace, or {@code null} if it succeeded
	 */
	public record Attempt(String outcome, String worker, @Nullable String execution, @Nullable Instant startedAt,
			@Nullable Instant endedAt, Instant recordedAt, @Nullable FailureKind failure, @Nullable String trace) {

		@Override
		public String toString() {
			return "Attempt[outcome=" + this.outcome + ", execution=" + this.execution + "]";
		}

	}

	/**
	 * What a job was given and what it returned: texts, numbers, booleans, lists and
	 * maps.
	 *
	 * @param arguments the arguments by position
	 * @param namedArguments the arguments by name
	 * @param meta its meta data
	 * @param result what its last run returned, or {@code null}
	 */
	public record Values(List<@Nullable Object> arguments, Map<String, @Nullable Object> namedArguments,
			Map<String, @Nullable Object> meta, @Nullable Object result) {

		@Override
		public String toString() {
			return "Values[" + this.arguments.size() + " + " + this.namedArguments.size() + " arguments]";
		}

	}

	/** Tells nothing that was passed, returned or thrown. */
	@Override
	public String toString() {
		return "JobDetails[id=" + this.id + ", queue=" + this.queue + ", status=" + this.status + "]";
	}

}
