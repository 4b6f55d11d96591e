package io.rq.serializer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;
import io.rq.test.Fuzz;

/**
 * Throws damaged JSON at the readers of calls, values and meta data.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JsonFuzzTests {

	private static final int MAX_SIZE = 20_000;

	private final Fuzz fuzz = new Fuzz(new byte[] { (byte) 0x80, 5 },
			new byte[] { (byte) 0xef, (byte) 0xbb, (byte) 0xbf });

	@ParameterizedTest
	@EnumSource
	void everyJsonIsReadOrRefused(Reading reading) {
		eachIsReadOrRefused(SerializerFormat.JSON, reading);
	}

	@ParameterizedTest
	@EnumSource
	void everyPayloadOfAnyFormatIsReadOrRefused(Reading reading) {
		eachIsReadOrRefused(SerializerFormat.AUTO, reading);
	}

	private void eachIsReadOrRefused(SerializerFormat format, Reading reading) {
		JobSerializer serializer = format.serializer(JsonMapper.builder().build(), MAX_SIZE);
		List<byte[]> payloads = List.of(serializer.writeCall("f", List.of("a", 1, 4.2), Map.of("b", List.of(true))),
				serializer.writeCall("tasks.add", List.of(), Map.of()),
				serializer.writeValue(Map.of("name", "\u00e4", "list", List.of(1, 2, Map.of("deep", "er")))),
				bytes("[\"f\", null, [1, [2, [3]]], {\"k\": null}]"), bytes("{\"k\": \"v\", \"n\": 1e10}"));
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damaged(payloads), (payload) -> reading.read(serializer, payload),
				List.of(InvalidJobException.class, JobSerializationException.class));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
