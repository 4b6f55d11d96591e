package io.rq.worker;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.ParameterizedTypeReference;

import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResultWriter}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResultWriterTests {

	private static final Type SHAPES = new ParameterizedTypeReference<List<Shape>>() {
	}.getType();

	private static final Type MAP = new ParameterizedTypeReference<Map<String, Object>>() {
	}.getType();

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final ResultWriter results = new ResultWriter();

	@Test
	void resultsAreWrittenByTheirDeclaredType(CapturedOutput output) {
		List<Shape> shapes = List.of(new Circle(1), new Square(2));
		byte[] bytes = write(SHAPES, shapes);
		assertThat(this.serializer.readValue(bytes, SHAPES)).isEqualTo(shapes);
		assertThat(output).doesNotContain("A result of");
	}

	@Test
	void aSubclassKeepsItsPropertiesWhereNoTypeIsAskedFor() {
		assertThat(new String(write(Plain.class, new Rich(1, "all")), StandardCharsets.UTF_8)).contains("all");
	}

	@Test
	void aResultThatWouldBeReadAsAnotherIsWrittenWithOneWarning(CapturedOutput output) {
		Map<String, Object> result = Map.of("price", new BigDecimal("12.30"));
		assertThat(new String(write(MAP, result), StandardCharsets.UTF_8)).isEqualTo("{\"price\":12.30}");
		write(MAP, result);
		assertThat(output.getOut().split("A result of 'f' will not be read as it was returned", -1)).hasSize(2);
		assertThat(output).contains("java.math.BigDecimal comes back as java.lang.Double").doesNotContain("12.30");
	}

	@Test
	void nothingIsWrittenOfNothing() {
		assertThat(write(MAP, null)).isNull();
	}

	@Test
	void aResultThatIsTooLargeToBeKeptIsRefused() {
		ResultWriter small = new ResultWriter(10);
		assertThat(small.write(new ReturnedValue("f", String.class, "12345678"), this.serializer)).hasSize(10);
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> small.write(new ReturnedValue("f", String.class, "123456789"), this.serializer))
			.withMessageContaining("The result of 'f' has 11 bytes, more than the 10 that can be kept");
	}

	private byte @Nullable [] write(Type type, @Nullable Object value) {
		return this.results.write(new ReturnedValue("f", type, value), this.serializer);
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class) })
	sealed interface Shape {

	}

	@JsonTypeName("circle")
	record Circle(int radius) implements Shape {

	}

	@JsonTypeName("square")
	record Square(int side) implements Shape {

	}

	static class Plain {

		public final int number;

		Plain(int number) {
			this.number = number;
		}

	}

	static class Rich extends Plain {

		public final String more;

		Rich(int number, String more) {
			super(number);
			this.more = more;
		}

	}

}
