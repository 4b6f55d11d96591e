package io.rq.sample.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.springframework.stereotype.Component;

import io.rq.annotation.RqJob;
import io.rq.sample.report.Tally;
import io.rq.sample.tenant.CurrentTenant;

/**
 * Delivers webhooks.
 */
@Component
public class WebhookJobs {

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	private final Tally tally;

	private final CurrentTenant tenant;

	WebhookJobs(Tally tally, CurrentTenant tenant) {
		this.tally = tally;
		this.tenant = tenant;
	}

	/**
	 * Delivers one webhook, which tells its receiver for which tenant. Any failure is an
	 * exception, and every exception asks for another attempt: the first retry follows at
	 * once, the second after two seconds.
	 * @param url the receiver
	 * @param contentType the payload's type
	 * @param payload the body of the request
	 * @return the delivery
	 * @throws IOException if the receiver cannot be reached
	 * @throws InterruptedException if the job's time is up
	 * @throws DeliveryRefusedException if the receiver answers other than with 2xx
	 */
	@RqJob(queue = "webhooks", retries = 2, intervals = { 0, 2 }, timeout = "30s")
	public Delivery deliver(URI url, String contentType, String payload)
			throws IOException, InterruptedException, DeliveryRefusedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(url)
			.timeout(Duration.ofSeconds(10))
			.header("Content-Type", contentType)
			.POST(HttpRequest.BodyPublishers.ofString(payload));
		String name = this.tenant.name();
		if (name != null) {
			request.header(CurrentTenant.HEADER, name);
		}
		int status = this.http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
		if (status < 200 || status > 299) {
			this.tally.deliveryRefused();
			throw new DeliveryRefusedException(url, status);
		}
		this.tally.webhookDelivered();
		return new Delivery(url, status);
	}

}
