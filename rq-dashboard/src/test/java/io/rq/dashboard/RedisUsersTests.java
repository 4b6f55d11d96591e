package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.template.JobTemplate;
import io.rq.test.RedisRole;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Dashboards whose connections have the Redis users that the documentation says they
 * need, for somebody who may do everything.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisUsersTests {

	private static final TestRedis redis = TestRedis.start();

	@BeforeAll
	static void allow() {
		assumeThat(redis.isAtLeast(7)).as("has rules for keys that are only read").isTrue();
		for (RedisRole role : List.of(RedisRole.OPERATOR, RedisRole.OBSERVER)) {
			role.allow(redis, role.rules());
		}
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	private static ConfigurableApplicationContext dashboard(RedisRole role) {
		return start(role.user() + ":" + role.user() + "@", role.properties());
	}

	/** Does what it likes. */
	private static ConfigurableApplicationContext owner() {
		return start("", RedisRole.PRODUCER.properties());
	}

	private static ConfigurableApplicationContext start(String user, List<String> role) {
		List<String> properties = new ArrayList<>(role);
		properties.add("rq.embedded-redis.enabled=false");
		properties.add("rq.doctor.enabled=false");
		properties.add("spring.data.redis.url=redis://%s%s:%d".formatted(user, redis.host(), redis.port()));
		return Applications.secured(properties.toArray(String[]::new));
	}

	@ParameterizedTest
	@EnumSource(names = { "OPERATOR", "OBSERVER" })
	void allPagesAreShown(RedisRole role, CapturedOutput output) {
		try (ConfigurableApplicationContext owner = owner();
				ConfigurableApplicationContext dashboard = dashboard(role)) {
			owner.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add").id("seen").queue("seen"));
			Browser admin = Applications.browser(dashboard, "admin");
			for (String path : List.of("me", "overview", "queues/seen", "queues/seen/queued", "queues/seen/failed",
					"jobs/seen", "jobs/seen/explain", "failures", "failures?queue=seen", "history", "workers",
					"schedulers", "cron", "doctor", "audit", "operations")) {
				HttpResponse<String> answer = admin.get("/api/" + path);
				assertThat(answer.statusCode()).as(() -> path + ": " + answer.body()).isEqualTo(200);
			}
			assertThat(output.getOut()).doesNotContain("NOPERM", "may not");
		}
	}

	@Test
	void anOperatorDoesAll(CapturedOutput output) {
		try (ConfigurableApplicationContext dashboard = dashboard(RedisRole.OPERATOR)) {
			JobTemplate jobs = dashboard.getBean(JobTemplate.class);
			Browser admin = Applications.browser(dashboard, "admin").login();
			jobs.enqueue(JobRequest.of("tasks.add", 1).id("job").queue("q"));
			jobs.enqueue(JobRequest.of("tasks.add", 1).id("later").queue("q").in(Duration.ofHours(1)));
			done(admin, "queues/q/pause", "{\"reason\":\"why\"}");
			done(admin, "jobs/job/edit", "{\"arguments\":[2]}");
			done(admin, "jobs/job/cancel", "{}");
			done(admin, "jobs/job/requeue", "{}");
			done(admin, "jobs/job/move", "{\"queue\":\"other\"}");
			done(admin, "jobs/later/reschedule", "{\"at\":\"2126-01-31T12:00:00Z\"}");
			done(admin, "jobs/later/run-now", "{}");
			done(admin, "jobs/job/run-again", "{}");
			done(admin, "jobs/job/delete", "{}");
			done(admin, "queues/q/resume", "{}");
			done(admin, "suspend", "{\"seconds\":60}");
			done(admin, "resume", "{}");
			String bulk = done(admin, "operations",
					"{\"operation\":\"delete\",\"queue\":\"q\",\"registry\":\"queued\"}");
			String id = JsonPath.read(bulk, "$.id");
			Awaitility.await()
				.until(() -> JsonPath.read(admin.get("/api/operations/" + id).body(), "$.endedAt") != null);
			done(admin, "queues/other/empty", "{}");
			assertThat(jobs.find("job")).isEmpty();
			assertThat(jobs.find("later")).isEmpty();
			assertThat(output.getOut()).doesNotContain("NOPERM", "may not");
		}
	}

	private static String done(Browser browser, String path, String options) {
		HttpResponse<String> answer = browser.post("/api/" + path, options);
		assertThat(answer.statusCode()).as(() -> path + ": " + answer.body()).isBetween(200, 202);
		return answer.body();
	}

	@Test
	void anObserverChangesNothingAndIsToldWhy(CapturedOutput output) {
		try (ConfigurableApplicationContext owner = owner();
				ConfigurableApplicationContext dashboard = dashboard(RedisRole.OBSERVER)) {
			JobTemplate jobs = owner.getBean(JobTemplate.class);
			jobs.enqueue(JobRequest.of("tasks.add").id("kept").queue("kept"));
			Browser admin = Applications.browser(dashboard, "admin").login();
			for (String path : List.of("jobs/kept/cancel", "jobs/kept/delete", "queues/kept/empty", "queues/kept/pause",
					"suspend")) {
				HttpResponse<String> answer = admin.post("/api/" + path, "{}");
				assertThat(answer.statusCode()).as(() -> path + ": " + answer.body()).isGreaterThanOrEqualTo(400);
			}
			assertThat(jobs.find("kept").orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
			assertThat(output.getOut()).contains("The Redis user may not");
		}
	}

}
