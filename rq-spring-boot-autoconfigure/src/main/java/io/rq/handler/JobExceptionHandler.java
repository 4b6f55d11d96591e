package io.rq.handler;

import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a job whose method has thrown. Beans of this type are asked in
 * their order until one decides; without a decision the job's own rule holds: another
 * attempt if retries are left and {@link JobHandler#isRetryable} does not object, else
 * failure. The counterpart of RQ's exception handlers.
 *
 * <p>
 * Called on the thread of the job, once for each failed attempt, timeouts included, but
 * neither for a method whose thread ignored the interrupt at its timeout, nor for a job
 * that was stopped, nor for a run that the stop of its worker interrupted or whose lease
 * was lost. One that throws is logged and counts as undecided. After a minute the thread
 * is interrupted; if it ignores that, it is left behind and the job's own rule decides.
 * If the stop of the worker interrupts it before it has decided, the job goes back to its
 * queue.
 */
@FunctionalInterface
public interface JobExceptionHandler {

	/**
	 * Decides.
	 * @param run the run that has failed
	 * @param failure what it has thrown, or a {@link JobTimeoutException}
	 * @return the decision, or {@code null} to leave it to others
	 */
	@Nullable Decision handle(RunInfo run, Throwable failure);

	/**
	 * What becomes of the job.
	 */
	enum Decision {

		/** Another attempt if the job has retries left, else failure. */
		RETRY,

		/** Failure for good, whether or not retries are left. */
		FAIL,

		/** Success without a result: the exception is of no interest. */
		SWALLOW

	}

}
