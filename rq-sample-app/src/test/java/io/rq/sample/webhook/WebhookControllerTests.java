package io.rq.sample.webhook;

import java.net.URI;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import io.rq.sample.report.Tally;
import io.rq.sample.tenant.CurrentTenant;
import io.rq.sample.tenant.TenantInterceptor;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.AutoConfigureRq;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebhookController}: which jobs it enqueues.
 */
@WebMvcTest(WebhookController.class)
@AutoConfigureRq
@Import({ WebhookJobs.class, Tally.class, CurrentTenant.class, TenantInterceptor.class })
class WebhookControllerTests {

	@Autowired
	private MockMvcTester http;

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Test
	void webhookIsEnqueued() {
		assertThat(post("{\"url\":\"http://localhost/hook\",\"payload\":{\"n\":1}}")).hasStatus(HttpStatus.ACCEPTED);
		assertThat(this.test).hasEnqueued(WebhookJobs::deliver)
			.withArguments(URI.create("http://localhost/hook"), "application/json", "{\"n\":1}")
			.onQueue("webhooks")
			.retriedAfter(0, 2)
			.times(1);
	}

	@Test
	void tenantOfTheRequestGoesAlong() {
		assertThat(post("{\"url\":\"http://localhost/hook\",\"payload\":\"hello\"}").header("X-Tenant", "acme"))
			.hasStatus(HttpStatus.ACCEPTED);
		assertThat(this.test).hasEnqueued(WebhookJobs::deliver)
			.matching((job) -> "acme".equals(this.jobs.meta(job.job().id()).get("tenant")), "for the tenant acme");
	}

	@Test
	void nothingIsEnqueuedForNoReceiver() {
		assertThat(post("{\"payload\":\"hello\"}")).hasStatus(HttpStatus.BAD_REQUEST);
		assertThat(this.test).hasEnqueuedNothing();
	}

	private MockMvcTester.MockMvcRequestBuilder post(String body) {
		return this.http.post().uri("/webhooks").contentType(MediaType.APPLICATION_JSON).content(body);
	}

}
