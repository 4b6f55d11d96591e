package io.rq.operations;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.rq.RqException;

/**
 * Someone may not do what they wanted to do.
 */
public class OperationDeniedException extends RqException {

	private static final long serialVersionUID = 1L;

	private final Operation operation;

	/**
	 * Creates the exception.
	 * @param operator who wanted it
	 * @param operation what
	 * @param queue the queue that was meant, or {@code null}
	 */
	public OperationDeniedException(Operator operator, Operation operation, @Nullable String queue) {
		super("'" + operator.name() + "' may not " + operation.value()
				+ ((queue != null) ? " on queue '" + queue + "'" : "") + ": it needs the role "
				+ operation.role().name().toLowerCase(Locale.ROOT) + ", unless the application decides otherwise");
		this.operation = operation;
	}

	/**
	 * Returns what was wanted.
	 * @return the operation
	 */
	public Operation operation() {
		return this.operation;
	}

}
