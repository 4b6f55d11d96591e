package io.rq.redis;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.InvalidJobException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Timestamps}.
 */
class TimestampsTests {

	@ParameterizedTest
	@CsvSource({ "2026-11-23T02:44:03.879673Z, 2026-11-23T02:44:03.879673Z",
			"2024-02-29T23:59:59.000001Z, 2024-02-29T23:59:59.000001Z", "2026-11-23T02:44:03Z, 2026-11-23T02:44:03Z",
			"2026-11-23T02:44:03.5Z, 2026-11-23T02:44:03.500Z", "2026-11-23T02:44:03.879Z, 2026-11-23T02:44:03.879Z" })
	void readsWhatRqWrites(String text, Instant time) {
		assertThat(Timestamps.parse("created_at", text)).isEqualTo(time);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "2026-11-23T02:44:03.879673123Z", "2026-11-23T02:44:03+00:00", "2026-13-23T02:44:03.879673Z",
					"2026-11-31T02:44:03.879673Z", "2026-11-23T24:44:03.879673Z", "2026-11-23 02:44:03.879673Z",
					"2026-11-23T02:44:03.87967xZ", "2026-11-23T02:44:03.879673+", "2026-11-23T02:44:0:.879673Z", "soon",
					"-0001-11-23T02:44:03Z", "-999999999-01-01T00:00:00Z", "+10000-01-01T00:00:00Z" })
	void refusesWhatRqCannotRead(String text) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Timestamps.parse("created_at", text))
			.withMessageContainingAll("created_at", text);
	}

	@Test
	void readsSecondsOfAnyYear() {
		assertThat(Timestamps.ofSeconds(1795401843.000001)).isEqualTo("2026-11-23T02:44:03.000001Z");
		assertThat(Timestamps.ofSeconds(253402214400.0)).isEqualTo("9999-12-31T00:00:00Z");
		assertThat(Timestamps.ofSeconds(-0.5)).isEqualTo("1969-12-31T23:59:59.500Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-999999999-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "+10000-01-01T00:00:00Z",
			"+999999999-12-31T23:59:59Z", "soon" })
	void timeOutsideOfLivesOfJobsIsNotKnown(String text) {
		assertThat(Timestamps.ifReadable(text)).isNull();
	}

	@Test
	void secondsAreKnownHoweverFarAway() {
		assertThat(Timestamps.ifSeconds("1770000000000")).isEqualTo(Instant.ofEpochSecond(1_770_000_000_000L));
		assertThat(Timestamps.ifSeconds("inf")).isNull();
	}

	@Test
	void likelyTimesAreKnown() {
		assertThat(Timestamps.ifReadable("1970-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
		assertThat(Timestamps.ifReadable("9999-12-31T23:59:59.999999Z")).isNotNull();
	}

	@ParameterizedTest
	@CsvSource({ "1795401843001-7, 2026-11-23T02:44:03.001Z", "0-1, 1970-01-01T00:00:00Z",
			"9999999999999999998-0, 9999-12-31T23:59:59.999999Z",
			"18446744073709551615-18446744073709551615, 9999-12-31T23:59:59.999999Z" })
	void readsTheTimeOfAnyEntry(String id, Instant time) {
		assertThat(Timestamps.ofEntry(id)).isEqualTo(time);
	}

	@Test
	void writesSixDigitsAlways() {
		assertThat(Timestamps.text(Instant.parse("2026-11-23T02:44:03Z"))).isEqualTo("2026-11-23T02:44:03.000000Z");
		assertThat(Timestamps.text(Instant.parse("2026-11-23T02:44:03.123456789Z")))
			.isEqualTo("2026-11-23T02:44:03.123456Z");
		assertThat(Timestamps.seconds(Instant.parse("2026-11-23T02:44:03.000001Z"))).isEqualTo("1795401843.000001");
	}

}
