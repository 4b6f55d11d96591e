package io.rq.job;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Jobs that another one waits for, and how. Immutable; each method returns a changed
 * copy.
 *
 * <pre class="code">
 * JobRequest.of(ReportJobs::build).dependsOn(Dependency.on(first, second).allowFailure())
 * </pre>
 *
 * @param jobIds the ids of the jobs that are waited for
 * @param failureAllowed whether one that has failed for good counts as ended too
 * @param front whether the waiting job goes to the front of its queue then
 */
public record Dependency(List<String> jobIds, boolean failureAllowed, boolean front) {

	/** How many jobs one job may wait for: one script looks at all of them. */
	public static final int MAX_JOBS = 10_000;

	/**
	 * Validates the values; an id that is given twice counts once.
	 * @throws IllegalArgumentException if an id is malformed or there are more than
	 * {@link #MAX_JOBS}
	 */
	public Dependency {
		Set<String> ids = new LinkedHashSet<>(jobIds);
		ids.forEach(Job::requireValidId);
		Assert.isTrue(ids.size() <= MAX_JOBS, () -> "A job may wait for " + MAX_JOBS + " others at most, not for "
				+ ids.size() + ": let it wait for jobs that each wait for a part of them");
		jobIds = List.copyOf(ids);
	}

	/**
	 * Waits for jobs.
	 * @param jobs the jobs
	 * @return the dependency
	 */
	public static Dependency on(Job... jobs) {
		return on(Arrays.asList(jobs));
	}

	/**
	 * Waits for jobs.
	 * @param jobs the jobs
	 * @return the dependency
	 * @throws IllegalArgumentException if there are more than {@link #MAX_JOBS}
	 */
	public static Dependency on(Collection<Job> jobs) {
		return new Dependency(jobs.stream().map(Job::id).toList(), false, false);
	}

	/**
	 * Waits for jobs of which only the ids are known. One that does not exist counts as
	 * finished, because a finished job is kept for a limited time only.
	 * @param ids the ids
	 * @return the dependency
	 * @throws IllegalArgumentException if an id is malformed
	 */
	public static Dependency on(String... ids) {
		return new Dependency(List.of(ids), false, false);
	}

	/**
	 * Lets the waiting job run also when some of them have failed for good. That holds
	 * for all jobs it waits for.
	 * @return a new dependency
	 */
	public Dependency allowFailure() {
		return new Dependency(this.jobIds, true, this.front);
	}

	/**
	 * Puts the waiting job at the front of its queue when the last of them has ended.
	 * @return a new dependency
	 */
	public Dependency atFront() {
		return new Dependency(this.jobIds, this.failureAllowed, true);
	}

}
