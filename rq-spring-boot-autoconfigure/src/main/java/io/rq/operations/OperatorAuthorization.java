package io.rq.operations;

import org.jspecify.annotations.Nullable;

/**
 * Decides who may do what, on every face. Declare a bean to decide by more than the role:
 * by the queue, for instance. Called on the thread of the caller, before each operation.
 */
@FunctionalInterface
public interface OperatorAuthorization {

	/**
	 * Decides. A cancel or delete together with the jobs that wait for a job is asked
	 * about for the queues of those jobs too, in bulk for all queues.
	 * @param operator who wants it
	 * @param operation what
	 * @param queue the queue that is meant, or {@code null} if it is none or all of them
	 * @return whether it is allowed; an exception refuses it too
	 */
	boolean isAllowed(Operator operator, Operation operation, @Nullable String queue);

}
