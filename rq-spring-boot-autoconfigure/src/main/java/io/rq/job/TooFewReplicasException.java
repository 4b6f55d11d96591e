package io.rq.job;

import java.time.Duration;
import java.util.List;

import io.rq.RqException;

/**
 * Thrown when jobs have been written, now or by an earlier call, but fewer replicas of
 * Redis than demanded have said in time that they have them too. The jobs may exist and
 * run all the same.
 */
public class TooFewReplicasException extends RqException {

	private static final long serialVersionUID = 1L;

	private final transient List<String> jobIds;

	/**
	 * Creates the exception.
	 * @param jobIds the ids of the jobs
	 * @param acknowledged how many replicas have them
	 * @param required how many should
	 * @param timeout how long they had
	 */
	public TooFewReplicasException(List<String> jobIds, long acknowledged, int required, Duration timeout) {
		super(((jobIds.size() == 1) ? "Job '" + jobIds.get(0) + "' was" : jobIds.size() + " jobs were")
				+ " written, but " + acknowledged + " of " + required + " replicas have acknowledged it within "
				+ timeout.toMillis()
				+ " ms: it may exist and run, and may be lost if the primary fails now. Enqueue it again under the same "
				+ "id only, or lower 'rq.template.min-replicas'");
		this.jobIds = List.copyOf(jobIds);
	}

	/**
	 * Returns the ids of the jobs that may exist.
	 * @return the ids
	 */
	public List<String> getJobIds() {
		return this.jobIds;
	}

}
