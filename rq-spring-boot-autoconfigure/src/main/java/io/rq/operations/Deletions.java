package io.rq.operations;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.rq.job.Job;
import io.rq.redis.DeletedJobs;

/**
 * Deletes jobs, so that they can be put back wherever that is possible.
 */
public class Deletions {

	private final DeletedJobs jobs;

	private final Duration kept;

	private final Clock clock;

	/**
	 * Creates it.
	 * @param jobs deletes jobs and puts them back
	 * @param kept for how long deleted jobs are kept, zero for not at all
	 * @param clock the clock
	 */
	public Deletions(DeletedJobs jobs, Duration kept, Clock clock) {
		this.jobs = jobs;
		this.kept = kept;
		this.clock = clock;
	}

	/** Why what is deleted now is gone for good, {@code null} if it can be kept. */
	@Nullable String obstacle(boolean now) {
		return now ? "It was to be deleted for good"
				: this.kept.isZero() ? "No deleted jobs are kept: 'rq.operations.undo' is 0" : this.jobs.obstacle();
	}

	Optional<Deletion> delete(String id, boolean deleteDependents, boolean now) {
		return Job.isValidId(id) ? delete(id, deleteDependents, obstacle(now), null) : Optional.empty();
	}

	/**
	 * Deletes a job.
	 * @param obstacle why it cannot be kept, or {@code null}
	 * @param operation the id of the bulk operation that deletes it, or {@code null}
	 */
	Optional<Deletion> delete(String id, boolean deleteDependents, @Nullable String obstacle,
			@Nullable String operation) {
		Duration time = (obstacle != null) ? Duration.ZERO : this.kept;
		return switch (this.jobs.delete(id, deleteDependents, time, operation)) {
			case NONE -> Optional.empty();
			case KEPT -> Optional.of(new Deletion(id, this.clock.instant().plus(this.kept), null));
			case GONE -> Optional.of(new Deletion(id, null, (obstacle != null) ? obstacle
					: "A job that runs, that waits for others or with which others were deleted is not kept"));
		};
	}

	/** The queue of a deleted job that can be put back, {@code null} if there is none. */
	@Nullable String queue(String id) {
		return Job.isValidId(id) ? this.jobs.queue(id) : null;
	}

	boolean undo(String id) {
		return this.jobs.restore(id);
	}

	/** How many jobs that a bulk operation has deleted can be put back. */
	long count(String queue, String operation) {
		return this.jobs.count(queue, operation);
	}

	/** The ids of some of them. */
	List<String> ids(String queue, String operation, long from, int most) {
		return this.jobs.ids(queue, operation, from, most);
	}

}
