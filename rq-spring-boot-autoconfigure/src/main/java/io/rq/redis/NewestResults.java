package io.rq.redis;

import java.util.List;

import io.rq.job.JobResult;

/**
 * The recorded outcomes of a job, without what it returned.
 *
 * @param newestFirst the outcomes; only the newest has its value, if that is not too long
 * @param valueTooLong whether the value of the newest is too long to be read
 */
public record NewestResults(List<JobResult> newestFirst, boolean valueTooLong) {

	/** How many bytes a value may have to be read, as it stands in Redis. */
	public static final int LONGEST_VALUE = 2 * 1024 * 1024;

	/**
	 * Makes the list unmodifiable.
	 */
	public NewestResults {
		newestFirst = List.copyOf(newestFirst);
	}

}
