package io.rq.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Recording}.
 */
class RecordingTests {

	@Test
	void wordsAreReadWithTheirEscapes() throws Exception {
		assertThat(parse("+1339518083.107412 [0 127.0.0.1:60866] \"evalsha\" \"a\\\"b\" \"\\\\ \\x00\\xff\\n\" \"\""))
			.containsExactly("evalsha", "a\"b", "\\ \u0000\u00ff\n", "");
	}

	@Test
	void whatScriptsCallIsLeftOut() throws Exception {
		assertThat(parse("+1339518083.107412 [0 lua] \"hset\" \"a\" \"b\" \"c\"")).isEmpty();
	}

	@Test
	void whatWaitsIsLeftOut() throws Exception {
		assertThat(parse("+1339518083.107412 [0 127.0.0.1:60866] \"BLMOVE\" \"a\" \"b\"")).isEmpty();
	}

	private static List<String> parse(String line) throws Exception {
		return Arrays.stream(Recording.parse(line.getBytes(StandardCharsets.ISO_8859_1)))
			.map((word) -> new String(word, StandardCharsets.ISO_8859_1))
			.toList();
	}

}
