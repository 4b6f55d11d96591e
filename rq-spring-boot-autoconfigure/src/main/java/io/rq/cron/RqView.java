package io.rq.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

import io.rq.redis.CronStore.Shown;

/**
 * What RQ's tools are shown of a schedule: its expression in RQ's order, which they read
 * in UTC; or, where RQ would be due at other times, an interval and a description.
 */
final class RqView {

	private static final Instant SOME_TIME = Instant.parse("2024-01-01T00:00:00Z");

	private RqView() {
	}

	static Shown of(CronJob job, @Nullable Instant latest, @Nullable Instant next) {
		Schedule schedule = job.schedule();
		if (schedule.interval() != null) {
			return new Shown(null, schedule.interval().toSeconds(), null, latest, next);
		}
		String cron = isUtc(schedule) ? RqExpression.of(schedule.fields()) : null;
		return (cron != null) ? new Shown(cron, null, null, latest, next) : new Shown(null,
				interval(schedule, (next != null) ? next : SOME_TIME), schedule.toString(), latest, next);
	}

	private static boolean isUtc(Schedule schedule) {
		return schedule.zone().normalized().equals(ZoneOffset.UTC);
	}

	/** The time between the next two occurrences. */
	private static long interval(Schedule schedule, Instant after) {
		Instant first = schedule.next(after);
		Instant second = (first != null) ? schedule.next(first) : null;
		return (first != null && second != null) ? Math.max(1, Duration.between(first, second).toSeconds())
				: Duration.ofDays(365).toSeconds();
	}

}
