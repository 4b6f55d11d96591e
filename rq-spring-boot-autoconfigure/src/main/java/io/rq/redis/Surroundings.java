package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueuePause;
import io.rq.queue.Registry;

/**
 * What there was around a job at one moment.
 *
 * @param status the status of the job as it stands in Redis, empty if it has none
 * @param queue its queue
 * @param places where it was found
 * @param workers the living workers that listen on its queue, of both languages, a
 * hundred at most
 * @param slots its rate limit, or {@code null} if it has none
 * @param parents the status of each job that it waits for, empty for one that is gone
 */
public record Surroundings(String status, QueueState queue, Places places, List<ListeningWorker> workers,
		@Nullable Slots slots, Map<String, String> parents) {

	/**
	 * A queue.
	 *
	 * @param now the time of Redis
	 * @param suspended whether all workers are suspended
	 * @param resumedAt until when, or {@code null} if somebody has to resume them
	 * @param scheduler the scheduler that holds the queue's lock, or {@code null}
	 * @param waiting how many ids are on the queue
	 * @param running how many runs have a lease
	 * @param pause since when and why it is paused, or {@code null} if it is not
	 */
	public record QueueState(Instant now, boolean suspended, @Nullable Instant resumedAt, @Nullable String scheduler,
			long waiting, long running, @Nullable QueuePause pause) {

	}

	/**
	 * Where the id of a job was found.
	 *
	 * @param before how many ids are before it on the queue, or {@code null} if it is not
	 * there or further from both ends than is searched
	 * @param searchedAll whether the whole queue was searched
	 * @param popped whether a worker of Python has popped it and not started it
	 * @param taker the worker of Java that has taken it off the queue for itself, or
	 * {@code null}
	 * @param takerAlive whether that worker is on record
	 * @param expiresAt when the job expires, or {@code null} if it does not
	 * @param scores its scores in the registries; of {@link Registry#STARTED} the end of
	 * its lease
	 */
	public record Places(@Nullable Long before, boolean searchedAll, boolean popped, @Nullable String taker,
			boolean takerAlive, @Nullable Instant expiresAt, Map<Registry, Double> scores) {

		/**
		 * Returns whether the job is in a registry.
		 * @param registry the registry
		 * @return whether its id was found there
		 */
		public boolean isIn(Registry registry) {
			return this.scores.containsKey(registry);
		}

		/**
		 * Returns the score of the job in a registry, if it is a time.
		 * @param registry the registry
		 * @return the time, or {@code null}
		 */
		public @Nullable Instant time(Registry registry) {
			Double score = this.scores.get(registry);
			return (score == null || score < 0 || score.isInfinite()) ? null : Timestamps.ofSeconds(score);
		}

	}

	/**
	 * A worker that listens on the queue.
	 *
	 * @param name its name
	 * @param python whether it is one of Python
	 * @param state its state as RQ names it, empty if it does not tell
	 * @param runs how many runs it shows
	 * @param concurrency how many jobs it runs at a time, 0 if it does not tell
	 * @param knows whether it knows the function of the job, or {@code null} if it does
	 * not tell
	 * @param work what it has done
	 */
	public record ListeningWorker(String name, boolean python, String state, long runs, long concurrency,
			@Nullable Boolean knows, Work work) {

		/**
		 * Returns whether the worker has no place for another job.
		 * @return whether it runs as many jobs as it can
		 */
		public boolean isBusy() {
			return (this.concurrency > 0) ? this.runs >= this.concurrency : this.state.equals("busy");
		}

	}

	/**
	 * What a worker has done.
	 *
	 * @param ended the number of runs that have ended
	 * @param birth since when, or {@code null} if it does not tell
	 */
	public record Work(long ended, @Nullable Instant birth) {

	}

	/**
	 * A rate limit.
	 *
	 * @param jobs how many jobs may be there or start, 0 if it does not tell
	 * @param window the time within which so many may start, or {@code null}
	 * @param held how many places are held
	 * @param waiting how many jobs wait for one
	 * @param before how many of them wait before this one, or {@code null} if it does not
	 * wait
	 * @param holders the first ten jobs that hold a place, each since when, {@code null}
	 * for one that has not started yet
	 */
	public record Slots(long jobs, @Nullable Duration window, long held, long waiting, @Nullable Long before,
			Map<String, @Nullable Instant> holders) {

		/**
		 * Returns the earliest start that still counts, of a limit by time.
		 * @return the time, or {@code null} if none has started
		 */
		public @Nullable Instant firstStart() {
			for (Instant start : this.holders.values()) {
				if (start != null) {
					return start;
				}
			}
			return null;
		}

	}

}
