package io.rq.dashboard;

import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import io.rq.job.JobRequest;
import io.rq.operations.AuditEntry;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of a reactive application with Spring Security.
 */
class SecuredReactiveDashboardTests {

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() {
		application = Applications.securedReactive();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	private static Browser browser(@Nullable String user) {
		return Applications.browser(application, user);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/app.js", "/api/me", "/api/overview" })
	void nobodyIsLetInWithoutName(String path) {
		assertThat(browser(null).get(path).statusCode()).isEqualTo(401);
	}

	@Test
	void readingNeedsOneOfTheRoles() {
		assertThat(browser("nobody").get("/api/overview").statusCode()).isEqualTo(403);
		for (String user : List.of("viewer", "operator", "admin")) {
			assertThat(browser(user).get("/api/overview").statusCode()).as(user).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "viewer,403,DENIED", "operator,403,DENIED", "admin,404,NOTHING" })
	void changesNeedTheirRoleAndAreOnRecord(String user, int status, Outcome outcome) {
		assertThat(browser(user).login().post("/api/jobs/none/delete", "{}").statusCode()).isEqualTo(status);
		AuditEntry entry = application.getBean(RqOperations.class).audit(null, 1).get(0);
		assertThat(entry.operator()).isEqualTo(user);
		assertThat(entry.operation()).isEqualTo("delete");
		assertThat(entry.outcome()).isEqualTo(outcome);
	}

	@Test
	void changesAreMadeAndValuesShown() {
		application.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add", "known").id("c1").queue("changes"));
		Browser operator = browser("operator").login();
		assertThat(operator.post("/api/jobs/c1/cancel", "{\"enqueueDependents\":false}").body())
			.isEqualTo("{\"done\":true}");
		String job = operator.get("/api/jobs/c1").body();
		assertThat(JsonPath.<String>read(job, "$.values.arguments")).contains("known");
	}

	@Test
	void otherSitesCannotChangeAnything() {
		Browser admin = browser("admin");
		assertThat(admin.post("/api/suspend", "").statusCode()).as("without token").isEqualTo(403);
		admin.login();
		assertThat(admin.post("/api/suspend", "", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
		assertThat(admin.postBare("/api/suspend", "").statusCode()).isEqualTo(403);
		assertThat(application.getBean(RqOperations.class).overview().suspended()).isFalse();
	}

}
