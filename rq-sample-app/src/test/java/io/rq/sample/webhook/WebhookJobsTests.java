package io.rq.sample.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

import io.rq.handler.RunOutcome;
import io.rq.job.Job;
import io.rq.sample.SampleProperties;
import io.rq.sample.WorkDirectory;
import io.rq.sample.report.Tally;
import io.rq.sample.tenant.CurrentTenant;
import io.rq.sample.thumbnail.PictureStore;
import io.rq.template.JobOperations;
import io.rq.test.RqTestOperations;
import io.rq.test.RunReport;
import io.rq.test.autoconfigure.RqTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebhookJobs}, without Redis and without waiting for retries.
 */
@RqTest
@EnableConfigurationProperties(SampleProperties.class)
@Import({ Tally.class, PictureStore.class, WorkDirectory.class, CurrentTenant.class })
class WebhookJobsTests {

	@Autowired
	private JobOperations jobs;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private CurrentTenant tenant;

	private final AtomicInteger refusals = new AtomicInteger();

	private final List<String> tenants = new CopyOnWriteArrayList<>();

	private HttpServer receiver;

	@BeforeEach
	void startReceiver() throws IOException {
		this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.receiver.createContext("/", (exchange) -> {
			this.tenants.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Tenant")));
			exchange.sendResponseHeaders((this.refusals.getAndDecrement() > 0) ? 503 : 204, -1);
			exchange.close();
		});
		this.receiver.start();
	}

	@AfterEach
	void stopReceiver() {
		this.receiver.stop(0);
	}

	@Test
	void webhookIsDeliveredAtTheThirdAttempt() {
		this.refusals.set(2);
		Job job = deliver();
		assertThat(this.test.runDue()).extracting(RunReport::outcome)
			.containsExactly(RunOutcome.RETRIED, RunOutcome.RETRIED);
		this.test.advance(Duration.ofSeconds(2));
		assertThat(this.test.runDue()).extracting(RunReport::outcome).containsExactly(RunOutcome.FINISHED);
		assertThat(this.jobs.result(job.id(), Delivery.class)).map(Delivery::status).contains(204);
	}

	@Test
	void webhookThatNobodyAcceptsFails() {
		this.refusals.set(Integer.MAX_VALUE);
		deliver();
		assertThat(this.test.runAll()).hasSize(3)
			.last()
			.extracting(RunReport::failure)
			.isInstanceOf(DeliveryRefusedException.class);
	}

	@Test
	void eachWebhookIsDeliveredForTheTenantOfItsCaller() {
		this.refusals.set(1);
		this.tenant.set("acme");
		deliver();
		this.tenant.set("globex");
		deliver();
		this.tenant.set(null);
		deliver();
		this.test.runAll();
		assertThat(this.tenants).containsExactlyInAnyOrder("acme", "acme", "globex", "null");
		assertThat(this.tenant.name()).isNull();
	}

	private Job deliver() {
		URI url = URI.create("http://localhost:" + this.receiver.getAddress().getPort() + "/hook");
		return this.jobs.enqueue(WebhookJobs::deliver, url, "text/plain", "hello");
	}

}
