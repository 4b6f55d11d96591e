package io.rq.job;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What ties a job to others.
 *
 * @param dependencyIds the ids of the jobs it waits for, or waited for
 * @param failureAllowed whether it runs although one of them has failed for good
 * @param front whether it goes to the front of its queue when it is released or due
 * @param group the name of its group, or {@code null}
 * @param rateLimit the limit that it shares with others, or {@code null}
 * @param againOf the id of the job that it does again, or {@code null}
 */
public record JobLinks(List<String> dependencyIds, boolean failureAllowed, boolean front, @Nullable String group,
		@Nullable RateLimit rateLimit, @Nullable String againOf) {

	/** No ties. */
	public static final JobLinks NONE = new JobLinks(List.of(), false, false, null);

	/**
	 * Makes a copy of the list.
	 */
	public JobLinks {
		dependencyIds = List.copyOf(dependencyIds);
	}

	/**
	 * Creates links without a rate limit.
	 * @param dependencyIds the ids of the jobs it waits for, or waited for
	 * @param failureAllowed whether it runs although one of them has failed for good
	 * @param front whether it goes to the front of its queue when it is released or due
	 * @param group the name of its group, or {@code null}
	 */
	public JobLinks(List<String> dependencyIds, boolean failureAllowed, boolean front, @Nullable String group) {
		this(dependencyIds, failureAllowed, front, group, null);
	}

	/**
	 * Creates links of a job that does no other one again.
	 * @param dependencyIds the ids of the jobs it waits for, or waited for
	 * @param failureAllowed whether it runs although one of them has failed for good
	 * @param front whether it goes to the front of its queue when it is released or due
	 * @param group the name of its group, or {@code null}
	 * @param rateLimit the limit that it shares with others, or {@code null}
	 */
	public JobLinks(List<String> dependencyIds, boolean failureAllowed, boolean front, @Nullable String group,
			@Nullable RateLimit rateLimit) {
		this(dependencyIds, failureAllowed, front, group, rateLimit, null);
	}

	/**
	 * Returns the links of a new job that does this one again: it waits for no other.
	 * @param id the id of this job
	 * @return new links
	 */
	public JobLinks again(String id) {
		return new JobLinks(List.of(), false, false, this.group, this.rateLimit, id);
	}

	/**
	 * Adds jobs to wait for. What one dependency says holds for all of them, as in RQ.
	 * @param dependency the jobs
	 * @return new links
	 * @throws IllegalArgumentException if there are more than {@link Dependency#MAX_JOBS}
	 */
	public JobLinks and(Dependency dependency) {
		List<String> ids = Stream.concat(this.dependencyIds.stream(), dependency.jobIds().stream()).toList();
		Dependency all = new Dependency(ids, this.failureAllowed || dependency.failureAllowed(),
				this.front || dependency.front());
		return new JobLinks(all.jobIds(), all.failureAllowed(), all.front(), this.group, this.rateLimit, this.againOf);
	}

	/**
	 * Returns these links with the front of the queue chosen.
	 * @return new links
	 */
	public JobLinks atFront() {
		return new JobLinks(this.dependencyIds, this.failureAllowed, true, this.group, this.rateLimit, this.againOf);
	}

	/**
	 * Returns these links with a group chosen.
	 * @param name the name of the group
	 * @return new links
	 * @throws IllegalArgumentException if the name has no text or has control characters
	 */
	public JobLinks withGroup(String name) {
		Assert.hasText(name, "'group' must not be empty");
		Assert.isTrue(name.chars().noneMatch(Character::isISOControl),
				() -> "'group' must have no line breaks or other control characters: " + name);
		return new JobLinks(this.dependencyIds, this.failureAllowed, this.front, name, this.rateLimit, this.againOf);
	}

	/**
	 * Returns these links with a rate limit.
	 * @param limit the limit
	 * @return new links
	 */
	public JobLinks withRateLimit(RateLimit limit) {
		return new JobLinks(this.dependencyIds, this.failureAllowed, this.front, this.group, limit, this.againOf);
	}

	/**
	 * Returns these links, with the rate limit of others where these have none.
	 * @param defaults the others
	 * @return the merged links
	 */
	JobLinks orElse(JobLinks defaults) {
		if (this == NONE || defaults == NONE) {
			return (this == NONE) ? defaults : this;
		}
		return (this.rateLimit == null && defaults.rateLimit != null) ? withRateLimit(defaults.rateLimit) : this;
	}

	/**
	 * Returns whether there are any ties.
	 * @return {@code true} if the job waits for others, is in a group or has a rate limit
	 */
	public boolean isLinked() {
		return hasDependencies() || this.group != null || this.rateLimit != null;
	}

	/**
	 * Returns whether the job waits for others.
	 * @return {@code true} if there are any, ended or not
	 */
	public boolean hasDependencies() {
		return !this.dependencyIds.isEmpty();
	}

}
