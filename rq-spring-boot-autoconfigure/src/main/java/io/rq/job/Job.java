package io.rq.job;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * One job as it stood in Redis when it was read or written.
 *
 * @param id the id: letters, digits, {@code _} and {@code -} (protocol §2.2)
 * @param queue the name of its queue (RQ's {@code origin})
 * @param status its state
 * @param options its options, as far as the job carries them
 * @param times when its stages were reached
 * @param run what is known of its runs
 * @param payload its serialized call and meta data
 */
public record Job(String id, String queue, JobStatus status, JobOptions options, JobTimes times, JobRun run,
		JobPayload payload) {

	/**
	 * Returns a new id, a random UUID as Python RQ makes them.
	 * @return the id
	 */
	public static String newId() {
		return UUID.randomUUID().toString();
	}

	/**
	 * Returns whether the job was created but not enqueued: as a rule it is kept until
	 * the transaction that asked for it commits (RQ has such jobs too, if they were saved
	 * only).
	 * @return whether no queue has it yet
	 */
	public boolean isPending() {
		return this.status == JobStatus.CREATED && this.times.enqueuedAt() == null;
	}

	/**
	 * Returns whether every RQ version can read a job of that id (protocol §2.2).
	 * @param id the id
	 * @return {@code true} if it is well-formed
	 */
	public static boolean isValidId(String id) {
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			if (!isLetterOrDigit(c) && c != '_' && c != '-') {
				return false;
			}
		}
		return !id.isEmpty();
	}

	private static boolean isLetterOrDigit(char c) {
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	}

	/**
	 * Checks an id.
	 * @param id the id
	 * @return the id
	 * @throws IllegalArgumentException if it is malformed
	 */
	public static String requireValidId(String id) {
		Assert.isTrue(isValidId(id), () -> "Job id '" + id
				+ "' is malformed: use letters, digits, '_' and '-' only (RQ workers quit on any other)");
		return id;
	}

	/**
	 * Returns this job on another queue.
	 * @param queue the queue's name
	 * @return the job
	 */
	Job onQueue(String queue) {
		return new Job(this.id, queue, this.status, this.options, this.times, this.run, this.payload);
	}

	/**
	 * Returns the text for people.
	 * @return the description, or {@code null} if the job has none
	 */
	public @Nullable String description() {
		return this.options.description();
	}

	/**
	 * Returns when the job was created.
	 * @return the time, or {@code null} if unknown
	 */
	public @Nullable Instant createdAt() {
		return this.times.createdAt();
	}

	/**
	 * Returns when the job was last put on a queue.
	 * @return the time, or {@code null} if it never was
	 */
	public @Nullable Instant enqueuedAt() {
		return this.times.enqueuedAt();
	}

	/**
	 * Returns when the last run started.
	 * @return the time, or {@code null} if it never did
	 */
	public @Nullable Instant startedAt() {
		return this.times.startedAt();
	}

	/**
	 * Returns when the last run ended.
	 * @return the time, or {@code null} if it has not
	 */
	public @Nullable Instant endedAt() {
		return this.times.endedAt();
	}

	/**
	 * Returns the worker of the last run.
	 * @return the worker's name, or {@code null} before the first run
	 */
	public @Nullable String workerName() {
		return this.run.workerName();
	}

	/**
	 * Returns the jobs that this one waits for, or waited for.
	 * @return their ids; some of the jobs may be gone
	 */
	public List<String> dependencyIds() {
		return this.options.links().dependencyIds();
	}

	/**
	 * Returns the job that this one was enqueued again for.
	 * @return its id, or {@code null}; that job may be gone
	 */
	public @Nullable String againOf() {
		return this.options.links().againOf();
	}

	/**
	 * Returns the group that the job belongs to.
	 * @return the group's name, or {@code null}
	 */
	public @Nullable String group() {
		return this.options.links().group();
	}

	/**
	 * Returns the rate limit that the job keeps.
	 * @return the limit, or {@code null}
	 */
	public @Nullable RateLimit rateLimit() {
		return this.options.links().rateLimit();
	}

	@Override
	public String toString() {
		return "Job[id=" + this.id + ", queue=" + this.queue + ", status=" + this.status.value() + "]";
	}

}
