package io.rq.cron;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.Assert;

/**
 * The fields of a cron expression, and how RQ would have to write them.
 *
 * @param values second, minute, hour, day of the month, month and day of the week
 */
record CronFields(List<String> values) {

	/** Stands for an interval. */
	static final CronFields NONE = new CronFields(List.of());

	private static final int DAY = 3;

	private static final int WEEKDAY = 5;

	private static final Map<String, String> NAMES = Map.of("@yearly", "0 0 0 1 1 *", "@annually", "0 0 0 1 1 *",
			"@monthly", "0 0 0 1 * *", "@weekly", "0 0 0 * * 0", "@daily", "0 0 0 * * *", "@midnight", "0 0 0 * * *",
			"@hourly", "0 0 * * * *");

	/** The greatest value of each field but the last. */
	private static final List<Integer> GREATEST = List.of(59, 59, 23, 31, 12);

	/**
	 * A step without an end, which not every reader takes for one to the greatest value.
	 */
	private static final Pattern OPEN_STEP = Pattern.compile("\\b(?<!-)(\\d+)/");

	/** What RQ's expressions have no word for. */
	private static final Pattern FOREIGN = Pattern.compile(".*(W|L-|\\dL|[A-Z]{3}L).*");

	/**
	 * Reads an expression.
	 * @throws IllegalArgumentException if it has too few or too many fields
	 */
	static CronFields of(String expression) {
		Assert.notNull(expression, "'expression' must not be null");
		String text = expression.strip();
		if (text.startsWith("@")) {
			String named = NAMES.get(text.toLowerCase(Locale.ROOT));
			Assert.isTrue(named != null, () -> "Cron expression '" + expression + "' is no name that is known: use "
					+ NAMES.keySet().stream().sorted().toList() + " or write the fields");
			text = named;
		}
		List<String> fields = List.of(text.split("\\s+"));
		Assert.isTrue(fields.size() == 5 || fields.size() == 6,
				() -> "Cron expression '" + expression + "' has " + (expression.isBlank() ? 0 : fields.size())
						+ " fields: write five (minute, hour, day of the month, month, day of the week), "
						+ "or six with the second first");
		return new CronFields((fields.size() == 6) ? fields
				: List.of("0", fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4)));
	}

	/**
	 * Returns Spring's expression.
	 * @throws IllegalArgumentException if it is malformed
	 */
	CronExpression parse() {
		try {
			return CronExpression.parse(toString());
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					"Cron expression '" + this + "' (second, minute, hour, day of the month, month, day of the week) "
							+ "is malformed: " + ex.getMessage(),
					ex);
		}
	}

	/** Whether both day fields are restricted, which others read as either of them. */
	boolean restrictsBothDays() {
		return !this.values.isEmpty() && !isAny(DAY) && !isAny(WEEKDAY);
	}

	private boolean isAny(int field) {
		return this.values.get(field).equals("*") || this.values.get(field).equals("?");
	}

	/** The expression in RQ's order, or {@code null} if RQ would read it differently. */
	@Nullable String forRq() {
		if (this.values.isEmpty() || restrictsBothDays()
				|| this.values.stream().anyMatch((value) -> FOREIGN.matcher(upper(value)).matches())
				|| OPEN_STEP.matcher(this.values.get(WEEKDAY)).find()) {
			return null;
		}
		StringBuilder text = new StringBuilder();
		for (int i = 1; i < this.values.size(); i++) {
			text.append((i > 1) ? " " : "").append(forRq(i));
		}
		return (this.values.get(0).equals("0") ? text : text.append(' ').append(forRq(0))).toString();
	}

	private String forRq(int field) {
		String value = this.values.get(field).replace('?', '*');
		return (field == WEEKDAY) ? value : OPEN_STEP.matcher(value).replaceAll("$1-" + GREATEST.get(field) + "/");
	}

	/** Letters without the names of months and days, in which L and W stand too. */
	private static String upper(String value) {
		return value.toUpperCase(Locale.ROOT).replace("JUL", "7").replace("WED", "3");
	}

	@Override
	public String toString() {
		return String.join(" ", this.values);
	}

}
