package io.rq.outbox.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to get the table of the outbox.
 */
final class MissingOutboxTableFailureAnalyzer extends AbstractFailureAnalyzer<MissingOutboxTableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingOutboxTableException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Set 'rq.outbox.initialize-schema' to 'always' to have it made at the start (H2 and PostgreSQL), or "
						+ "make it as part of your migrations: db-scheduler has a script for each database. "
						+ "'rq.outbox.enabled=false' does without the outbox.",
				cause);
	}

}
