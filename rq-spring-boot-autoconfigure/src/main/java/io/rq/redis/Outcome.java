package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.job.JobResult;
import io.rq.job.Retry;

/**
 * How a run ended and what becomes of the job.
 */
public sealed interface Outcome {

	/**
	 * Returns the run.
	 * @return the run
	 */
	Execution execution();

	/**
	 * Returns what there is to record of the run.
	 * @return the attempt
	 */
	Attempt attempt();

	/**
	 * Returns about how large the outcome is when it is recorded.
	 * @return the number of bytes
	 */
	default long bytes() {
		return attempt().bytes();
	}

	/**
	 * The job has ended, well or badly.
	 *
	 * @param execution the run
	 * @param attempt what there is to record
	 * @param type successful, failed, stopped, or failed because no returned retry was
	 * left
	 * @param ttlSeconds how long job and result are kept, -1 for ever, 0 to drop both at
	 * once
	 * @param following jobs that are enqueued with the outcome, if it counts
	 */
	record Finished(Execution execution, Attempt attempt, JobResult.Type type, long ttlSeconds,
			List<Job> following) implements Outcome {

		/**
		 * The job has ended, and no other follows from that.
		 * @param execution the run
		 * @param attempt what there is to record
		 * @param type how it has ended
		 * @param ttlSeconds how long job and result are kept
		 */
		public Finished(Execution execution, Attempt attempt, JobResult.Type type, long ttlSeconds) {
			this(execution, attempt, type, ttlSeconds, List.of());
		}

		/**
		 * Returns this end with jobs that follow from it.
		 * @param jobs the jobs, on whatever queues
		 * @return the end
		 */
		public Finished withFollowing(List<Job> jobs) {
			return new Finished(this.execution, this.attempt, this.type, this.ttlSeconds, List.copyOf(jobs));
		}

		@Override
		public long bytes() {
			long bytes = this.attempt.bytes();
			for (Job job : this.following) {
				bytes += job.payload().bytes();
			}
			return bytes;
		}

	}

	/**
	 * The job will run again.
	 *
	 * @param execution the run
	 * @param attempt what there is to record
	 * @param waitSeconds the wait before it may run, 0 for at once
	 * @param front whether it goes to the front of its queue
	 * @param ttlSeconds how long its results are kept, -1 for ever
	 * @param attempts how many attempts have been answered with another, this one
	 * included
	 * @param left what is left of the rule that answers exceptions, or {@code null} if it
	 * is not touched
	 * @param numberOfRetries the new count of returned retries, or {@code null} if it is
	 * not touched
	 */
	record Retried(Execution execution, Attempt attempt, int waitSeconds, boolean front, long ttlSeconds, int attempts,
			@Nullable Retry left, @Nullable Integer numberOfRetries) implements Outcome {

	}

	/**
	 * What there is to record of a run.
	 *
	 * @param startedAt when the run started
	 * @param endedAt when it ended
	 * @param returnValue the serialized return value, or {@code null} for none. Not
	 * copied; do not modify
	 * @param exception the stack trace, or {@code null} for none
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Attempt(Instant startedAt, Instant endedAt, byte @Nullable [] returnValue, @Nullable String exception) {

		/**
		 * Returns how long the run took.
		 * @return the time between its start and its end
		 */
		public Duration took() {
			return Duration.between(this.startedAt, this.endedAt);
		}

		/** In Base64, without what compression saves. */
		private long bytes() {
			return ((this.returnValue != null) ? this.returnValue.length * 4L / 3 : 0)
					+ ((this.exception != null) ? this.exception.length() : 0);
		}

	}

}
