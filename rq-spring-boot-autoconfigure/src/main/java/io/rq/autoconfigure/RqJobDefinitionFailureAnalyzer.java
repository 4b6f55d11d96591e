package io.rq.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.rq.annotation.RqJobDefinitionException;

/**
 * Says which {@code @RqJob} or {@code @RqCallback} method cannot be what it is declared
 * to be, why, and what to do.
 */
class RqJobDefinitionFailureAnalyzer extends AbstractFailureAnalyzer<RqJobDefinitionException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RqJobDefinitionException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getRemedy() + ".", cause);
	}

}
