package io.rq.serializer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;

import io.rq.job.InvalidJobException;
import io.rq.job.JobParameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JacksonJobSerializer}.
 */
class JacksonJobSerializerTests {

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	@Test
	void writesTheTupleOfRq() {
		Map<String, Object> kwargs = new LinkedHashMap<>();
		kwargs.put("b", 2);
		kwargs.put("c", null);
		byte[] data = this.serializer.writeCall("tasks.add", Arrays.asList(1, null, "ä"), kwargs);
		assertThat(text(data)).isEqualTo("[\"tasks.add\",null,[1,null,\"ä\"],{\"b\":2,\"c\":null}]");
	}

	@Test
	void writesACallWithoutArguments() {
		assertThat(text(this.serializer.writeCall("f", List.of(), Map.of()))).isEqualTo("[\"f\",null,[],{}]");
	}

	@Test
	void writesNumbersAsPythonReadsThem() {
		byte[] data = this.serializer.writeCall("f", List.of(Double.NaN, 1.5), Map.of());
		assertThat(text(data)).isEqualTo("[\"f\",null,[NaN,1.5],{}]");
		assertThat(this.serializer.readCall(data).args()).containsExactly(Double.NaN, 1.5);
	}

	@Test
	@Timeout(20)
	void exactValuesAreWrittenAsTheyWere() {
		String numbers = "[1,1.5,0.10,10.10,12345678901234567.89,100.0,1.2345678E7,1E+2,1E+400,1E+999999999,"
				+ "1E-999999999,NaN,-Infinity]";
		String data = "[\"f\",null," + numbers + ",{\"a\":{\"b\":" + numbers + "}}]";
		SerializedCall call = read(data).exact();
		assertThat(text(this.serializer.writeCall("f", call.args(), call.kwargs()))).isEqualTo(data);
		assertThat(call.args()).contains(1.5, 100.0, 1.2345678E7, new BigDecimal("10.10"));
		assertThat(read("[\"f\",null,[1.5e1],{}]").exact().args()).containsExactly(new BigDecimal("15.0"));
		assertThat(read(data).args()).contains(10.1, Double.POSITIVE_INFINITY);
	}

	@Test
	void namesTheArgumentThatCannotBeWritten() {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("mail.send", List.of("a", new Object()), Map.of()))
			.withMessageContaining("Argument 2 of 'mail.send', of type java.lang.Object");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("mail.send", List.of(), Map.of("b", new Broken())))
			.withMessageContaining("Argument 'b' of 'mail.send', of type " + Broken.class.getTypeName());
	}

	@Test
	void refusesACycle() {
		Map<String, Object> cycle = new LinkedHashMap<>();
		cycle.put("self", cycle);
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("f", List.of(cycle), Map.of()));
	}

	@Test
	void ignoresSettingsThatWouldChangeTheTuple() {
		JsonMapper mapper = JsonMapper.builder()
			.enable(SerializationFeature.WRAP_ROOT_VALUE, SerializationFeature.INDENT_OUTPUT)
			.changeDefaultPropertyInclusion((value) -> value.withContentInclusion(JsonInclude.Include.NON_NULL))
			.build();
		JacksonJobSerializer other = new JacksonJobSerializer(mapper);
		byte[] data = other.writeCall("f", Arrays.asList("a", null), Collections.singletonMap("k", null));
		SerializedCall call = other.readCall(data);
		assertThat(call.args()).containsExactly("a", null);
		assertThat(call.kwargs()).containsOnlyKeys("k");
	}

	@Test
	void readsWhatPythonWrote() {
		SerializedCall call = read(" [\"tasks.add\", null, [1, \"\\u00e9\", [2.5]], {\"b\": {\"c\": null}}]\n");
		assertThat(call.function()).isEqualTo("tasks.add");
		assertThat(call.args()).containsExactly(1, "é", List.of(2.5));
		assertThat(call.kwargs()).containsOnlyKeys("b");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{}|is an object instead of an array", "``|is nothing instead of an array", "[|is not valid JSON",
					"nonsense|is not valid JSON", "[]|has 0 of four elements",
					"[\"f\", null, [1]]|has 3 of four elements",
					"[\"f\", null, [1], {}, 1]|has more than four elements", "[\"f\", null, [1], {}] 1|something after",
					"[1, null, [], {}]|for its function an integer instead of a string",
					"[\"f\", {}, [], {}]|for its instance, which only pickle can carry, an object",
					"[\"f\", null, null, {}]|for its positional arguments null instead of an array",
					"[\"f\", null, [], null]|for its named arguments null instead of an object",
					"[\"f\", null, [], {\"a\" 1}]|is not valid JSON" })
	void namesWhatIsWrongWithTheTuple(String data, String message) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> read(data))
			.withMessageContaining(message)
			.withMessageContaining("as RQ's serializers write it");
	}

	@Test
	void namesTheBoundThatANumberGoesBeyond() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> read("[\"f\", null, [" + "1".repeat(1_001) + "], {}]"))
			.withMessageContaining("goes beyond what is read of JSON")
			.withMessageContaining("1000");
	}

	@Test
	void recognizesAPickle() {
		byte[] pickle = { (byte) 0x80, 5, (byte) 0x95 };
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.serializer.readCall(pickle))
			.withMessageContaining("pickled by a Python producer; set 'rq.serializer' to 'auto' or 'pickle'");
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(pickle, String.class))
			.withMessageContaining("pickled")
			.withMessageContaining("'rq.serializer'");
	}

	@Test
	void refusesAnotherEncodingOfUnicode() {
		byte[] utf16 = "[\"f\", null, [], {}]".getBytes(StandardCharsets.UTF_16LE);
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.serializer.readCall(utf16))
			.withMessageContaining("UTF-8");
	}

	@Test
	void readsBehindAByteOrderMark() {
		assertThat(read("\uFEFF[\"f\", null, [7], {\"a\": 1}]").args()).containsExactly(7);
	}

	@Test
	void bindsByPositionThenByName() {
		assertThat(bind("basic", "[\"ada\"], {\"times\": 3, \"id\": 42}")).containsExactly("ada", 42L, 3);
		assertThat(bind("basic", "[\"ada\", 42, 3], {}")).containsExactly("ada", 42L, 3);
		assertThat(bind("basic", "[], {\"times\": 3, \"id\": 42, \"name\": null}")).containsExactly(null, 42L, 3);
	}

	@Test
	void bindsRichTypes() {
		Object[] values = bind("rich", """
				[[{"sku": "x", "price": 19.900000000000000000000001}], "2026-11-23T02:44:03Z", "PT3M", "RED",
				{"2026-11-23": ["a"]}, ["p", "q"], NaN], {}""");
		assertThat(values[0]).isEqualTo(List.of(new Line("x", new BigDecimal("19.900000000000000000000001"))));
		assertThat(values[1]).isEqualTo(Instant.parse("2026-11-23T02:44:03Z"));
		assertThat(values[2]).isEqualTo(Duration.ofMinutes(3));
		assertThat(values[3]).isEqualTo(Color.RED);
		assertThat(values[4]).isEqualTo(Map.of(LocalDate.parse("2026-11-23"), List.of("a")));
		assertThat(values[5]).isEqualTo(new String[] { "p", "q" });
		assertThat(values[6]).isEqualTo(Double.NaN);
	}

	@Test
	void whatWasWrittenBindsToTheSameValues() {
		Object[] args = { List.of(new Line("x", new BigDecimal("19.90"))),
				Instant.parse("2026-11-23T02:44:03.123456789Z"), Duration.ofMillis(1500), Color.RED,
				Map.of(LocalDate.parse("2026-11-23"), List.of("ü\"")), new String[] { "p", "q" },
				Double.NEGATIVE_INFINITY };
		byte[] data = this.serializer.writeCall("rich", Arrays.asList(args), Map.of());
		assertThat(this.serializer.readCall(data).bind(parameters("rich"))).isEqualTo(args);
	}

	@Test
	void missingOptionalsAreEmptyAndMissingNullablesNull() {
		assertThat(bind("optional", "[], {}")).containsExactly(Optional.empty(), OptionalInt.empty(), null, null);
		assertThat(bind("optional", "[\"2026-11-23\", 1, null], {\"typeUse\": [1]}"))
			.containsExactly(Optional.of(LocalDate.parse("2026-11-23")), OptionalInt.of(1), null, List.of(1L));
		assertThat(bind("optional", "[null], {}")[0]).isEqualTo(Optional.empty());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"[`a`, 1, 2, 3, 4], {}|takes 3 arguments but the job has 5 positional ones",
			"[`a`, 1], {}|Argument 3 'times' of 'fn' must be int but the job has no such argument",
			"[`a`, 1], {`tmes`: 1}|has no parameter 'tmes'; it has [name, id, times]",
			"[`a`, 1, 2], {`id`: 1}|several values for its parameter 'id' (position 2)",
			"[`a`], {`id`: 1, `id`: 2}|several values for its parameter 'id'",
			"[`a`, `secret`, 1], {}|Argument 2 'id' of 'fn' must be long but the job has a string",
			"[`a`, 1.5, 1], {}|Argument 2 'id' of 'fn' must be long but the job has a floating-point number",
			"[`a`, null, 1], {}|Argument 2 'id' of 'fn' must be long but the job has null",
			"[12345, 1, 1], {}|Argument 1 'name' of 'fn' must be java.lang.String but the job has an integer",
			"[`a`, 1, 98765432109], {}|Argument 3 'times' of 'fn' must be int but the job has an integer",
			"[`a`, true, 1], {}|Argument 2 'id' of 'fn' must be long but the job has a boolean",
			"[[`secret`], 1, 1], {}|Argument 1 'name' of 'fn' must be java.lang.String but the job has an array" })
	void namesTheArgumentThatDoesNotBind(String tail, String message) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> bind("basic", tail.replace('`', '"')))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret", "12345", "98765"))
			.withNoCause();
	}

	@Test
	void namesTheNestedPlaceWithoutItsValue() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("rich",
					"[[{\"sku\": \"x\", \"price\": \"secret\"}], null, null, null, null, null, 1], {}"))
			.withMessageContaining("java.math.BigDecimal")
			.withMessageContaining("[\"price\"]")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void keysOfMapsAreNotTold() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("rich", "[[], null, null, null, {\"2026-11-23\": {\"secret\": 1}}, [], 1], {}"))
			.satisfies((ex) -> assertThat(ex.getMessage()).endsWith("(at java.util.LinkedHashMap[…])"));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("keyed", "[{\"secret\": \"x\"}, {}], {}"))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("java.lang.Integer")
				.endsWith("(at java.util.LinkedHashMap[…])"));
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("keyed", "[{}, {\"secret\": \"x\"}], {}"))
			.satisfies((ex) -> assertThat(ex.getMessage()).endsWith("(at " + Open.class.getName() + "[…])"));
		JsonMapper strict = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(
					() -> new JacksonJobSerializer(strict).readValue(bytes("{\"sku\": 1, \"secret\": 2}"), Line.class))
			.withMessageContaining("a property is unknown, known are [sku, price]")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void keysOfWhatCannotBeWrittenAreNotTold() {
		Map<String, Object> value = Map.of("secret", List.of(new Broken()));
		assertThatExceptionOfType(JobSerializationException.class).isThrownBy(() -> this.serializer.writeValue(value))
			.withNoCause()
			.withMessageContaining("java.lang.IllegalStateException")
			.withMessageContaining("[…]")
			.withMessageContaining(Broken.class.getName() + "[\"value\"]")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeCall("f", List.of(value), Map.of()))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("[…]").doesNotContain("secret"));
	}

	@Test
	void anEnumIsNotBoundByItsOrdinal() {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> bind("rich", "[[], null, null, 0, {}, [], 1], {}"))
			.withMessageContaining("Argument 4 'color'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"count\": null}" })
	void aPrimitiveThatIsMissingIsReportedAsSuch(String text) {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(bytes(text), Counted.class))
			.withMessageContaining("the value is missing or null, and int cannot be")
			.withMessageContaining("[\"count\"]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1, 2]", "{\"a\": 1}", "\"x\"", "\"\"", "1.5", "12345678901" })
	void aPrimitiveThatDoesNotFitIsReportedAsSuch(String value) {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(bytes("{\"count\": " + value + "}"), Counted.class))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("missing"));
	}

	record Counted(int count) {

	}

	@Test
	void anAbstractParameterTypeIsReported() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> bind("unbindable", "[{\"a\": 1}], {}"))
			.withMessageContaining("java.lang.Runnable");
	}

	@Test
	void valuesGoBothWays() {
		byte[] lines = this.serializer.writeValue(List.of(new Line("x", BigDecimal.ONE)));
		assertThat(text(lines)).isEqualTo("[{\"sku\":\"x\",\"price\":1}]");
		assertThat(this.serializer.readValue(lines, new ParameterizedTypeReference<List<Line>>() {
		}.getType())).isEqualTo(List.of(new Line("x", BigDecimal.ONE)));
		assertThat(text(this.serializer.writeValue(null))).isEqualTo("null");
		assertThat(this.serializer.readValue(bytes("null"), String.class)).isNull();
	}

	@Test
	void aValueThatDoesNotFitIsReportedWithoutIt() {
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(bytes("\"secret\""), Line.class))
			.withMessageContaining(Line.class.getTypeName())
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.readValue(bytes("1 2"), Integer.class));
		assertThatExceptionOfType(JobSerializationException.class)
			.isThrownBy(() -> this.serializer.writeValue(new Broken()))
			.withMessageContaining(Broken.class.getTypeName());
	}

	private @Nullable Object[] bind(String method, String tail) {
		return read("[\"fn\", null, " + tail + "]").bind(parameters(method));
	}

	private SerializedCall read(String data) {
		return this.serializer.readCall(bytes(data));
	}

	private static List<JobParameter> parameters(String name) {
		Method method = Arrays.stream(Functions.class.getDeclaredMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		return JobParameter.of(method, Functions.class).toList();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	enum Color {

		RED, GREEN

	}

	record Line(String sku, BigDecimal price) {

	}

	static class Open {

		@JsonAnySetter
		void set(String key, int value) {
		}

	}

	static class Broken {

		public String getValue() {
			throw new IllegalStateException("broken");
		}

	}

	static final class Declared {

		@Target(ElementType.PARAMETER)
		@Retention(RetentionPolicy.RUNTIME)
		@interface Nullable {

		}

		private Declared() {
		}

	}

	interface Functions {

		void basic(String name, long id, int times);

		void rich(List<Line> lines, Instant at, Duration length, Color color, Map<LocalDate, List<String>> map,
				String[] array, double number);

		void optional(Optional<LocalDate> day, OptionalInt count, @Declared.Nullable String declared,
				@Nullable List<Long> typeUse);

		void unbindable(Runnable task);

		void keyed(Map<String, Integer> map, Open open);

	}

}
