package io.rq.dashboard;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqCron;
import io.rq.annotation.RqJob;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;
import io.rq.template.JobTemplate;
import io.rq.template.QueueOperations;

import static org.awaitility.Awaitility.await;

/**
 * What the tests that look at the dashboard in a browser share: an application with jobs
 * of all kinds, and the browser.
 */
@RequiresChromium
@Timeout(120)
abstract class AbstractBrowserTests {

	static ConfigurableApplicationContext application;

	static Chromium chromium;

	static JobTemplate jobs;

	static QueueOperations queues;

	static RqOperations operations;

	@BeforeAll
	static void start() {
		Mailing.release = new CountDownLatch(1);
		application = Applications.working(Mailing.class, "rq.worker.queues=mail,slow");
		chromium = new Chromium("http://localhost:" + Applications.port(application) + "/rq/");
		jobs = application.getBean(JobTemplate.class);
		queues = application.getBean(QueueOperations.class);
		operations = application.getBean(RqOperations.class);
		jobs.enqueue(JobRequest.of("mail.send", "", 9007199254740993L).id("broken").queue("mail"));
		for (int i = 0; i < 30; i++) {
			jobs.enqueue(JobRequest.of("mail.send", (i % 3 == 0) ? "" : "someone@example.org", i).queue("mail"));
		}
		jobs.enqueue(JobRequest.of("paper.print", "a".repeat(300)).id("waiting").queue("paper"));
		jobs.enqueue(JobRequest.of("paper.print").id("dependent").queue("paper").dependsOn("waiting"));
		jobs.enqueue(JobRequest.of("paper.print").id("later").queue("paper").in(Duration.ofHours(5)));
		await().until(() -> jobs.find("broken").orElseThrow().status() == JobStatus.FAILED
				&& queues.count("mail", Registry.QUEUED) + queues.count("mail", Registry.STARTED) == 0);
	}

	@AfterAll
	static void stop() {
		Mailing.release.countDown();
		chromium.close();
		application.close();
	}

	static String job(String kind) {
		JobRequest request = switch (kind) {
			case "failed" -> JobRequest.of("mail.send", "", 1).queue("mail");
			case "scheduled" -> JobRequest.of("paper.print").queue("paper").in(Duration.ofHours(1));
			case "started" -> JobRequest.of("slow.wait").queue("slow");
			case "queued" -> JobRequest.of("paper.print", 1).queue("paper");
			default -> JobRequest.of("paper.print").queue(kind);
		};
		String id = jobs.enqueue(request).id();
		if (kind.equals("failed") || kind.equals("started")) {
			await().until(() -> jobs.find(id).orElseThrow().status().name().equalsIgnoreCase(kind));
		}
		return id;
	}

	/**
	 * Jobs of an application.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Mailing {

		private static CountDownLatch release = new CountDownLatch(1);

		@RqJob(name = "mail.send", queue = "mail")
		String send(String to, long number) {
			if (to.isEmpty()) {
				throw new IllegalArgumentException("There is no address");
			}
			return "sent " + number;
		}

		@RqJob(name = "slow.wait", queue = "slow")
		void waitLong() throws InterruptedException {
			release.await(10, TimeUnit.MINUTES);
		}

		@RqCron(every = "6h", name = "report")
		@RqJob(name = "mail.report", queue = "mail")
		void report() {
		}

	}

}
