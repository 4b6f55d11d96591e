package io.rq.docs;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;
import io.rq.serializer.JacksonJobSerializer;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Holds the table in {@code docs/arguments.md}: which jobs a method runs that has changed
 * since they were enqueued.
 */
class ArgumentEvolutionTests {

	static Stream<Arguments> rows() throws IOException {
		return Files.readAllLines(Path.of("../docs/arguments.md"))
			.stream()
			.filter((line) -> line.startsWith("| `["))
			.map((line) -> line.split(" \\| |\\| "))
			.map((cells) -> Arguments.of(cells[1].replace("`", ""), cells[2].replace("`", ""), cells[3]));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void jobOfAnEarlierBuild(String arguments, String signature, String outcome) {
		List<JobParameter> parameters = JobParameter.of(method(signature), Methods.class).toList();
		byte[] call = ("[\"f\", null, " + arguments + ", {}]").getBytes(StandardCharsets.UTF_8);
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.run((context) -> {
				JacksonJobSerializer serializer = new JacksonJobSerializer(context.getBean(JsonMapper.class));
				if (outcome.startsWith("runs")) {
					assertThatNoException().isThrownBy(() -> serializer.readCall(call).bind(parameters));
				}
				else {
					assertThatExceptionOfType(InvalidJobException.class)
						.isThrownBy(() -> serializer.readCall(call).bind(parameters));
				}
			});
	}

	private static Method method(String signature) {
		return Stream.of(Methods.class.getDeclaredMethods())
			.filter((method) -> signature(method).equals(signature))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No method is " + signature));
	}

	private static String signature(Method method) {
		return Arrays.stream(method.getParameters())
			.map((parameter) -> (isNullable(parameter.getAnnotatedType()) ? "@Nullable " : "")
					+ parameter.getParameterizedType().getTypeName().replaceAll("[\\w.]+[.$](?=\\w)", "") + " "
					+ parameter.getName())
			.collect(Collectors.joining(", ", "send(", ")"));
	}

	private static boolean isNullable(AnnotatedElement type) {
		return type.isAnnotationPresent(Nullable.class);
	}

	record Mail(String to, long id) {

	}

	record NewMail(String to, long id, String locale) {

	}

	static class Methods {

		void named(String to, long id) {
		}

		void renamed(String address, long userId) {
		}

		void optional(String to, long id, Optional<String> locale) {
		}

		void nullable(String to, long id, @Nullable String locale) {
		}

		void longer(String to, long id, String locale) {
		}

		void shorter(String to) {
		}

		void swapped(long id, String to) {
		}

		void narrower(String to, int id) {
		}

		void otherType(String to, String id) {
		}

		void object(Mail mail) {
		}

		void newObject(NewMail mail) {
		}

	}

}
