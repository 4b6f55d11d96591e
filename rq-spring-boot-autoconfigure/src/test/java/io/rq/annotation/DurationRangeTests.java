package io.rq.annotation;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DurationRange}.
 */
class DurationRangeTests {

	@ParameterizedTest
	@CsvSource({ "3m,180", "180s,180", "180,180", "PT3M,180", "1h30m,5400", "1d,86400", "-1,-1", "0,0" })
	void readsTheUsualForms(String text, long seconds) {
		assertThat(DurationRange.ANY.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "soon", "3 minutes", "1.5", "-2", "999ms", "40000d", "PT876600H1S", "9223372036854775807" })
	void refusesTheRest(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> DurationRange.ANY.parse(text));
	}

}
