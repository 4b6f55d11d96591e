package io.rq.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.rq.job.Callback;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobLinks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.NewJob;
import io.rq.job.RateLimit;
import io.rq.job.Repeat;
import io.rq.job.Retry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WrittenJobs}.
 */
class WrittenJobsTests {

	private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678901Z");

	private static final NewJob PLAIN = new NewJob(
			new Job("a", "default", JobStatus.CREATED, JobOptions.NONE, JobTimes.createdAt(CREATED), JobRun.NONE,
					new JobPayload("[\"note\"]".getBytes(StandardCharsets.UTF_8), null)),
			false, false, false, null);

	private static final String PLAIN_TEXT = "{\"job\":{\"id\":\"a\",\"queue\":\"default\",\"status\":\"CREATED\","
			+ "\"options\":{\"links\":{\"dependencyIds\":[],\"failureAllowed\":false,\"front\":false},\"hooks\":{}},"
			+ "\"times\":{\"createdAt\":\"2026-01-02T03:04:05.678901Z\"},"
			+ "\"run\":{\"attempts\":0,\"numberOfRetries\":0,\"reclaims\":0},"
			+ "\"payload\":{\"data\":\"WyJub3RlIl0=\"}},\"atFront\":false,\"idGiven\":false,\"unique\":false}";

	/** Rows outlive releases: who changes this must be able to read what was there. */
	@Test
	void theTextIsWhatItWas() {
		assertThat(WrittenJobs.of(List.of(PLAIN)).json()).isEqualTo("[" + PLAIN_TEXT + "]");
	}

	@Test
	void whatOtherReleasesAddIsNotLookedAt() {
		String text = "[" + PLAIN_TEXT.replace("\"atFront\"", "\"new\":{\"a\":1},\"atFront\"") + "]";
		assertThat(new WrittenJobs(text).jobs()).usingRecursiveComparison().isEqualTo(List.of(PLAIN));
	}

	@Test
	void everythingThatCanBeSaidOfAJobIsKept() {
		JobLinks links = new JobLinks(List.of("b", "c"), true, true, "group",
				RateLimit.key("api").limit(10, Duration.ofMinutes(1)).burst(3), "d");
		JobHooks hooks = new JobHooks(Callback.of("success"), Callback.of("failure").timeout(Duration.ofSeconds(5)),
				Callback.of("stopped").timeout(JobOptions.UNLIMITED), "[{\"url\": \"https://example.org/\"}]");
		JobOptions options = new JobOptions("An \"Überweisung\"", JobOptions.UNLIMITED, Duration.ofSeconds(1),
				Duration.ofSeconds(2), Duration.ofDays(3), Retry.max(3).intervals(1, 2).atFront(),
				Repeat.times(2).intervals(5), links, hooks);
		Job job = new Job("a", "mail", JobStatus.CREATED, options, JobTimes.createdAt(CREATED),
				new JobRun("worker", 1, 2, 3), new JobPayload(new byte[] { -128, 0, 127 }, new byte[] { 1 }));
		List<NewJob> jobs = List.of(new NewJob(job, true, true, true, NewJob.Due.at(CREATED)),
				new NewJob(job, false, false, false, NewJob.Due.in(Duration.ofMillis(1_500))));
		assertThat(jobs.get(0)).hasNoNullFieldsOrProperties();
		assertThat(options).hasNoNullFieldsOrProperties();
		assertThat(links).hasNoNullFieldsOrProperties();
		assertThat(hooks).hasNoNullFieldsOrProperties();
		assertThat(WrittenJobs.of(jobs).jobs()).usingRecursiveComparison().isEqualTo(jobs);
	}

}
