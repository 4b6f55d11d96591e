package io.rq.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobPayload;
import io.rq.job.JobRun;
import io.rq.job.JobStatus;
import io.rq.job.JobTimes;
import io.rq.job.Webhook;
import io.rq.serializer.JobSerializer;

/**
 * Makes the jobs that send webhooks: one for each, so that each is tried again by itself.
 * They are JSON, whatever the jobs of the application are. Safe for use by many threads.
 */
public final class WebhookJobs {

	/** The queue of these jobs. */
	public static final String QUEUE = "rq-webhooks";

	/** Their function. */
	public static final String FUNCTION = "rq.webhook";

	/** What people may see of a webhook besides its receiver. */
	private static final List<String> SHOWN = List.of("job_status", "method", "timeout");

	/** No producer shall make very many requests of one job. */
	private static final int MOST = 20;

	private static final Duration MARGIN = Duration.ofSeconds(30);

	/** As Python writes a time with its zone. */
	private static final DateTimeFormatter WITH_FRACTION = DateTimeFormatter
		.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx")
		.withZone(ZoneOffset.UTC);

	private static final DateTimeFormatter WHOLE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx")
		.withZone(ZoneOffset.UTC);

	private final JobSerializer json;

	private final Clock clock;

	/**
	 * Creates the maker.
	 * @param json writes JSON
	 * @param clock tells when a job was created
	 */
	public WebhookJobs(JobSerializer json, Clock clock) {
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Returns the jobs that tell of the end of a job.
	 * @param ended the end
	 * @return one for each of its webhooks that waits for this end
	 * @throws InvalidJobException if the webhooks cannot be read
	 */
	public List<Job> of(EndedJob ended) {
		String webhooks = ended.job().options().hooks().webhooks();
		List<Job> jobs = new ArrayList<>();
		if (webhooks != null && this.json.readValue(bytes(webhooks), Object.class) instanceof List<?> list) {
			for (Object webhook : list.subList(0, Math.min(list.size(), MOST))) {
				if (webhook instanceof Map<?, ?> fields && ended.status().value().equals(fields.get("job_status"))) {
					jobs.add(job(fields, payload(ended)));
				}
			}
		}
		return jobs;
	}

	private Job job(Map<?, ?> webhook, Map<String, @Nullable Object> payload) {
		return job("Webhook of job " + payload.get("job_id") + " to " + receiver(webhook.get("url")),
				timeout(webhook).plus(MARGIN), List.of(webhook, payload));
	}

	/**
	 * Returns the job that looks up the webhooks of a job and makes their jobs, for who
	 * knows no more of it than its id.
	 * @return the job, with {@code <id>} in its call for the job's id
	 */
	public Job lookingUp() {
		return job("Webhooks of a job whose worker is gone", MARGIN, List.of("<id>"));
	}

	private Job job(String description, Duration timeout, List<?> args) {
		JobOptions options = JobOptions.NONE.withDescription(description).withTimeout(timeout);
		return new Job(Job.newId(), QUEUE, JobStatus.CREATED, options, JobTimes.createdAt(this.clock.instant()),
				JobRun.NONE, new JobPayload(this.json.writeCall(FUNCTION, args, Map.of()), null));
	}

	private static Map<String, @Nullable Object> payload(EndedJob ended) {
		Map<String, @Nullable Object> payload = new LinkedHashMap<>();
		payload.put("job_id", ended.job().id());
		payload.put("func_name", ended.function());
		payload.put("status", ended.status().value());
		payload.put("enqueued_at", time(ended.job().enqueuedAt()));
		payload.put("ended_at", time(ended.endedAt()));
		if (ended.status() == JobStatus.FAILED) {
			payload.put("exc_info", Objects.requireNonNullElse(ended.exception(), ""));
		}
		return payload;
	}

	private static @Nullable String time(@Nullable Instant time) {
		return (time == null) ? null : ((time.getNano() < 1_000) ? WHOLE : WITH_FRACTION).format(time);
	}

	/**
	 * Returns what people may see of the arguments of such a job.
	 * @param args the arguments
	 * @return of the webhook neither headers nor more of the address than its host;
	 * nothing where there is something else in its place
	 */
	public static List<@Nullable Object> shown(List<@Nullable Object> args) {
		if (args.size() == 2 && args.get(0) instanceof Map<?, ?> webhook) {
			Map<String, @Nullable Object> shown = new LinkedHashMap<>();
			shown.put("url", receiver(webhook.get("url")));
			SHOWN.forEach((name) -> shown.put(name, webhook.get(name)));
			return Arrays.asList(shown, args.get(1));
		}
		return (args.size() == 1 && args.get(0) instanceof String id && Job.isValidId(id)) ? args : List.of();
	}

	/** What people may see of an address: what follows the host is often a secret. */
	private static String receiver(@Nullable Object url) {
		try {
			URI uri = Webhook.requireValid(String.valueOf(url));
			return uri.getScheme() + "://" + uri.getHost();
		}
		catch (IllegalArgumentException ex) {
			return "an address that cannot be used";
		}
	}

	private static Duration timeout(Map<?, ?> webhook) {
		return (webhook.get("timeout") instanceof Number seconds && seconds.longValue() >= 1)
				? Duration.ofSeconds(Math.min(seconds.longValue(), Webhook.LONGEST_TIMEOUT.toSeconds()))
				: Webhook.DEFAULT_TIMEOUT;
	}

	/**
	 * Returns a webhook as it stands in a job.
	 * @throws InvalidJobException if it cannot be sent
	 */
	static Webhook read(Map<?, ?> fields) {
		Map<String, String> headers = new LinkedHashMap<>();
		if (fields.get("headers") instanceof Map<?, ?> given) {
			given.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
		}
		try {
			Object status = fields.get("job_status");
			Object method = fields.get("method");
			return new Webhook(String.valueOf(fields.get("url")),
					"failed".equals(status) ? JobStatus.FAILED : JobStatus.FINISHED,
					(method != null) ? method.toString().toUpperCase(Locale.ROOT) : "GET", headers, timeout(fields));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJobException("The webhook was not sent: " + ex.getMessage(), ex);
		}
	}

	/** Writes what a webhook tells. */
	byte[] json(Map<?, ?> payload) {
		return this.json.writeValue(payload);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * A job that has ended.
	 *
	 * @param job the job
	 * @param function its function
	 * @param status finished or failed
	 * @param endedAt when it ended
	 * @param exception the stack trace of its failure, or {@code null}
	 */
	public record EndedJob(Job job, String function, JobStatus status, @Nullable Instant endedAt,
			@Nullable String exception) {

	}

}
