package io.rq.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.rq.handler.JobContext;
import io.rq.handler.JobHandler;
import io.rq.job.InvalidJobException;
import io.rq.job.Job;
import io.rq.job.JobOptions;
import io.rq.job.JobResult;
import io.rq.job.JobStatus;
import io.rq.job.NewJob;
import io.rq.job.Retry;
import io.rq.job.Webhook;
import io.rq.redis.JobStore;
import io.rq.serializer.JobSerializer;
import io.rq.serializer.SerializedCall;
import io.rq.webhook.WebhookJobs.EndedJob;

/**
 * Sends webhooks. Each is sent at least once and again until a receiver says with a
 * status from 200 to 299 that it has it, or no retry is left.
 */
public final class WebhookHandler implements JobHandler {

	/** By this a receiver knows a webhook that it has got already. */
	static final String DELIVERY = "X-RQ-Delivery";

	/** By this a receiver knows who has sent it, and when. */
	static final String SIGNATURE = "X-RQ-Signature";

	private static final Duration KEPT_FAILURES = Duration.ofDays(7);

	private static final String ALGORITHM = "HmacSHA256";

	private final WebhookJobs jobs;

	private final JobSerializer serializer;

	private final JobStore store;

	private final Clock clock;

	private final Options options;

	private final WebhookClient client;

	/**
	 * Creates the handler.
	 * @param jobs makes the jobs of webhooks
	 * @param serializer reads the jobs of the application and writes JSON
	 * @param store the jobs
	 * @param clock the time of signatures
	 * @param options how webhooks are sent
	 */
	public WebhookHandler(WebhookJobs jobs, JobSerializer serializer, JobStore store, Clock clock, Options options) {
		this.jobs = jobs;
		this.serializer = serializer;
		this.store = store;
		this.clock = clock;
		this.options = options;
		this.client = new WebhookClient(options.guard());
	}

	@Override
	public String name() {
		return WebhookJobs.FUNCTION;
	}

	@Override
	public String queue() {
		return WebhookJobs.QUEUE;
	}

	@Override
	public JobOptions defaults() {
		return JobOptions.NONE.withRetry(this.options.retry())
			.withResultTtl(Duration.ZERO)
			.withFailureTtl(KEPT_FAILURES);
	}

	@Override
	public @Nullable Object handle(JobContext context, SerializedCall call) throws Exception {
		List<@Nullable Object> args = call.args();
		if (args.size() == 1 && args.get(0) instanceof String id) {
			lookUp(id);
		}
		else if (args.size() == 2 && args.get(0) instanceof Map<?, ?> webhook
				&& args.get(1) instanceof Map<?, ?> body) {
			send(context.job().id(), WebhookJobs.read(webhook), this.jobs.json(body));
		}
		else {
			throw new InvalidJobException("A job of '" + WebhookJobs.FUNCTION + "' has a webhook and what it tells");
		}
		return null;
	}

	/** Of a job that has failed because its worker was gone. */
	private void lookUp(String id) {
		Job job = this.store.find(id).orElse(null);
		if (job == null || job.status() != JobStatus.FAILED) {
			return;
		}
		String exception = this.store.latestResult(id).map(JobResult::exception).orElse(null);
		List<NewJob> sending = this.jobs
			.of(new EndedJob(job, function(job), JobStatus.FAILED, job.endedAt(), exception))
			.stream()
			.map((one) -> new NewJob(one, false, false, false, null))
			.toList();
		if (!sending.isEmpty()) {
			this.store.enqueue(sending);
		}
	}

	private String function(Job job) {
		try {
			return this.serializer.readCall(job.payload().data()).function();
		}
		catch (InvalidJobException ex) {
			return "";
		}
	}

	private void send(String delivery, Webhook webhook, byte[] body) throws IOException {
		boolean posted = webhook.method().equals("POST");
		Map<String, String> headers = new LinkedHashMap<>(webhook.headers());
		headers.put(DELIVERY, delivery);
		byte[] content = posted ? body : new byte[0];
		if (this.options.secret() != null) {
			headers.put(SIGNATURE, sign(this.options.secret(), content));
		}
		int status = this.client.send(webhook, headers, posted ? content : null);
		if (status < 200 || status > 299) {
			throw new IOException("The receiver of the webhook has answered with status " + status);
		}
	}

	private String sign(String secret, byte[] body) {
		long seconds = this.clock.instant().getEpochSecond();
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
			mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
			return "t=" + seconds + ",sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("This Java has no " + ALGORITHM, ex);
		}
	}

	/**
	 * How webhooks are sent.
	 *
	 * @param guard decides which addresses may be connected to
	 * @param secret what requests are signed with, or {@code null} for no signature
	 * @param retry how often and when a webhook is sent again that did not arrive
	 */
	public record Options(AddressGuard guard, @Nullable String secret, Retry retry) {

		/**
		 * Validates the values.
		 * @throws IllegalArgumentException if the secret is empty
		 */
		public Options {
			Assert.isTrue(secret == null || !secret.isBlank(), "'secret' must not be empty");
		}

		@Override
		public String toString() {
			return "Options[signed=" + (this.secret != null) + ", retry=" + this.retry + "]";
		}

	}

}
