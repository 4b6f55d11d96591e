package io.rq.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializationException;
import io.rq.serializer.JobSerializer;
import io.rq.test.Fuzz;

/**
 * Throws damaged webhooks, as they stand in jobs, at who sends them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WebhookFuzzTests {

	private static final List<String> WEBHOOKS = List.of(
			"[{\"url\": \"https://example.org/hooks?a=b\", \"job_status\": \"finished\", \"method\": \"POST\", "
					+ "\"headers\": {\"X-Team\": \"sales\"}, \"timeout\": 10}]",
			"[{\"url\": \"http://192.0.2.1:8080/\", \"job_status\": \"failed\", \"method\": null, \"headers\": null, "
					+ "\"timeout\": 10.5}, {\"url\": \"https://[2001:db8::1]/\", \"job_status\": \"finished\"}]");

	private final Fuzz fuzz = new Fuzz("http://".getBytes(StandardCharsets.UTF_8),
			"\"timeout\": 1e400".getBytes(StandardCharsets.UTF_8));

	private final JobSerializer json = new JacksonJobSerializer(JsonMapper.builder().build());

	private final WebhookJobs jobs = new WebhookJobs(this.json, Clock.systemUTC());

	@Test
	void everyWebhookIsReadOrRefused() {
		this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedText(WEBHOOKS), (webhooks) -> {
			JobOptions options = JobOptions.NONE.withHooks(new JobHooks(null, null, null, webhooks));
			Job job = new Job("job-1", "mail", JobStatus.STARTED, options, JobTimes.createdAt(Instant.EPOCH),
					JobRun.NONE, new JobPayload(new byte[0], null));
			for (Job sending : this.jobs
				.of(new WebhookJobs.EndedJob(job, "f", JobStatus.FINISHED, Instant.EPOCH, null))) {
				Object webhook = this.json.readCall(sending.payload().data()).args().get(0);
				if (webhook instanceof Map<?, ?> fields) {
					WebhookJobs.read(fields);
				}
			}
		}, List.of(InvalidJobException.class, JobSerializationException.class));
	}

}
