package io.rq.test;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What {@link RequiresPythonRq} does.
 */
class RequiresPythonRqCondition implements ExecutionCondition {

	private static final String REASON = "no python3 here can import rq (Debian: apt-get install python3-rq)";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		return evaluate(PythonRq.isAvailable(), Boolean.parseBoolean(System.getenv("CI")));
	}

	static ConditionEvaluationResult evaluate(boolean available, boolean ci) {
		if (available) {
			return ConditionEvaluationResult.enabled("Python RQ is here");
		}
		if (ci) {
			throw new IllegalStateException("CI=true allows no skipped tests, but " + REASON);
		}
		return ConditionEvaluationResult.disabled(REASON);
	}

}
