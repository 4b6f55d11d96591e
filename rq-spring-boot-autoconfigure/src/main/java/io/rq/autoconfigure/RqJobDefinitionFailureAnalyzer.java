package io.rq.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.rq.annotation.RqJobDefinitionException;

/**
 * Says which {@code @RqJob} method cannot be a job, why, and what to do.
 */
class RqJobDefinitionFailureAnalyzer extends AbstractFailureAnalyzer<RqJobDefinitionException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RqJobDefinitionException cause) {
		String bean = cause.getBeanName();
		String description = "The @RqJob method " + cause.getMethod()
				+ ((bean != null) ? " of bean '" + bean + "'" : "") + " cannot be a job: " + cause.getProblem() + ".";
		return new FailureAnalysis(description, cause.getRemedy() + ".", cause);
	}

}
