package io.rq.job;

/**
 * How the texts begin that are on record when no worker had the function of a job, for
 * those who write them and those who explain them.
 */
public final class FailureWords {

	/** The job has failed for that. */
	public static final String NO_HANDLER = "No handler is named '";

	/** The job was left to other workers. */
	public static final String PUT_BACK = "No handler of this worker has that name; put back";

	private FailureWords() {
	}

}
