package io.rq.job;

/**
 * How the texts of failures that no exception names begin, for those who write them and
 * those who explain them.
 */
public final class FailureWords {

	/** The job has failed for that. */
	public static final String NO_HANDLER = "No handler is named '";

	/** The job was left to other workers. */
	public static final String PUT_BACK = "No handler of this worker has that name; put back";

	/** The method has returned a {@link Retry}, and the job has had them all. */
	public static final String NO_RETRY_LEFT = "The function asked for another run, and there is none left";

	private FailureWords() {
	}

}
