package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Schedule} where clocks are set forth and back: in all time zones, at
 * all their transitions of ten years, against {@code java.time}. A schedule is due at
 * every moment whose local time it names: not at all in a gap, twice in an overlap.
 */
class ScheduleZoneTests {

	private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");

	private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");

	private static final Duration AROUND = Duration.ofHours(13);

	private int transitions;

	/** Zones whose rules differ. */
	private static Stream<ZoneId> zones() {
		Set<ZoneRules> seen = new HashSet<>();
		return ZoneId.getAvailableZoneIds()
			.stream()
			.sorted()
			.map(ZoneId::of)
			.filter((zone) -> seen.add(zone.getRules()));
	}

	@Test
	void everyTransitionOfTenYearsIsPassedAsTheClocksOnTheWallShow() {
		Set<String> wrong = new TreeSet<>();
		zones().forEach((zone) -> {
			ZoneOffsetTransition transition = zone.getRules().nextTransition(BEGIN);
			while (transition != null && transition.getInstant().isBefore(END)) {
				this.transitions++;
				check(zone, transition, wrong);
				transition = zone.getRules().nextTransition(transition.getInstant());
			}
		});
		assertThat(this.transitions).isGreaterThan(1000);
		assertThat(wrong).isEmpty();
	}

	@ParameterizedTest
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	@CsvSource({ "30 2 * 3 SUNL, Europe/Berlin", "0 30 2 * 3 SUN#2, America/New_York", "0 0 * 4 FRIL, Africa/Cairo" })
	void aTimeThatClocksAlwaysLeaveOutIsNeverDue(String expression, ZoneId zone) {
		Schedule schedule = Schedule.cron(expression);
		assertThatIllegalArgumentException().isThrownBy(() -> schedule.in(zone))
			.withMessageContaining("never due in " + zone);
	}

	@Test
	void aTimeThatClocksLeaveOutInOneYearIsDueInTheNext() {
		Instant last = Instant.parse("2026-03-28T12:00:00Z");
		Schedule schedule = Schedule.cron("30 2 29 3 *").in(ZoneId.of("Europe/Berlin"));
		assertThat(schedule.next(last)).isEqualTo("2027-03-29T00:30:00Z");
		assertThat(schedule.latest(last, END)).isEqualTo("2029-03-29T00:30:00Z");
	}

	private static void check(ZoneId zone, ZoneOffsetTransition transition, Set<String> wrong) {
		LocalDateTime lower = transition.isGap() ? transition.getDateTimeBefore() : transition.getDateTimeAfter();
		LocalTime inside = lower.plus(transition.getDuration().abs().dividedBy(2)).toLocalTime();
		LocalTime first = lower.toLocalTime();
		LocalTime after = lower.plus(transition.getDuration().abs()).toLocalTime();
		for (LocalTime time : new TreeSet<>(List.of(first, inside, after, LocalTime.MIDNIGHT))) {
			String expression = "%d %d %d * * *".formatted(time.getSecond(), time.getMinute(), time.getHour());
			compare(zone, transition, expression, List.of(time), wrong);
		}
		List<LocalTime> quarters = new ArrayList<>();
		for (int i = 0; i < 96; i++) {
			quarters.add(LocalTime.MIDNIGHT.plusMinutes(15L * i));
		}
		compare(zone, transition, "*/15 * * * *", quarters, wrong);
	}

	private static void compare(ZoneId zone, ZoneOffsetTransition transition, String expression, List<LocalTime> times,
			Set<String> wrong) {
		Instant from = transition.getInstant().minus(AROUND);
		Instant to = transition.getInstant().plus(AROUND);
		List<Instant> expected = expected(zone, times, from, to);
		List<Instant> found = new ArrayList<>();
		Schedule schedule = Schedule.cron(expression).in(zone);
		Instant next = schedule.next(from);
		while (next != null && !next.isAfter(to) && found.size() <= expected.size()) {
			found.add(next);
			next = schedule.next(next);
		}
		if (!found.equals(expected)) {
			wrong.add(zone + " " + transition + " '" + expression + "': " + difference(expected, found));
		}
	}

	private static String difference(List<Instant> expected, List<Instant> found) {
		List<Instant> missing = new ArrayList<>(expected);
		missing.removeAll(found);
		List<Instant> surplus = new ArrayList<>(found);
		surplus.removeAll(expected);
		return "missing " + missing + ", surplus " + surplus;
	}

	/**
	 * All moments between two others at which clocks on the wall show one of the times.
	 */
	private static List<Instant> expected(ZoneId zone, List<LocalTime> times, Instant from, Instant to) {
		Set<Instant> moments = new TreeSet<>();
		LocalDate last = LocalDateTime.ofInstant(to, ZoneOffset.UTC).toLocalDate().plusDays(1);
		for (LocalDate date = last.minusDays(4); !date.isAfter(last); date = date.plusDays(1)) {
			for (LocalTime time : times) {
				LocalDateTime local = date.atTime(time);
				zone.getRules().getValidOffsets(local).forEach((offset) -> moments.add(local.toInstant(offset)));
			}
		}
		return moments.stream().filter((moment) -> moment.isAfter(from) && !moment.isAfter(to)).toList();
	}

}
