package io.rq.worker;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoredTrace}.
 */
class StoredTraceTests {

	@ParameterizedTest
	@ValueSource(strings = { "x", "ä", "\u2028", "\ud83d\ude00" })
	void aHugeTraceIsCutToItsBeginningAndEnd(String character) {
		String cut = StoredTrace.cut("first line " + character.repeat(1_000_000) + " Caused by: last line");
		assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(StoredTrace.LIMIT - 200, StoredTrace.LIMIT);
		assertThat(cut).startsWith("first line").endsWith("Caused by: last line").contains("characters are left out");
		assertThat(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(cut);
	}

	@Test
	void anOrdinaryTraceStaysAsItIs() {
		String trace = "x".repeat(StoredTrace.LIMIT);
		assertThat(StoredTrace.cut(trace)).isSameAs(trace);
	}

}
