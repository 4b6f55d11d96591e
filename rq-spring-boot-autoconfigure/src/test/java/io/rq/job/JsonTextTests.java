package io.rq.job;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonText}.
 */
class JsonTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "\"\\/", "\0\b\t\n\r\u001f\u007f", "\u00fc\u20ac\u2028\ud83d\ude00" })
	void aTextIsReadBackAndWrittenInAscii(String text) {
		String json = JsonText.quoted(text);
		assertThat(JsonMapper.shared().readValue(json, String.class)).isEqualTo(text);
		assertThat(json).matches("[ -~]*");
	}

}
