package io.rq.serializer;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the pickles that are written and read here against Python's own.
 */
@RedisTest
@RequiresPythonRq
class PickleWithPythonTests {

	private final JsonMapper mapper = JsonMapper.builder()
		.enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
		.enable(JsonWriteFeature.ESCAPE_NON_ASCII)
		.build();

	private final JobSerializer serializer = SerializerFormat.PICKLE.serializer(this.mapper, 1_000_000);

	private final PythonRq python;

	PickleWithPythonTests(TestRedis redis) {
		this.python = new PythonRq(redis);
	}

	@AfterEach
	void close() {
		this.python.close();
	}

	@Test
	void pythonReadsWhatIsWritten() {
		String pairs = PickleSamples.plain().stream().map((sample) -> {
			JsonNode value = this.mapper.readTree(sample.expected());
			return "('%s', r'''%s''')".formatted(HexFormat.of().formatHex(this.serializer.writeValue(value)),
					sample.expected());
		}).collect(Collectors.joining(",\n", "pairs = [\n", "]\n"));
		this.python.module("written", pairs);
		assertThat(this.python.run("""
				import json, pickle, pickletools, written
				for pickled, text in written.pairs:
				    data = bytes.fromhex(pickled)
				    assert repr(pickle.loads(data)) == repr(json.loads(text)), text
				    assert pickle._loads(data) is None or repr(pickle._loads(data)) == repr(json.loads(text)), text
				    list(pickletools.genops(data))
				print(len(written.pairs))
				""").strip()).isEqualTo(String.valueOf(PickleSamples.plain().size()));
	}

	@Test
	void pythonReadsCallsAsTheTuplesItWritesItself() {
		Map<String, Object> kwargs = new LinkedHashMap<>(Map.of("b", List.of(2)));
		byte[] call = this.serializer.writeCall("tasks.ä", Arrays.asList(1, null, List.of(1.5), true), kwargs);
		assertThat(this.python.run("""
				import pickle, sys
				print(pickle.loads(bytes.fromhex(sys.argv[1])))
				""", HexFormat.of().formatHex(call)).strip())
			.isEqualTo("('tasks.ä', None, (1, None, [1.5], True), {'b': [2]})");
	}

	@Test
	void readsWhatPythonPicklesAtRandom() {
		List<String> lines = this.python.run("""
				import json, pickle, random
				def text():
				    return ''.join(chr(random.choice([random.randrange(128), random.randrange(0xD800), 0x1F600]))
				                   for _ in range(random.choice([0, 1, 5, 300])))
				def value(depth):
				    kind = random.randrange(10 if depth else 6)
				    if kind < 6:
				        return random.choice([None, True, False, random.randrange(300), -random.randrange(2 ** 20),
				                              random.randrange(2 ** random.randrange(1, 300)), random.gauss(0, 1e10),
				                              random.random() * 10 ** random.randrange(-300, 300), text()])
				    items = [value(depth - 1) for _ in range(random.choice([0, 1, 2, 3, 4, 7]))]
				    if kind == 6:
				        return tuple(items)
				    if kind == 7:
				        return items + items
				    if kind == 8:
				        return {text(): item for item in items}
				    return items
				for i in range(2000):
				    one = value(4)
				    print(pickle.dumps(one, i % 6).hex(), json.dumps(one), sep='\\t')
				""").lines().toList();
		assertThat(lines).hasSize(2_000).allSatisfy((line) -> {
			String[] columns = line.split("\t");
			byte[] json = PickleJson.of(HexFormat.of().parseHex(columns[0]), 1_000_000);
			assertThat(this.mapper.readTree(json)).isEqualTo(this.mapper.readTree(columns[1]));
		});
	}

}
