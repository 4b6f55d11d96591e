package io.rq.serializer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AutoJobSerializer}.
 */
class AutoJobSerializerTests {

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final JobSerializer json = SerializerFormat.JSON.serializer(this.mapper, 1_000);

	private final JobSerializer pickle = SerializerFormat.PICKLE.serializer(this.mapper, 1_000);

	private final JobSerializer auto = SerializerFormat.AUTO.serializer(this.mapper, 1_000);

	@Test
	void readsBoth() {
		for (JobSerializer writer : List.of(this.json, this.pickle)) {
			SerializedCall call = this.auto.readCall(writer.writeCall("f", List.of(1), Map.of("b", 2)));
			assertThat(call.function()).isEqualTo("f");
			assertThat(call.args()).containsExactly(1);
			assertThat(call.kwargs()).containsEntry("b", 2);
			assertThat(this.auto.readValue(writer.writeValue("text"), String.class)).isEqualTo("text");
		}
	}

	@Test
	void writesJsonAndAnswersInWhatCame() {
		byte[] call = this.auto.writeCall("f", List.of(1), Map.of());
		assertThat(call).isEqualTo(this.json.writeCall("f", List.of(1), Map.of()));
		assertThat(this.auto.answering(call).writeValue(1)).isEqualTo(this.auto.writeValue(1)).isEqualTo(bytes("1"));
		byte[] pickled = this.pickle.writeCall("f", List.of(1), Map.of());
		assertThat(this.auto.answering(pickled).writeValue(1)).isEqualTo(this.pickle.writeValue(1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 4, 5 })
	void knowsEveryPickleThatRqHasEverWritten(int protocol) {
		PickleSamples.plain()
			.stream()
			.filter((sample) -> sample.name().endsWith(" " + protocol))
			.forEach((sample) -> assertThat(this.auto.answering(sample.pickle()).writeValue(1))
				.isEqualTo(this.pickle.writeValue(1)));
	}

	@Test
	void whatIsNeitherIsNotJson() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.auto.readCall(bytes("nonsense")))
			.withMessageContaining("is not valid JSON");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.auto.readCall(new byte[0]))
			.withMessageContaining("is nothing");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
