package io.rq.template;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import io.rq.job.JobMethod;
import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@link MethodJobOperations} to what it is: all other options of a job are chosen
 * with a {@link JobRequest}.
 */
class MethodJobOperationsTests {

	@Test
	void enqueuesNowOrAfterADelayOrAtAMomentAndNothingElse() {
		Set<String> expected = new TreeSet<>(Set.of("enqueue [JobRequest]"));
		for (int count = 0; count <= 6; count++) {
			expected.add("enqueue [Of" + count + "]");
			expected.add("enqueueIn [Duration, Of" + count + "]");
			expected.add("enqueueAt [Instant, Of" + count + "]");
		}
		assertThat(Arrays.stream(MethodJobOperations.class.getDeclaredMethods())
			.filter((method) -> !method.isSynthetic())
			.map(MethodJobOperationsTests::describe)).containsExactlyInAnyOrderElementsOf(expected);
	}

	private static String describe(Method method) {
		List<String> parameters = Arrays.stream(method.getParameterTypes())
			.filter((type) -> JobMethod.class.isAssignableFrom(type)
					|| Set.of(JobRequest.class, Duration.class, Instant.class).contains(type))
			.map(Class::getSimpleName)
			.toList();
		return method.getName() + " " + parameters;
	}

}
