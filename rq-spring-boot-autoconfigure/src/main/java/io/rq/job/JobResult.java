package io.rq.job;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One recorded outcome of a job: an entry of its results stream (protocol §7).
 *
 * @param id the entry's id
 * @param type how the attempt ended
 * @param createdAt when the outcome was recorded
 * @param run the run that ended so
 * @param returnValue the serialized return value, or {@code null} if there is none. Not
 * copied; do not modify
 * @param exception the stack trace, or {@code null} if the attempt succeeded
 */
@SuppressWarnings("ArrayRecordComponent")
public record JobResult(String id, Type type, Instant createdAt, Run run, byte @Nullable [] returnValue,
		@Nullable String exception) {

	/**
	 * Returns the same outcome as one of another type.
	 * @param other the type
	 * @return the outcome
	 */
	public JobResult as(Type other) {
		return new JobResult(this.id, other, this.createdAt, this.run, this.returnValue, this.exception);
	}

	/**
	 * The run that ended so, as far as its writer says: RQ names the times from 2.10 on.
	 *
	 * @param workerName the worker, empty if the outcome was recorded by maintenance
	 * @param executionId the id of the run, or {@code null}
	 * @param startedAt when it started, or {@code null}
	 * @param endedAt when it ended, or {@code null}
	 */
	public record Run(String workerName, @Nullable String executionId, @Nullable Instant startedAt,
			@Nullable Instant endedAt) {

	}

	/**
	 * How an attempt ended. The number in Redis is the constant's ordinal plus one.
	 */
	public enum Type {

		/** The method returned. */
		SUCCESSFUL,

		/** The job failed for good. */
		FAILED,

		/**
		 * Stopped by a command. Recorded as a failure, the job's status tells; only who
		 * waits for the outcome is told of this type.
		 */
		STOPPED,

		/** The attempt failed or asked for another one, which follows. */
		RETRIED,

		/** The method asked for another attempt when none was left. */
		MAX_RETRIES_EXCEEDED;

		/**
		 * Returns the number that stands for this type in Redis.
		 * @return 1 to 5
		 */
		public int code() {
			return ordinal() + 1;
		}

		/**
		 * Returns the type of a number in Redis.
		 * @param code the number
		 * @return the type, or {@code null} if RQ 2.10 has no such type
		 */
		public static @Nullable Type find(int code) {
			return (code >= 1 && code <= values().length) ? values()[code - 1] : null;
		}

	}

	/** Tells neither the value nor the stack trace, which are not for every reader. */
	@Override
	public String toString() {
		return "JobResult[id=" + this.id + ", type=" + this.type + ", createdAt=" + this.createdAt + "]";
	}

}
