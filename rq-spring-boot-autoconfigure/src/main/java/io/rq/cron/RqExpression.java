package io.rq.cron;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;

/**
 * How RQ writes a cron expression. Its readers (croniter) are not of one mind on what is
 * not plain, and some refuse it: of that they get the values.
 */
final class RqExpression {

	/** A Monday on which a month and a year begin. */
	private static final LocalDateTime START = LocalDateTime.of(2024, 1, 1, 0, 0);

	private static final int SUNDAY = DayOfWeek.SUNDAY.getValue();

	/** What RQ's expressions have no word for. */
	private static final Pattern FOREIGN = Pattern.compile(".*(W|L-|\\dL|[A-Z]{3}L).*");

	/** What all read alike: any, one, the last day, the second Friday. */
	private static final Pattern PLAIN = Pattern.compile("\\*|\\w+|\\w+#\\d");

	private static final Pattern RANGE = Pattern.compile("\\w+-\\w+");

	private static final Pattern STEPS = Pattern.compile("(\\*|\\d+|\\d+-\\d+)/\\d+");

	/**
	 * A step without an end, which not every reader takes for one to the greatest value.
	 */
	private static final Pattern OPEN_STEP = Pattern.compile("^(\\d+)(/\\d+)$");

	private static final List<Unit> UNITS = List.of(new Unit(ChronoField.SECOND_OF_MINUTE, ChronoUnit.MINUTES),
			new Unit(ChronoField.MINUTE_OF_HOUR, ChronoUnit.HOURS), new Unit(ChronoField.HOUR_OF_DAY, ChronoUnit.DAYS),
			new Unit(ChronoField.DAY_OF_MONTH, ChronoUnit.MONTHS),
			new Unit(ChronoField.MONTH_OF_YEAR, ChronoUnit.YEARS), new Unit(ChronoField.DAY_OF_WEEK, ChronoUnit.WEEKS));

	private RqExpression() {
	}

	/** Returns the expression, or {@code null} if RQ would read it differently. */
	static @Nullable String of(CronFields fields) {
		List<String> values = fields.values();
		if (values.isEmpty() || fields.restrictsBothDays()
				|| values.stream().anyMatch((value) -> FOREIGN.matcher(upper(value)).matches())) {
			return null;
		}
		StringBuilder text = new StringBuilder();
		for (int field = 1; field < values.size(); field++) {
			text.append((field > 1) ? " " : "").append(write(field, values.get(field)));
		}
		return (values.get(0).equals("0") ? text : text.append(' ').append(write(0, values.get(0)))).toString();
	}

	/** Letters without the names of months and days, in which L and W stand too. */
	private static String upper(String value) {
		return value.toUpperCase(Locale.ROOT).replace("JUL", "7").replace("WED", "3");
	}

	private static String write(int field, String given) {
		String value = given.replace('?', '*');
		boolean weekday = field == CronFields.WEEKDAY;
		if (PLAIN.matcher(value).matches() && !(weekday && value.equals("7"))) {
			return value;
		}
		Set<Integer> due = due(field, value);
		if (due.size() > 1 && RANGE.matcher(value).matches() && !(weekday && due.contains(0))) {
			return value;
		}
		if (due.size() > 1 && STEPS.matcher(value).matches() && !weekday) {
			return OPEN_STEP.matcher(value).replaceAll("$1-" + UNITS.get(field).greatest() + "$2");
		}
		return due.stream().map(String::valueOf).collect(Collectors.joining(","));
	}

	/** Returns the values that a field stands for; Sunday is 0. */
	private static Set<Integer> due(int field, String value) {
		boolean weekday = field == CronFields.WEEKDAY;
		List<String> fields = new ArrayList<>(
				weekday ? List.of("0", "0", "0", "*", "*") : List.of("0", "0", "0", "1").subList(0, field));
		fields.add(value);
		while (fields.size() < UNITS.size()) {
			fields.add("*");
		}
		CronExpression cron = new CronFields(fields).parse();
		Unit unit = UNITS.get(field);
		Set<Integer> due = new TreeSet<>();
		LocalDateTime time = cron.next(START.minusNanos(1));
		while (time != null && time.isBefore(START.plus(1, unit.whole()))) {
			due.add(time.get(unit.value()) % (weekday ? SUNDAY : Integer.MAX_VALUE));
			time = cron.next(time);
		}
		return due;
	}

	/**
	 * What a field counts.
	 *
	 * @param value the values
	 * @param whole what has each of them once
	 */
	private record Unit(ChronoField value, ChronoUnit whole) {

		long greatest() {
			return this.value.range().getMaximum();
		}

	}

}
