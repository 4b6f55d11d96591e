package io.rq.cron;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.Assert;

/**
 * The fields of a cron expression.
 *
 * @param values second, minute, hour, day of the month, month and day of the week
 */
record CronFields(List<String> values) {

	/** Stands for an interval. */
	static final CronFields NONE = new CronFields(List.of());

	static final int DAY = 3;

	static final int WEEKDAY = 5;

	private static final Map<String, String> NAMES = Map.of("@yearly", "0 0 0 1 1 *", "@annually", "0 0 0 1 1 *",
			"@monthly", "0 0 0 1 * *", "@weekly", "0 0 0 * * 0", "@daily", "0 0 0 * * *", "@midnight", "0 0 0 * * *",
			"@hourly", "0 0 * * * *");

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
		Assert.isTrue(!text.equals(ScheduledTaskRegistrar.CRON_DISABLED), () -> "Cron expression '" + expression
				+ "' switches an @RqCron off, but is no schedule: declare no cron job instead");
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

	@Override
	public String toString() {
		return String.join(" ", this.values);
	}

}
