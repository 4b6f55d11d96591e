package io.rq.explain;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.FailureWords;
import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.SerializedCall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link Failure}.
 */
class FailureTests {

	private static Failure of(Throwable thrown) {
		Failure failure = Failure.of(thrown + System.lineSeparator() + "\tat a.B.c(B.java:1)");
		assertThat(failure).isNotNull();
		return failure;
	}

	@Test
	void whatNoWorkerKnowsIsToldFromOtherFailures() {
		assertThat(of(new InvalidJobException(FailureWords.NO_HANDLER + "f' in this application")).isFunctionUnknown())
			.isTrue();
		assertThat(of(new InvalidJobException("Something else")).isFunctionUnknown()).isFalse();
		assertThat(of(new IllegalStateException(FailureWords.NO_HANDLER + "f'")).isFunctionUnknown()).isFalse();
	}

	void one(int number) {
	}

	@Test
	void argumentsThatDoNotBindAreToldFromOtherFailures() throws NoSuchMethodException {
		JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());
		SerializedCall call = serializer.readCall(serializer.writeCall("f", List.of("text"), Map.of()));
		assertThat(of(catchThrowable(() -> call.bind(List.of()))).isNotBound()).isTrue();
		Method one = FailureTests.class.getDeclaredMethod("one", int.class);
		assertThat(of(catchThrowable(() -> call.bind(JobParameter.of(one, FailureTests.class).toList()))).isNotBound())
			.isTrue();
		assertThat(of(new InvalidJobException("Something else")).isNotBound()).isFalse();
	}

}
