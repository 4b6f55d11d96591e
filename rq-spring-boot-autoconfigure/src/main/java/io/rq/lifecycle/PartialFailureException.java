package io.rq.lifecycle;

import java.time.Duration;

/**
 * A round could not do all it was to do, and has told so itself: the loop keeps its pace
 * and tells nothing more.
 */
public class PartialFailureException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Duration pause;

	/**
	 * Creates the exception.
	 * @param message what could not be done
	 * @param cause the first of the reasons
	 * @param pause how long to wait before the next round
	 */
	public PartialFailureException(String message, Throwable cause, Duration pause) {
		super(message, cause);
		this.pause = pause;
	}

	Duration pause() {
		return this.pause;
	}

}
