package io.rq.queue;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Some of the jobs on a queue or in a registry.
 *
 * @param jobs the jobs, on a queue the next one to run first
 * @param next where the next page goes on, or {@code null} if this is the last one
 */
public record JobPage(List<JobRow> jobs, @Nullable JobCursor next) {

	/**
	 * Makes the jobs unmodifiable.
	 */
	public JobPage {
		jobs = List.copyOf(jobs);
	}

}
