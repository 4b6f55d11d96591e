package io.rq.test;

import java.lang.module.ModuleDescriptor.Version;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What {@link RequiresPythonRq} does.
 */
class RequiresPythonRqCondition implements ExecutionCondition {

	private static final String REASON = "no python3 here can import rq (Debian: apt-get install python3-rq)";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		ConditionEvaluationResult any = evaluate(PythonRq.isAvailable(), Boolean.parseBoolean(System.getenv("CI")));
		return any.isDisabled() ? any
				: context.getElement()
					.flatMap((element) -> AnnotationSupport.findAnnotation(element, RequiresPythonRq.class))
					.map((required) -> evaluate(required.since(), PythonRq.version()))
					.orElse(any);
	}

	static ConditionEvaluationResult evaluate(String since, Version version) {
		return (since.isEmpty() || version.compareTo(Version.parse(since)) >= 0)
				? ConditionEvaluationResult.enabled("Python RQ is " + version)
				: ConditionEvaluationResult.disabled("Python RQ is " + version + ", not " + since + " or newer");
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
