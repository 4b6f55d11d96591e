package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.JobRequest;
import io.rq.operations.AuditEntry;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of an application without Spring Security.
 */
class OpenDashboardTests {

	private static ConfigurableApplicationContext application;

	private static Browser browser;

	private static JobTemplate jobs;

	@BeforeAll
	static void start() {
		application = Applications.open();
		browser = Applications.browser(application, null);
		jobs = application.getBean(JobTemplate.class);
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

	@ParameterizedTest
	@CsvSource({ "/api/jobs/j/requeue,requeue", "/api/jobs/j/run-now,run-now", "/api/jobs/j/cancel,cancel",
			"/api/jobs/j/stop,stop", "/api/jobs/j/delete,delete", "/api/queues/q/empty,empty",
			"/api/cron/c/trigger,trigger-cron", "/api/cron/c/pause,pause-cron", "/api/cron/c/resume,resume-cron",
			"/api/suspend,suspend", "/api/resume,resume" })
	void changesAreRefusedAndOnRecord(String path, String operation) {
		HttpResponse<String> answer = browser.post(path, "");
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).contains("spring-boot-starter-security");
		assertThat(application.getBean(RqOperations.class).audit(null, 1)).singleElement().satisfies((entry) -> {
			assertThat(entry.operation()).isEqualTo(operation);
			assertThat(entry.operator()).isEqualTo("local");
			assertThat(entry.face()).isEqualTo("dashboard");
			assertThat(entry.outcome()).isEqualTo(AuditEntry.Outcome.DENIED);
		});
	}

	@Test
	void argumentsAreHidden() {
		jobs.enqueue(JobRequest.of("tasks.add", "a secret").id("hidden").queue("hiding"));
		jobs.enqueue(JobRequest.of("tasks.add").description("a secret too").id("described").queue("hiding"));
		String list = browser.get("/api/queues/hiding/queued").body();
		assertThat(list).contains("hidden", "tasks.add").doesNotContain("secret");
		String job = browser.get("/api/jobs/hidden").body();
		assertThat(job).contains("\"function\":\"tasks.add\"", "\"values\":null").doesNotContain("secret");
		assertThat(browser.get("/api/queues/hiding/queued?text=secret").statusCode()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Prefix" })
	void whatCameThroughProxyIsRefused(String header) {
		assertThat(browser.get("/api/overview", header, "localhost").statusCode()).isEqualTo(403);
		assertThat(browser.get("/", header, "localhost").statusCode()).isEqualTo(403);
	}

	@Test
	void strategiesThatHideProxiesDoNotHideThemFromTheDashboard() {
		try (ConfigurableApplicationContext other = Applications.open("server.forward-headers-strategy=framework")) {
			Browser local = Applications.browser(other, null);
			assertThat(local.get("/api/overview").statusCode()).isEqualTo(200);
			assertThat(local.get("/api/overview", "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(403);
		}
		try (ConfigurableApplicationContext other = Applications.open("server.forward-headers-strategy=native")) {
			Browser local = Applications.browser(other, null);
			assertThat(local.get("/api/overview").body()).contains("server.forward-headers-strategy");
			assertThat(local.get("/api/overview", "X-Forwarded-For", "127.0.0.1").statusCode()).isEqualTo(403);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "example.org", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1" })
	void otherHostsAreRefused(String host) {
		assertThat(browser.get("/api/overview", "Host", host).statusCode()).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080" })
	void thisHostIsNotRefused(String host) {
		assertThat(browser.get("/api/overview", "Host", host).statusCode()).isEqualTo(200);
	}

	@Test
	void otherSitesCannotChangeAnything() {
		assertThat(browser.postBare("/api/suspend", "").body()).contains("X-RQ-Dashboard");
		assertThat(browser.post("/api/suspend", "", "Sec-Fetch-Site", "cross-site").body()).contains("another site");
		assertThat(browser.post("/api/suspend", "", "Sec-Fetch-Site", "same-site").body()).contains("another site");
		assertThat(application.getBean(RqOperations.class).overview().suspended()).isFalse();
	}

	@Test
	void pagesComeWithPolicyAndTags() {
		HttpResponse<String> page = browser.get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.headers().firstValue("Content-Security-Policy"))
			.hasValueSatisfying((policy) -> assertThat(policy).startsWith("default-src 'none';")
				.contains("frame-ancestors 'none'")
				.doesNotContain("unsafe"));
		String tag = page.headers().firstValue("ETag").orElseThrow();
		assertThat(browser.get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
		assertThat(browser.get("/pages/job.js").headers().firstValue("Content-Type"))
			.hasValue("text/javascript;charset=UTF-8");
		for (String path : List.of("/none.js", "/api/none", "/api", "/pages/", "/Pages.class", "/index.htm")) {
			assertThat(browser.get(path).statusCode()).as(path).isEqualTo(404);
		}
		assertThat(browser.post("/", "").statusCode()).isEqualTo(405);
	}

	@Test
	void addressWithoutSlashLeadsToTheOneWithIt() {
		HttpResponse<String> answer = browser.get("");
		assertThat(answer.statusCode()).isEqualTo(302);
		assertThat(answer.headers().firstValue("Location")).hasValue("rq/");
	}

	@Test
	void troubleIsTold() {
		assertThat(browser.get("/api/jobs/none").statusCode()).isEqualTo(404);
		assertThat(browser.get("/api/queues/none").statusCode()).isEqualTo(404);
		assertThat(browser.get("/api/queues/q/none").statusCode()).isEqualTo(404);
		HttpResponse<String> answer = browser.get("/api/queues/q/queued?limit=501");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<Integer>read(answer.body(), "$.status")).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.body(), "$.title")).isEqualTo("Bad Request");
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains("from 1 to 500");
		assertThat(browser.get("/api/queues/q/queued?limit=x").statusCode()).isEqualTo(400);
		assertThat(browser.get("/api/queues/q/queued?cursor=x").statusCode()).isEqualTo(400);
		assertThat(browser.get("/api/jobs/~!").statusCode()).isEqualTo(400);
		assertThat(browser.post("/api/suspend", "no json").statusCode()).isEqualTo(400);
		assertThat(browser.post("/api/suspend", "{\"second\":1}").body()).contains("no option 'second'");
	}

	@Test
	void historyIsRead() {
		String history = browser.get("/api/history").body();
		assertThat(JsonPath.<String>read(history, "$.step")).isEqualTo("PT1M");
		assertThat(JsonPath.<String>read(history, "$.range")).isEqualTo("1h");
		assertThat(JsonPath.<List<Object>>read(history, "$.points")).isEmpty();
		String mail = browser.get("/api/history?queue=mail&function=send&range=90d").body();
		assertThat(JsonPath.<String>read(mail, "$.queue")).isEqualTo("mail");
		assertThat(JsonPath.<String>read(mail, "$.function")).isEqualTo("send");
		assertThat(JsonPath.<String>read(mail, "$.step")).isEqualTo("PT1H");
		assertThat(browser.get("/api/history?range=2h").body()).contains("[1h, 24h, 90d]");
	}

	@Test
	void namesThatPathsCannotCarryAreEncoded() {
		jobs.enqueue(JobRequest.of("tasks.add").id("odd").queue("with space/slash"));
		assertThat(browser.get("/api/queues/~d2l0aCBzcGFjZS9zbGFzaA/queued").body()).contains("\"id\":\"odd\"");
		assertThat(browser.get("/api/jobs/~b2Rk").body()).contains("\"id\":\"odd\"");
	}

	@Test
	void pathAndContextPathAreFollowed() {
		try (ConfigurableApplicationContext other = Applications.open("server.servlet.context-path=/shop",
				"rq.dashboard.path=/admin/jobs")) {
			Browser there = new Browser(Applications.port(other), "/shop/admin/jobs", null);
			assertThat(there.get("").headers().firstValue("Location")).hasValue("jobs/");
			assertThat(there.get("/").statusCode()).isEqualTo(200);
			assertThat(there.get("/api/overview").statusCode()).isEqualTo(200);
			assertThat(new Browser(Applications.port(other), "/shop/rq", null).get("/").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void nothingIsServedUnlessEnabled() {
		try (ConfigurableApplicationContext other = Applications.open("rq.dashboard.enabled=false")) {
			assertThat(Applications.browser(other, null).get("/").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void aKeyOfAnotherTypeIsNotTakenForAnAbsentRedis() {
		StringRedisTemplate redis = application.getBean(StringRedisTemplate.class);
		redis.opsForValue().set("rq:queue:text", "no list");
		try {
			HttpResponse<String> answer = browser.get("/api/queues/text/queued");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
			assertThat(JsonPath.<String>read(answer.body(), "$.detail")).contains("holds a value of another type");
		}
		finally {
			redis.delete("rq:queue:text");
		}
	}

	@Test
	void redisAwayIsTold() {
		try (ConfigurableApplicationContext other = Applications.open("rq.embedded-redis.enabled=false",
				"spring.data.redis.url=redis://localhost:1")) {
			HttpResponse<String> answer = Applications.browser(other, null).get("/api/overview");
			assertThat(answer.statusCode()).isEqualTo(503);
			assertThat(JsonPath.<String>read(answer.body(), "$.detail")).startsWith("Redis cannot be asked");
		}
	}

}
