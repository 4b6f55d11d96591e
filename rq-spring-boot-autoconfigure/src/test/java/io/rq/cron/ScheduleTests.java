package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Schedule}.
 */
class ScheduleTests {

	private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/5 * * * *      | 2026-01-31T12:05:00Z
			30 7 * * *       | 2026-02-01T07:30:00Z
			0 7 * * MON      | 2026-02-02T07:00:00Z
			0 7 * * 0        | 2026-02-01T07:00:00Z
			0 7 * * 7        | 2026-02-01T07:00:00Z
			0 0 L * *        | 2026-02-28T00:00:00Z
			0 0 * * sun#2    | 2026-02-08T00:00:00Z
			15 * * * * *     | 2026-01-31T12:00:15Z
			10 30 8 * * *    | 2026-02-01T08:30:10Z
			@daily           | 2026-02-01T00:00:00Z
			@Hourly          | 2026-01-31T13:00:00Z
			0 0 29 2 *       | 2028-02-29T00:00:00Z
			0 0 13 * FRI     | 2026-02-13T00:00:00Z
			""")
	void fiveFieldsBeginWithTheMinuteAndSixWithTheSecond(String expression, Instant next) {
		assertThat(Schedule.cron(expression).next(NOON)).isEqualTo(next);
	}

	@Test
	void anExpressionIsReadInUtcUnlessAZoneIsChosen() {
		Schedule schedule = Schedule.cron("0 7 * * *");
		assertThat(schedule.next(NOON)).isEqualTo("2026-02-01T07:00:00Z");
		assertThat(schedule.in(ZoneId.of("Asia/Tokyo")).next(NOON)).isEqualTo("2026-01-31T22:00:00Z");
	}

	@Test
	void anIntervalGoesOnFromTheLastOccurrence() {
		Schedule schedule = Schedule.every(Duration.ofSeconds(30));
		assertThat(schedule.next(NOON)).isEqualTo(NOON.plusSeconds(30));
		assertThat(schedule.latest(NOON, NOON.plusSeconds(29))).isNull();
		assertThat(schedule.latest(NOON, NOON.plusSeconds(90))).isEqualTo(NOON.plusSeconds(90));
		assertThat(schedule.latest(NOON, NOON.plusSeconds(100_000_007L))).isEqualTo(NOON.plusSeconds(99_999_990L));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			* * * * * *      | 2026-07-01T00:00:00.400Z | 2026-07-01T00:00:00Z
			* * * * 5 *      | 2026-07-01T00:00:00Z     | 2026-05-31T23:59:59Z
			0 7 * * MON      | 2026-07-01T00:00:00Z     | 2026-06-29T07:00:00Z
			0 0 29 2 *       | 2031-07-01T00:00:00Z     | 2028-02-29T00:00:00Z
			30 7 * * *       | 2026-02-01T07:30:00Z     | 2026-02-01T07:30:00Z
			59 59 23 * * *   | 2026-02-02T00:00:00.900Z | 2026-02-01T23:59:59Z
			""")
	void theLatestOccurrenceIsFoundHoweverManyThereWere(String expression, Instant upTo, Instant latest) {
		assertThat(Schedule.cron(expression).latest(NOON, upTo)).isEqualTo(latest);
	}

	@Test
	void thereIsNoLatestOccurrenceBeforeTheFirst() {
		assertThat(Schedule.cron("0 7 * * *").latest(NOON, NOON.plusSeconds(60))).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			''                 | has 0 fields
			-                  | switches an @RqCron off
			* * * *            | has 4 fields: write five
			* * * * * * *      | has 7 fields: write five
			61 * * * *         | malformed
			0 0 * * XYZ        | malformed
			@fortnightly       | @daily
			0 0 30 2 *         | never due
			""")
	void whatCannotBeReadIsRefusedWithTheRemedy(String expression, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> Schedule.cron(expression))
			.withMessageContaining("'")
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT0.5S", "PT1000000H" })
	void anIntervalIsWholeSeconds(Duration interval) {
		assertThatIllegalArgumentException().isThrownBy(() -> Schedule.every(interval))
			.withMessageContaining("'interval'");
	}

	@Test
	void anIntervalHasNoZone() {
		Schedule schedule = Schedule.every(Duration.ofMinutes(1));
		assertThatIllegalArgumentException().isThrownBy(() -> schedule.in(ZoneId.of("Asia/Tokyo")))
			.withMessageContaining("leave 'zone' out");
	}

	@Test
	void schedulesOfTheSameTextAreTheSame() {
		Schedule schedule = Schedule.cron("0 7 * * *");
		assertThat(schedule).isEqualTo(Schedule.cron("0  0 7 * * *")).hasToString("0 0 7 * * * in Z");
		assertThat(schedule).hasSameHashCodeAs(Schedule.cron("0  0 7 * * *"));
		assertThat(schedule).isNotEqualTo(schedule.in(ZoneId.of("Asia/Tokyo")));
		assertThat(Schedule.every(Duration.ofMinutes(1))).hasToString("every 60 s");
	}

}
