package io.rq.queue;

/**
 * A job taken from a worker that is gone, as listeners see it.
 *
 * @param id the job's id
 * @param queue the job's queue
 * @param outcome what became of it
 */
public record ReclaimedJob(String id, String queue, Outcome outcome) {

	/**
	 * What became of a job.
	 */
	public enum Outcome {

		/** One of its retries was used. */
		RETRIED,

		/** It was put back on its queue. */
		REQUEUED,

		/** It has failed: its workers died too often. */
		FAILED,

		/** Only its entry was removed: the job is gone or was no longer running. */
		DROPPED

	}

}
