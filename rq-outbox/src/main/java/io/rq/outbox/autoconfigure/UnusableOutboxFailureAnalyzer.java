package io.rq.outbox.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to get what the outbox lacks.
 */
final class UnusableOutboxFailureAnalyzer extends AbstractFailureAnalyzer<UnusableOutboxException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableOutboxException cause) {
		return new FailureAnalysis(cause.getMessage() + ".", cause.getAction(), cause);
	}

}
