package io.rq.cron;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.rq.job.JobRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CronJobs}.
 */
class CronJobsTests {

	private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

	@Test
	void occurrencesWithinSomeTimeAreEachWithAJobOfTheirOwn() {
		CronJobs jobs = new CronJobs(CronFixture::prepare);
		jobs.register(CronJob.of("hourly", JobRequest.of("tasks.hourly"), Schedule.cron("0 * * * *")));
		jobs.register(CronJob.of("often", JobRequest.of("tasks.often"), Schedule.every(Duration.ofMinutes(40))));
		jobs.register(CronJob.of("ended", JobRequest.of("tasks.ended"), Schedule.cron("0 * * * *")).until(NOON));
		assertThat(jobs.between(NOON, NOON.plus(Duration.ofHours(2)))).extracting(CronJobs.Fired::occurrence)
			.containsExactly(minute(40), minute(60), minute(80), minute(120), minute(120));
		assertThat(jobs.between(NOON, NOON.plus(Duration.ofHours(2)))).extracting((fired) -> fired.job().job().id())
			.doesNotHaveDuplicates();
	}

	private static Instant minute(long minutes) {
		return NOON.plus(Duration.ofMinutes(minutes));
	}

}
