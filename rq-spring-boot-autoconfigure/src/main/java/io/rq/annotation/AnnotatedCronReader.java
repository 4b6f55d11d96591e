package io.rq.annotation;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.job.JobDefinition;
import io.rq.job.JobParameter;
import io.rq.job.JobRequest;
import io.rq.log.SafeLog;

/**
 * Checks the {@link RqCron @RqCron} of a method and makes a cron job of it.
 */
final class AnnotatedCronReader {

	private static final SafeLog log = SafeLog.of(AnnotatedCronReader.class);

	private final RqJobMethod source;

	private final AnnotationTexts texts;

	AnnotatedCronReader(RqJobMethod source, AnnotationTexts texts) {
		this.source = source;
		this.texts = texts;
	}

	/**
	 * Returns the cron job, or {@code null} if the method has none or it is switched off.
	 */
	@Nullable CronJob read(JobDefinition definition) {
		RqCron annotation = AnnotatedElementUtils.findMergedAnnotation(this.source.method(), RqCron.class);
		if (annotation == null) {
			return null;
		}
		if (!definition.parameters().isEmpty()) {
			throw this.source.failure(
					"nobody would give the cron job its arguments "
							+ definition.parameters().stream().map(JobParameter::name).toList(),
					"Remove the parameters, or replace @RqCron by a CronJob bean whose request has the arguments");
		}
		String name = this.texts.resolve("name", annotation.name());
		Duration jitter = this.texts.duration("jitter", annotation.jitter(), DurationRange.POSITIVE);
		Schedule schedule = schedule(annotation);
		if (schedule == null) {
			log.info("{} is not enqueued by itself: the cron expression of its @RqCron is '{}'", this.source,
					ScheduledTaskRegistrar.CRON_DISABLED);
			return null;
		}
		try {
			CronJob job = CronJob
				.of((name != null) ? name : definition.name(), JobRequest.of(definition.name()), schedule)
				.misfire(annotation.misfire())
				.overlap(annotation.overlap())
				.jitter((jitter != null) ? jitter : Duration.ZERO);
			Instant until = until(annotation);
			return (until != null) ? job.until(until) : job;
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure(lower(ex), "Give another @RqCron(name = …)", ex);
		}
	}

	private @Nullable Schedule schedule(RqCron annotation) {
		String cron = this.texts.resolve("cron", annotation.cron());
		Duration every = this.texts.duration("every", annotation.every(), DurationRange.POSITIVE);
		String zone = this.texts.resolve("zone", annotation.zone());
		if ((cron == null) == (every == null)) {
			throw this.source.failure(
					"its @RqCron has " + ((cron != null) ? "both an expression and an interval" : "no schedule"),
					"Give either an expression, as in @RqCron(\"0 7 * * MON\"), or an interval, as in "
							+ "@RqCron(every = \"30s\")");
		}
		if (every != null) {
			if (zone != null) {
				throw this.source.failure("zone '" + zone + "' has no meaning for an interval", "Remove 'zone'");
			}
			return Schedule.every(every);
		}
		if (ScheduledTaskRegistrar.CRON_DISABLED.equals(cron)) {
			return null;
		}
		return schedule(cron, (zone != null) ? zone(zone) : ZoneOffset.UTC);
	}

	private Schedule schedule(@Nullable String cron, ZoneId zone) {
		try {
			return Schedule.cron((cron != null) ? cron : "").in(zone);
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure(lower(ex),
					"Write five fields (minute, hour, day of the month, month, day of the week), as in "
							+ "\"0 7 * * MON\", or six with the second before them",
					ex);
		}
	}

	private ZoneId zone(String zone) {
		try {
			return ZoneId.of(zone);
		}
		catch (DateTimeException ex) {
			throw this.source.failure("zone '" + zone + "' is not known",
					"Give the id of a time zone, such as Europe/Paris or UTC", ex);
		}
	}

	private @Nullable Instant until(RqCron annotation) {
		String until = this.texts.resolve("until", annotation.until());
		try {
			return (until != null) ? Instant.parse(until) : null;
		}
		catch (DateTimeException ex) {
			throw this.source.failure("until '" + until + "' is no moment",
					"Write it in UTC, as in 2027-01-01T00:00:00Z", ex);
		}
	}

	private static String lower(IllegalArgumentException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
	}

}
