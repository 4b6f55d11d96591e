package io.rq.serializer;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;
import io.rq.serializer.PickleSamples.Sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PickleJobSerializer} and {@link PickleWriter}.
 */
class PickleJobSerializerTests {

	private final JobSerializer serializer = SerializerFormat.PICKLE.serializer(JsonMapper.builder().build(), 100_000);

	static List<Sample> plain() {
		return PickleSamples.plain();
	}

	private static Sample sample(String name) {
		return PickleSamples.all().stream().filter((one) -> one.name().equals(name)).findFirst().orElseThrow();
	}

	@Test
	void writesTheTupleOfRq() {
		Map<String, Object> kwargs = new LinkedHashMap<>();
		kwargs.put("b", 2);
		kwargs.put("c", List.of());
		byte[] data = this.serializer.writeCall("f", Arrays.asList(1, null, List.of(300)), kwargs);
		assertThat(data).asString(StandardCharsets.ISO_8859_1)
			.isEqualTo("\200\4(\214\1fN(K\1N](M\54\1et}(\214\1bK\2\214\1c](eut.");
	}

	@ParameterizedTest
	@MethodSource("plain")
	void whatPythonPickledIsWrittenSoThatItSaysTheSame(Sample sample) {
		JsonMapper mapper = JsonMapper.builder()
			.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
			.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
			.build();
		JobSerializer other = SerializerFormat.PICKLE.serializer(mapper, 100_000);
		byte[] pickle = other.writeValue(other.readValue(sample.pickle(), JsonNode.class));
		assertThat(pickle).startsWith(0x80, 4);
		assertThat(mapper.readTree(PickleJson.of(pickle, 100_000))).isEqualTo(mapper.readTree(sample.expected()));
	}

	@Test
	void readsACallOfPython() {
		for (int protocol = 0; protocol <= 5; protocol++) {
			SerializedCall call = this.serializer.readCall(sample("call " + protocol).pickle());
			assertThat(call.function()).isEqualTo("mail.send");
			assertThat(call.args()).containsExactly(1, "ada@example.org");
			assertThat(call.kwargs()).containsEntry("b", List.of(2)).containsEntry("c", null);
		}
	}

	@Test
	void argumentsBindByTheRulesOfJson() {
		byte[] data = this.serializer.writeCall("f", List.of("ada", 42), Map.of("times", 3));
		assertThat(bind("basic", data)).containsExactly("ada", 42L, 3);
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("basic", this.serializer.writeCall("f", List.of("a", "secret", 1), Map.of())))
			.withMessageContaining("Argument 2 'id' of 'f' must be long but the job has a string");
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("basic", this.serializer.writeCall("f", List.of("a", 1.0, 1), Map.of())))
			.withMessageContaining("a floating-point number");
	}

	@Test
	void bytesBindToBytesAndSetsToSets() {
		byte[] data = "\200\4(\214\1fN(C\3\0\377a\217(K\1K\2\220\214\11abc\342\202\254xyzt}t."
			.getBytes(StandardCharsets.ISO_8859_1);
		assertThat(bind("plain", data)).containsExactly(new byte[] { 0, -1, 'a' }, Set.of(1, 2), "abc€xyz");
	}

	@Test
	void whatWasWrittenBindsToTheSameValues() {
		Object[] args = { List.of(new Line("x", new BigDecimal("19.9"))), Duration.ofMillis(1500),
				Map.of(LocalDate.parse("2026-11-23"), List.of("ü\"\uD83D\uDE00")), BigInteger.TEN.pow(900),
				Double.NEGATIVE_INFINITY, new byte[] { 1, -1 } };
		byte[] data = this.serializer.writeCall("f", Arrays.asList(args), Map.of());
		assertThat(bind("rich", data)).isEqualTo(args);
	}

	@Test
	void valuesGoBothWays() {
		byte[] lines = this.serializer.writeValue(List.of(new Line("x", BigDecimal.ONE)));
		assertThat(this.serializer.readValue(lines, new ParameterizedTypeReference<List<Line>>() {
		}.getType())).isEqualTo(List.of(new Line("x", BigDecimal.ONE)));
		assertThat(this.serializer.writeValue(null)).containsExactly(0x80, 4, 'N', '.');
		Map<String, @Nullable Object> meta = Collections.singletonMap("a", null);
		assertThat(this.serializer.readValue(this.serializer.writeValue(meta), Map.class)).isEqualTo(meta);
	}

	@Test
	void refusesToWriteWhatAFloatCannotHold() {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeValue(new BigDecimal("1E400")))
			.withMessageContaining("larger than any float");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("f", List.of(new BigDecimal("1E400")), Map.of()))
			.withMessageContaining("'f'");
	}

	@Test
	void refusesToWriteWhatJsonDoesNot() {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("f", List.of("a", new Object()), Map.of()))
			.withMessageContaining("Argument 2 of 'f', of type java.lang.Object");
	}

	@Test
	void aJobThatIsNotPlainIsInvalidAndNamesTheOpcode() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.serializer.readCall(sample("decimal 5").pickle()))
			.withMessageStartingWith("The job's data cannot be read: the pickle has the opcode STACK_GLOBAL "
					+ "(decimal.Decimal) at position ");
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> this.serializer.readCall(sample("meta 5").pickle()))
			.withMessageContaining("The job's data is an object instead of an array")
			.withMessageContaining("as RQ's serializers write it");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(sample("date 5").pickle(), LocalDate.class))
			.withMessageStartingWith("A value cannot be read as java.time.LocalDate: the pickle has the opcode ");
	}

	@Test
	void saysThatJsonIsReadWithAuto() {
		byte[] json = "[\"f\",null,[],{}]".getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.serializer.readCall(json))
			.withMessageContaining("'rq.serializer' to 'auto'");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue("{}".getBytes(StandardCharsets.UTF_8), Map.class))
			.withMessageContaining("'rq.serializer' to 'auto'");
	}

	@Test
	void answersInPickles() {
		assertThat(this.serializer.answering(new byte[0])).isSameAs(this.serializer);
	}

	private @Nullable Object[] bind(String method, byte[] data) {
		return this.serializer.readCall(data).bind(parameters(method));
	}

	private static List<JobParameter> parameters(String name) {
		Method method = Arrays.stream(Functions.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		return JobParameter.of(method, Functions.class).toList();
	}

	record Line(String sku, BigDecimal price) {

	}

	interface Functions {

		void basic(String name, long id, int times);

		void plain(byte[] bytes, Set<Integer> set, String text);

		void rich(List<Line> lines, Duration length, Map<LocalDate, List<String>> map, BigInteger number,
				double fraction, byte[] bytes);

	}

}
