package io.rq.test.example;

import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import io.rq.template.JobTemplate;
import io.rq.worker.WorkerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the worker of a context that is paused, as Spring's test framework pauses
 * those in its cache while tests of others run.
 */
class PausedContextTests {

	@Test
	void workerIsPausedWithItsContext() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(ExampleApplication.class)
			.web(WebApplicationType.NONE)
			.run("--rq.embedded-redis.enabled=true")) {
			WorkerContainer worker = context.getBean(WorkerContainer.class);
			assertThat(worker.isRunning()).isTrue();
			context.pause();
			assertThat(worker.isRunning()).isFalse();
			context.restart();
			assertThat(worker.isRunning()).isTrue();
			context.getBean(JobTemplate.class).enqueue(MailJobs::sendWelcome, "after@example.org", 1L);
			await().until(() -> context.getBean(Mailbox.class).mails().contains("Welcome after@example.org as 1"));
		}
	}

}
