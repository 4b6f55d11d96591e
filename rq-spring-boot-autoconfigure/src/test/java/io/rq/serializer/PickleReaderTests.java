package io.rq.serializer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

import io.rq.serializer.PickleSamples.Sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link PickleReader}, {@link PickleStack} and {@link PickleJson}.
 */
class PickleReaderTests {

	private static final long MAX_SIZE = 100_000;

	private final JsonMapper mapper = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

	static List<Sample> plain() {
		return PickleSamples.plain();
	}

	static List<Sample> refused() {
		return PickleSamples.refused();
	}

	@ParameterizedTest
	@MethodSource("plain")
	void readsWhatPythonPickledAsTheJsonThatPythonWouldHaveWritten(Sample sample) {
		assertThat(this.mapper.readTree(PickleJson.of(sample.pickle(), MAX_SIZE)))
			.isEqualTo(this.mapper.readTree(sample.expected()));
	}

	@ParameterizedTest
	@MethodSource("plain")
	void refusesEveryBeginningOfAPickle(Sample sample) {
		byte[] pickle = sample.pickle();
		IntStream.range(0, pickle.length)
			.filter((length) -> length < 300 || length > pickle.length - 300)
			.forEach((length) -> assertRefused(Arrays.copyOf(pickle, length), "ends in the middle"));
	}

	@ParameterizedTest
	@MethodSource("refused")
	void refusesWhatIsNotPlainByItsOpcode(Sample sample) {
		assertRefused(sample.pickle(), "the opcode " + sample.refusedOpcode(), "names, imports or calls");
	}

	static Stream<PickleOpcode> refusedOpcodes() {
		return Stream.of(PickleOpcode.values()).filter((opcode) -> opcode.refusal() != null);
	}

	@ParameterizedTest
	@MethodSource("refusedOpcodes")
	void refusesOpcodesThatDoMoreThanHoldDataWhateverSurroundsThem(PickleOpcode opcode) {
		assertRefused(new byte[] { (byte) opcode.code() }, "the opcode " + opcode + " at position 0, ");
		byte[] second = bytes("(N0" + (char) opcode.code() + "aaaaaaaaa\na\n.");
		assertRefused(second, "the opcode " + opcode + " at position 3, ");
	}

	@Test
	void theListOfPlainOpcodesIsThis() {
		assertThat(Stream.of(PickleOpcode.values()).filter((opcode) -> opcode.refusal() == null).map(Enum::name))
			.containsExactlyInAnyOrder(("NONE NEWTRUE NEWFALSE INT LONG BININT BININT1 BININT2 LONG1 LONG4 FLOAT "
					+ "BINFLOAT UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 SHORT_BINBYTES BINBYTES BINBYTES8 "
					+ "BYTEARRAY8 EMPTY_LIST LIST EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_DICT DICT EMPTY_SET "
					+ "FROZENSET APPEND APPENDS SETITEM SETITEMS ADDITEMS MARK POP POP_MARK DUP PUT BINPUT LONG_BINPUT "
					+ "GET BINGET LONG_BINGET MEMOIZE PROTO FRAME STOP")
				.split(" "));
	}

	@Test
	void everyOtherByteIsNoOpcode() {
		List<Integer> unknown = IntStream.range(0, 256)
			.filter((code) -> PickleOpcode.find(code) == null)
			.boxed()
			.toList();
		assertThat(unknown).hasSize(256 - PickleOpcode.values().length)
			.allSatisfy((code) -> assertRefused(new byte[] { code.byteValue() }, "no opcode " + code));
	}

	@Test
	void namesTheClassThatIsRefused() {
		byte[] date = refused().stream()
			.filter((sample) -> sample.name().equals("date 4"))
			.findFirst()
			.orElseThrow()
			.pickle();
		assertRefused(date, "STACK_GLOBAL (datetime.date) at position");
	}

	static Stream<Arguments> assembled() {
		return Stream.of(arguments("(K\1K\2l.", "[1,2]"), arguments("(K\1K\2d.", "{\"1\":2}"),
				arguments("K\1K\0020.", "1"), arguments("K\1(K\2K\0031.", "1"), arguments("K\1(0.", "1"),
				arguments("]K\0072\206a.", "[[7,7]]"), arguments("(I1\np5\nI2\ng5\nt.", "[1,2,1]"),
				arguments("I2\np0\n0g0\n.", "2"), arguments("K\1r\3\0\0\0000j\3\0\0\0.", "1"),
				arguments("L-7L\n.", "-7"), arguments("L7\n.", "7"), arguments("I00\n.", "false"),
				arguments("I01\n.", "true"), arguments("I0\n.", "0"), arguments("F1e3\n.", "1000.0"),
				arguments("F-1.\n.", "-1.0"), arguments("F1e999\n.", "Infinity"),
				arguments("V\\u00e9\\\\u00e9\n.", "\"\\u00e9\\\\\\\\u00e9\""), arguments("V\\\n.", "\"\\\\\""),
				arguments("V\351\n.", "\"\\u00e9\""), arguments("N(1.", "null"), arguments("\200\2N.", "null"),
				arguments("\217(K\1K\2\220.", "[1,2]"), arguments("(K\1\221.", "[1]"),
				arguments("\225\2\0\0\0\0\0\0\0N.", "null"), arguments("\213\0\0\0\0.", "0"), arguments("\212\0.", "0"),
				arguments("\212\1\377.", "-1"), arguments("J\377\377\377\377.", "-1"), arguments("M\377\377.", "65535"),
				arguments("\214\3\355\240\200.", "\"\\ud800\""),
				arguments("}(NK\1\210K\2u.", "{\"null\":1,\"true\":2}"), arguments("}K\1K\2sK\1K\3s.", "{\"1\":3}"),
				arguments("\226\1\0\0\0\0\0\0\0a.", "\"YQ==\""), arguments("\216\1\0\0\0\0\0\0\0a.", "\"YQ==\""),
				arguments("\215\1\0\0\0\0\0\0\0a.", "\"a\""));
	}

	@ParameterizedTest(name = "{index}")
	@MethodSource("assembled")
	void doesWhatPythonDoes(String pickle, String json) {
		assertThat(this.mapper.readTree(PickleJson.of(bytes(pickle), MAX_SIZE))).isEqualTo(this.mapper.readTree(json));
	}

	@ParameterizedTest(name = "{index}")
	@ValueSource(strings = { "", "](K\0072ee.", "I007\n.", "I0x7\n.", "I 7\n.", "I+7\n.", "I\n.", "L\n.", "F0x1p3\n.",
			"F1d\n.", "F\n.", "FNaN\n.", "g-1\n.", "Np-1\n.", "Np1111111111111111111111\n.", "p\n.", "V\\u00g9\n.",
			"V\\U00110000\n.", "V\\Uffffffff\n.", "V\\u12\n.", "N.N", "NN.", "(N.", "N(.", ".", "N0.", "a.", "Na.",
			"NNa.", "}Na.", "](N}u.", "}(Nu.", "(Nd.", "t.", "1.", "]N\220.", "](N\220.", "0.", "N(a.", "](ae.", "2.",
			"(2.", "q\0.", "h\0.", "\200\6N.", "\225\2\0\0\0\0\0\0\200N.", "\225\3\0\0\0\0\0\0\0N.", "}}Ns.", "})Ns.",
			"}C\1aNs.", "}N\206Ns.", "X\377\377\377\377.", "B\377\377\377\377.", "\213\377\377\377\377.", "\214\1\377.",
			"\214\3\355\240\377.", "\214\2\355\240.", "\214\2\300\200.", "\215\377\377\377\377\377\377\377\377.",
			"\216\377\377\377\377\377\377\377\177.", "\224.", "(\224." })
	void refusesWhatIsMalformedOrUnknown(String pickle) {
		assertRefused(bytes(pickle), "pickle");
	}

	@Test
	void refusesWhatContainsItself() {
		assertRefused(bytes("]q\0h\0a."), "has a list that contains itself");
		assertRefused(bytes("}q\0K\1h\0s."), "has a dict that contains itself");
		assertRefused(bytes("]q\0(h\0K\1ta."), "has a list that contains itself");
	}

	@Test
	void readsWhatIsSharedAsOftenAsItIsUsed() {
		assertThat(PickleJson.of(bytes("](]q\0(K\1K\2eh\0h\0e."), MAX_SIZE)).asString(StandardCharsets.UTF_8)
			.isEqualTo("[[1,2],[1,2],[1,2]]");
	}

	@Test
	void refusesWhatGrowsBySharedReferences() {
		assertRefused(bytes("]", "2\206".repeat(127), "2\206."), "more than 100000 bytes");
		assertRefused(bytes("X\0\100\0\0", "x".repeat(1 << 14), "2\206".repeat(4), "."), "more than 131", " bytes");
		assertThat(bytes("]", "2\206".repeat(128), ".")).hasSizeLessThan(259);
	}

	@Test
	void readsAsDeepAsJsonIsRead() {
		assertThat(PickleJson.of(bytes("]".repeat(500), "a".repeat(499), "."), MAX_SIZE)).hasSize(1_000);
		assertRefused(bytes("]".repeat(501), "a".repeat(500), "."), "nests more than 500");
		assertRefused(bytes("N", "\205".repeat(1_000_000), "."), "nests more than 500");
	}

	@Test
	void boundsTheMemo() {
		assertRefused(bytes("Nr\377\377\377\177."), "a memo of more places than it has bytes");
		assertRefused(bytes("Nr\377\377\377\377."), "a memo of more places than it has bytes");
		assertRefused(bytes("Nj\377\377\377\377."), "empty");
	}

	@Test
	void boundsTheDigitsOfNumbers() {
		String most = "9".repeat(1_000);
		assertThat(PickleJson.of(bytes("L", most, "L\n."), MAX_SIZE)).asString(StandardCharsets.UTF_8).isEqualTo(most);
		assertRefused(bytes("L1", "0".repeat(1_000), "L\n."), "more than 1000 digits");
		assertRefused(bytes("I", "9".repeat(10_000_000), "\n."), "more than 1000 digits");
		assertRefused(bytes("F", "9".repeat(1_001), "\n."), "more than 1000 digits");
		assertRefused(bytes("\213\0\0\20\0", "\177".repeat(1 << 20), "."), "more than 1000 digits");
		assertRefused(bytes("\213\240\1\0\0", "\177".repeat(416), "."), "more than 1000 digits");
	}

	@Test
	void boundsTheNumberOfCollectionsBecauseOneByteMakesOne() {
		String empty = "]".repeat(999_999);
		assertThat(PickleJson.of(bytes("](", empty, "e."), MAX_SIZE)).hasSize(2 + 3 * 999_999 - 1);
		assertRefused(bytes("](]", empty, "e."), "more than 1000000");
	}

	@Test
	void refusesKeysThatJsonDoesNotHave() {
		assertRefused(bytes("})Ns."), "a tuple for a key");
		assertRefused(bytes("}C\1aNs."), "a bytes object for a key");
	}

	private static byte[] bytes(String... parts) {
		return String.join("", parts).getBytes(StandardCharsets.ISO_8859_1);
	}

	private static void assertRefused(byte[] pickle, String... reasons) {
		assertThatExceptionOfType(JobSerializationException.class).isThrownBy(() -> PickleJson.of(pickle, MAX_SIZE))
			.withMessageContainingAll(reasons)
			.withNoCause();
	}

}
