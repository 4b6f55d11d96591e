package io.rq.queue;

import java.time.Duration;

import io.rq.RqException;

/**
 * Thrown when a worker that was to shut down is still on record after the time. If it has
 * heard the command it ends when its jobs have.
 */
public class ShutdownTimeoutException extends RqException {

	private static final long serialVersionUID = 1L;

	private final String worker;

	/**
	 * Creates the exception.
	 * @param worker the worker's name
	 * @param heard whether anyone has heard the command
	 * @param timeout how long it has been waited for
	 */
	public ShutdownTimeoutException(String worker, boolean heard, Duration timeout) {
		super("Worker '" + worker + "' is still on record after " + timeout + ": "
				+ (heard ? "it has been told to shut down and ends when its jobs have; give it more time, or stop them"
						: "nobody listens to its commands. If it lives, it may lack the right to its channel; if it "
								+ "is gone, its registration expires by itself"));
		this.worker = worker;
	}

	/**
	 * Returns the name of the worker.
	 * @return the name
	 */
	public String getWorker() {
		return this.worker;
	}

}
