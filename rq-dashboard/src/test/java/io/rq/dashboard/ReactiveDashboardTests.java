package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import io.rq.job.JobRequest;
import io.rq.operations.AuditEntry;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of a reactive application without Spring Security.
 */
class ReactiveDashboardTests {

	private static ConfigurableApplicationContext application;

	private static Browser browser;

	@BeforeAll
	static void start() {
		application = Applications.reactive();
		browser = Applications.browser(application, null);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void whoIsHereMayOnlyLook() {
		HttpResponse<String> me = browser.get("/api/me");
		assertThat(me.statusCode()).isEqualTo(200);
		assertThat(me.body()).isEqualTo(
				"{\"name\":\"local\",\"readOnly\":true,\"values\":false,\"operations\":[\"read\"],\"csrf\":null}");
	}

	@Test
	void changesAreRefusedAndOnRecord() {
		HttpResponse<String> answer = browser.post("/api/jobs/j/requeue", "{\"atFront\":true}");
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).contains("spring-boot-starter-security");
		assertThat(application.getBean(RqOperations.class).audit(null, 1)).singleElement().satisfies((entry) -> {
			assertThat(entry.operation()).isEqualTo("requeue");
			assertThat(entry.outcome()).isEqualTo(AuditEntry.Outcome.DENIED);
		});
	}

	@Test
	void bodiesAreBounded() {
		HttpResponse<String> answer = browser.post("/api/suspend", " ".repeat(Dashboard.LARGEST_BODY + 1));
		assertThat(answer.statusCode()).isEqualTo(413);
		assertThat(answer.body()).contains("megabyte");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Prefix" })
	void whatCameThroughProxyIsRefused(String header) {
		assertThat(browser.get("/api/overview", header, "localhost").statusCode()).isEqualTo(403);
		assertThat(browser.get("/", header, "localhost").statusCode()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "example.org", "localhost.example.org", "10.0.0.1" })
	void otherHostsAreRefused(String host) {
		assertThat(browser.get("/api/overview", "Host", host).statusCode()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "127.0.0.1", "[::1]:8080" })
	void thisHostIsNotRefused(String host) {
		assertThat(browser.get("/api/overview", "Host", host).statusCode()).isEqualTo(200);
	}

	@Test
	void pagesComeWithPolicyAndTags() {
		HttpResponse<String> page = browser.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.headers().firstValue("Content-Security-Policy"))
			.hasValueSatisfying((policy) -> assertThat(policy).startsWith("default-src 'none';"));
		String tag = page.headers().firstValue("ETag").orElseThrow();
		assertThat(browser.get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
		for (String path : List.of("/none.js", "/api/none", "/api")) {
			assertThat(browser.get(path).statusCode()).as(path).isEqualTo(404);
		}
		HttpResponse<String> answer = browser.get("");
		assertThat(answer.statusCode()).isEqualTo(302);
		assertThat(answer.headers().firstValue("Location")).hasValue("rq/");
	}

	@Test
	void namesAndParametersAreRead() {
		application.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").id("odd").queue("with space/slash"));
		assertThat(browser.get("/api/queues/~d2l0aCBzcGFjZS9zbGFzaA/queued?limit=1").body()).contains("\"id\":\"odd\"");
		assertThat(browser.get("/api/queues/q/queued?limit=501").statusCode()).isEqualTo(400);
	}

}
