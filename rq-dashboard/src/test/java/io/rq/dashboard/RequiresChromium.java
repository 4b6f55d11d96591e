package io.rq.dashboard;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs Chromium, and Node to steer it. Without them the test is skipped; it
 * fails when the environment variable {@code CI} is {@code true}, where they must be
 * installed.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresChromium.Condition.class)
@interface RequiresChromium {

	class Condition implements ExecutionCondition {

		private static final String REASON = "chromium or node is not here (Debian: apt-get install chromium nodejs)";

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (Chromium.isAvailable()) {
				return ConditionEvaluationResult.enabled("Chromium is here");
			}
			if (Boolean.parseBoolean(System.getenv("CI"))) {
				throw new IllegalStateException("CI=true allows no skipped tests, but " + REASON);
			}
			return ConditionEvaluationResult.disabled(REASON);
		}

	}

}
