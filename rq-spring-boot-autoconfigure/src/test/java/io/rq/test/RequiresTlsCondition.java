package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What {@link RequiresTls} does.
 */
class RequiresTlsCondition implements ExecutionCondition {

	private static final String REASON = "the redis-server here does not speak TLS (Debian: apt-get install redis-server)";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		return evaluate(isAvailable(), Boolean.parseBoolean(System.getenv("CI")));
	}

	/** A server without TLS does not know the name of the setting. */
	private static boolean isAvailable() {
		try {
			return new String(Files.readAllBytes(ProcessRedisServer.binary()), StandardCharsets.ISO_8859_1)
				.contains("tls-cert-file");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ConditionEvaluationResult evaluate(boolean available, boolean ci) {
		if (available) {
			return ConditionEvaluationResult.enabled("Redis speaks TLS");
		}
		if (ci) {
			throw new IllegalStateException("CI=true allows no skipped tests, but " + REASON);
		}
		return ConditionEvaluationResult.disabled(REASON);
	}

}
