package io.rq.operations;

import java.util.List;

/**
 * The failed jobs of queues by what they failed with, as far as they were looked at.
 *
 * @param groups the groups, the largest first
 * @param examined how many failed jobs were looked at: of each queue those that are kept
 * longest
 * @param failed how many there are
 */
public record FailureGroups(List<FailureGroup> groups, long examined, long failed) {

	/**
	 * Makes the groups unmodifiable.
	 */
	public FailureGroups {
		groups = List.copyOf(groups);
	}

}
