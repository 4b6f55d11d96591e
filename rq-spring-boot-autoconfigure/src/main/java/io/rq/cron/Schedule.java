package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.Assert;

import io.rq.job.JobOptions;

/**
 * When a {@link CronJob} is due: at the times of an expression in a time zone, or after a
 * fixed interval. Immutable.
 *
 * <pre class="code">
 * Schedule.cron("0 7 * * MON").in(ZoneId.of("Europe/Paris"))
 * Schedule.every(Duration.ofSeconds(30))
 * </pre>
 */
public final class Schedule {

	private static final Instant SOME_TIME = Instant.parse("2024-01-01T00:00:00Z");

	private static final Duration SECOND = Duration.ofSeconds(1);

	/** What is not due for so long never is: clocks may be set forth at its times. */
	private static final Duration NEVER = Duration.ofDays(36_525);

	private final CronFields fields;

	private final @Nullable CronExpression expression;

	private final @Nullable Duration interval;

	private final ZoneId zone;

	private Schedule(CronFields fields, @Nullable CronExpression expression, @Nullable Duration interval, ZoneId zone) {
		this.fields = fields;
		this.expression = expression;
		this.interval = interval;
		this.zone = zone;
	}

	/**
	 * Returns the schedule of an expression, in UTC: five fields as in RQ (minute, hour,
	 * day of the month, month, day of the week; at second 0), six as in Spring (the
	 * second before them), or a name such as {@code @daily}. Spring's
	 * {@link CronExpression#parse(String) rules} hold: where both day fields are
	 * restricted, both must match.
	 * @param expression the expression
	 * @return the schedule
	 * @throws IllegalArgumentException if it is malformed or never due
	 */
	public static Schedule cron(String expression) {
		CronFields fields = CronFields.of(expression);
		return new Schedule(fields, fields.parse(), null, ZoneOffset.UTC).requireDue();
	}

	/**
	 * Returns the schedule of an interval, which begins when a scheduler first sees it.
	 * @param interval whole seconds
	 * @return the schedule
	 * @throws IllegalArgumentException if it is not positive or not in whole seconds
	 */
	public static Schedule every(Duration interval) {
		Assert.notNull(interval, "'interval' must not be null");
		Assert.isTrue(interval.getNano() == 0 && interval.getSeconds() > 0,
				() -> "'interval' must be one or more whole seconds but is " + interval);
		JobOptions.requireNotTooLong("interval", interval);
		return new Schedule(CronFields.NONE, null, interval, ZoneOffset.UTC);
	}

	/**
	 * Chooses the time zone in which the expression is read.
	 * @param zone the zone
	 * @return a new schedule
	 * @throws IllegalArgumentException if this is an interval, which has none, or if the
	 * expression is never due there, because clocks leave its time out
	 */
	public Schedule in(ZoneId zone) {
		Assert.notNull(zone, "'zone' must not be null");
		Assert.isTrue(this.expression != null, "An interval has no time zone: leave 'zone' out");
		return new Schedule(this.fields, this.expression, null, zone).requireDue();
	}

	private Schedule requireDue() {
		Assert.isTrue(next(SOME_TIME) != null, () -> "Cron expression '" + this.fields + "' is never due in "
				+ this.zone + ": there is no such day, or clocks leave its time out. Change its day, month or time");
		return this;
	}

	/** The first occurrence after the last one, or {@code null} if there is none. */
	@Nullable Instant next(Instant last) {
		if (this.interval != null) {
			return last.plus(this.interval);
		}
		return next(Objects.requireNonNull(this.expression), this.zone.getRules(), last);
	}

	/**
	 * Spring's expressions lose occurrences where a zone's clocks are set forth or back,
	 * so each is asked without a zone, for one stretch between two transitions at a time.
	 */
	private static @Nullable Instant next(CronExpression expression, ZoneRules rules, Instant last) {
		ZoneOffset offset = rules.getOffset(last);
		LocalDateTime local = LocalDateTime.ofInstant(last, offset);
		ZoneOffsetTransition transition = rules.nextTransition(last);
		Instant end = last.plus(NEVER);
		while (true) {
			LocalDateTime next = expression.next(local);
			if (next == null) {
				return null;
			}
			Instant found = next.toInstant(offset);
			if (transition == null || found.isBefore(transition.getInstant())) {
				return found;
			}
			if (transition.getInstant().isAfter(end)) {
				return null;
			}
			offset = transition.getOffsetAfter();
			local = transition.getDateTimeAfter().minusNanos(1);
			transition = rules.nextTransition(transition.getInstant());
		}
	}

	/**
	 * The last occurrence up to some moment, or {@code null} if there is none after
	 * {@code last}. Looks at few of those in between, however many there are.
	 */
	@Nullable Instant latest(Instant last, Instant upTo) {
		Instant found = next(last);
		if (found == null || found.isAfter(upTo)) {
			return null;
		}
		if (this.interval != null) {
			long times = Duration.between(last, upTo).dividedBy(this.interval);
			return last.plus(this.interval.multipliedBy(times));
		}
		Instant bound = upTo;
		while (Duration.between(found, bound).compareTo(SECOND) > 0) {
			Instant middle = found.plus(Duration.between(found, bound).dividedBy(2));
			Instant next = next(middle);
			if (next == null || next.isAfter(upTo)) {
				bound = middle;
			}
			else {
				found = next;
			}
		}
		Instant next = next(found);
		return (next == null || next.isAfter(upTo)) ? found : next;
	}

	/** The expression as fields, those of no expression for an interval. */
	CronFields fields() {
		return this.fields;
	}

	@Nullable Duration interval() {
		return this.interval;
	}

	ZoneId zone() {
		return this.zone;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Schedule schedule && toString().equals(schedule.toString());
	}

	@Override
	public int hashCode() {
		return toString().hashCode();
	}

	/**
	 * Returns the schedule as a text for people, by which others tell that it has
	 * changed.
	 */
	@Override
	public String toString() {
		if (this.interval != null) {
			return "every " + this.interval.toSeconds() + " s";
		}
		return this.fields + " in " + this.zone;
	}

}
