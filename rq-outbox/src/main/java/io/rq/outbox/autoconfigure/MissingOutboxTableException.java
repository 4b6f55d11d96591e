package io.rq.outbox.autoconfigure;

import io.rq.RqException;

/**
 * The outbox has no table to write to. Ends the start of the application.
 */
final class MissingOutboxTableException extends RqException {

	private static final long serialVersionUID = 1L;

	MissingOutboxTableException(String table, Throwable cause) {
		super("The outbox has no table '" + table + "' in the database", cause);
	}

}
