package io.rq.operations;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.queue.JobRow;

/**
 * A page of jobs, or of those of them that were asked for.
 *
 * @param jobs the jobs, on a queue the next one to run first, ended ones last first
 * @param next the cursor with which the next page goes on, or {@code null} if there is
 * none
 * @param examined how many jobs were looked at to find these
 * @param total how many there are
 */
public record JobList(List<JobRow> jobs, @Nullable String next, long examined, long total) {

	/**
	 * Makes the jobs unmodifiable.
	 */
	public JobList {
		jobs = List.copyOf(jobs);
	}

	/**
	 * Returns the same without what may have arguments in it.
	 * @return the list
	 */
	public JobList withoutValues() {
		return new JobList(this.jobs.stream().map(JobRow::withoutValues).toList(), this.next, this.examined,
				this.total);
	}

}
