package io.rq.dashboard;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import io.rq.job.JobRequest;
import io.rq.operations.AuditEntry;
import io.rq.operations.AuditEntry.Outcome;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard of an application with Spring Security.
 */
class SecuredDashboardTests {

	private static final List<String> OF_OPERATORS = List.of("jobs/none/requeue", "jobs/none/run-now",
			"jobs/none/reschedule", "jobs/none/run-again", "queues/none/pause", "queues/none/resume",
			"jobs/none/cancel", "jobs/none/stop", "queues/none/requeue", "cron/none/trigger", "cron/none/pause",
			"cron/none/resume");

	private static final List<String> OF_ADMINS = List.of("jobs/none/edit", "jobs/none/move", "workers/none/stop",
			"jobs/none/delete", "queues/none/empty", "resume");

	private static ConfigurableApplicationContext application;

	private static JobTemplate jobs;

	private static RqOperations operations;

	@BeforeAll
	static void start() {
		application = Applications.secured();
		jobs = application.getBean(JobTemplate.class);
		operations = application.getBean(RqOperations.class);
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

	@ParameterizedTest
	@ValueSource(strings = { "me", "overview", "queues/q", "queues/q/queued", "jobs/j", "failures", "failures?queue=q",
			"jobs/j/explain", "workers", "schedulers", "cron", "doctor", "audit", "operations" })
	void readingNeedsOneOfTheRoles(String path) {
		jobs.enqueue(JobRequest.of("tasks.add").id("j").queue("q"));
		assertThat(browser("nobody").get("/api/" + path).statusCode()).isEqualTo(403);
		for (String user : List.of("viewer", "operator", "admin")) {
			assertThat(browser(user).get("/api/" + path).statusCode()).as(user).isEqualTo(200);
		}
	}

	static Stream<Arguments> changes() {
		return Stream.of("viewer", "operator", "admin")
			.flatMap((user) -> Stream.concat(
					OF_OPERATORS.stream().map((path) -> Arguments.of(user, path, !user.equals("viewer"))),
					OF_ADMINS.stream().map((path) -> Arguments.of(user, path, user.equals("admin")))));
	}

	@ParameterizedTest
	@MethodSource("changes")
	void changesNeedTheirRoleAndAreOnRecord(String user, String path, boolean allowed) {
		HttpResponse<String> answer = browser(user).login().post("/api/" + path, options(path));
		if (allowed) {
			assertThat(answer.statusCode()).isIn(200, 400, 404);
		}
		else {
			assertThat(answer.statusCode()).isEqualTo(403);
		}
		AuditEntry entry = operations.audit(null, 1).get(0);
		assertThat(entry.operator()).isEqualTo(user);
		assertThat(entry.face()).isEqualTo("dashboard");
		if (allowed) {
			boolean pauses = path.endsWith("none/pause") || path.equals("queues/none/resume");
			assertThat(entry.outcome()).isIn(Outcome.NOTHING, pauses ? Outcome.DONE : Outcome.FAILED, Outcome.FAILED);
		}
		else {
			assertThat(entry.outcome()).isEqualTo(Outcome.DENIED);
		}
	}

	private static String options(String path) {
		return switch (path) {
			case "queues/none/requeue" -> "{\"ids\":[\"none\"]}";
			case "jobs/none/edit" -> "{\"arguments\":[]}";
			case "jobs/none/move" -> "{\"queue\":\"other\"}";
			case "jobs/none/reschedule" -> "{\"at\":\"2126-01-31T12:00:00Z\"}";
			default -> "{}";
		};
	}

	@Test
	void scheduledJobsAreRescheduledAndRunNow() {
		Browser operator = browser("operator").login();
		jobs.enqueue(JobRequest.of("tasks.add").id("later").queue("later").in(Duration.ofHours(1)));
		assertThat(operator.post("/api/jobs/later/reschedule", "{\"at\":\"2126-01-31T12:00:00Z\"}").statusCode())
			.isEqualTo(200);
		String job = operator.get("/api/jobs/later").body();
		assertThat(JsonPath.<String>read(job, "$.place.dueAt")).isEqualTo("2126-01-31T12:00:00Z");
		assertThat(operator.post("/api/jobs/later/reschedule", "{\"at\":\"tomorrow\"}").statusCode()).isEqualTo(400);
		assertThat(operator.post("/api/jobs/later/run-now", "{\"atFront\":true}").statusCode()).isEqualTo(200);
		assertThat(operator.post("/api/jobs/later/run-now", "{}").statusCode()).isEqualTo(409);
	}

	@Test
	void numbersAreShownAndStoredAsTheyAre() {
		Browser admin = browser("admin").login();
		jobs.enqueue(JobRequest.of("tasks.pay", 1).id("payment").queue("payments"));
		String numbers = "[12345678901234567.89,10.10,1.5,1E+400,NaN,-Infinity]";
		String arguments = "{\"arguments\":" + numbers + ",\"namedArguments\":{\"by\":" + numbers + "}}";
		assertThat(admin.post("/api/jobs/payment/edit", arguments).body()).isEqualTo("{\"done\":true}");
		String job = admin.get("/api/jobs/payment").body();
		assertThat(JsonPath.<String>read(job, "$.values.arguments").replaceAll("\\s", "")).isEqualTo(numbers);
		assertThat(JsonPath.<String>read(job, "$.values.namedArguments").replaceAll("\\s", ""))
			.isEqualTo("{\"by\":" + numbers + "}");
	}

	@Test
	void jobsAreEditedMovedRunAgainAndExplained() {
		Browser admin = browser("admin").login();
		jobs.enqueue(JobRequest.of("tasks.add", 1).id("old").queue("edited"));
		String arguments = "{\"arguments\":[9007199254740993,null],\"namedArguments\":{\"by\":[1.5]}}";
		assertThat(admin.post("/api/jobs/old/edit", arguments).body()).isEqualTo("{\"done\":true}");
		for (String wrong : List.of("", "{}", "{\"arguments\":{}}", "{\"arguments\":null}")) {
			assertThat(admin.post("/api/jobs/old/edit", wrong).statusCode()).as(wrong).isEqualTo(400);
		}
		assertThat(admin.post("/api/jobs/old/edit", "{\"namedArguments\":{}}").statusCode()).isEqualTo(200);
		assertThat(admin.post("/api/jobs/old/move", "{\"queue\":\"moved\"}").statusCode()).isEqualTo(200);
		String id = JsonPath.read(admin.post("/api/jobs/old/run-again", "{}").body(), "$.id");
		String again = admin.get("/api/jobs/" + id).body();
		assertThat(JsonPath.<String>read(again, "$.values.arguments").replaceAll("\\s", ""))
			.isEqualTo("[9007199254740993,null]");
		assertThat(JsonPath.<String>read(again, "$.queue")).isEqualTo("moved");
		assertThat(admin.post("/api/queues/moved/pause", "{\"reason\":\"a migration\"}").statusCode()).isEqualTo(200);
		String why = admin.get("/api/jobs/" + id + "/explain").body();
		assertThat(JsonPath.<String>read(why, "$.cause")).isEqualTo("QUEUE_PAUSED");
		assertThat(JsonPath.<String>read(why, "$.text")).contains("a migration");
		assertThat(admin.post("/api/queues/moved/resume", "{}").body()).isEqualTo("{\"done\":true}");
	}

	@Test
	void manyAreCountedAndDeleted() {
		jobs.enqueueAll(IntStream.range(0, 150)
			.mapToObj((i) -> JobRequest.of((i % 3 == 0) ? "mail.send" : "tasks.add", i).queue("many"))
			.toList());
		String request = "{\"operation\":\"delete\",\"queue\":\"many\",\"registry\":\"queued\",\"text\":\"mail\"";
		assertThat(browser("operator").login().post("/api/operations", request + "}").statusCode()).isEqualTo(403);
		Browser admin = browser("admin").login();
		String counted = ended(admin, admin.post("/api/operations", request + ",\"dryRun\":true}").body());
		assertThat(JsonPath.<Integer>read(counted, "$.matched")).isEqualTo(50);
		assertThat(JsonPath.<Boolean>read(counted, "$.dryRun")).isTrue();
		String deleted = ended(admin, admin.post("/api/operations", request + "}").body());
		assertThat(JsonPath.<Integer>read(deleted, "$.done")).isEqualTo(50);
		assertThat(JsonPath.<Integer>read(admin.get("/api/queues/many/queued").body(), "$.total")).isEqualTo(100);
		String id = JsonPath.read(deleted, "$.id");
		assertThat(admin.post("/api/operations/" + id + "/cancel", "{}").statusCode()).isEqualTo(404);
		assertThat(admin.get("/api/operations").body()).contains(id);
		assertThat(admin.get("/api/operations/none").statusCode()).isEqualTo(404);
		assertThat(admin.post("/api/operations", request + ",\"x\":1}").statusCode()).isEqualTo(400);
		assertThat(admin.post("/api/operations", "{\"operation\":\"empty\",\"queue\":\"many\"}").statusCode())
			.isEqualTo(400);
	}

	private static String ended(Browser browser, String operation) {
		String path = "/api/operations/" + JsonPath.read(operation, "$.id");
		Awaitility.await().until(() -> JsonPath.read(browser.get(path).body(), "$.endedAt") != null);
		return browser.get(path).body();
	}

	@Test
	void rightsAreTold() {
		assertThat(JsonPath.<List<String>>read(browser("viewer").get("/api/me").body(), "$.operations"))
			.containsExactly("read");
		String operator = browser("operator").get("/api/me").body();
		assertThat(JsonPath.<List<String>>read(operator, "$.operations")).contains("read", "requeue", "stop")
			.doesNotContain("delete");
		assertThat(JsonPath.<Boolean>read(operator, "$.readOnly")).isFalse();
		assertThat(JsonPath.<List<String>>read(browser("admin").get("/api/me").body(), "$.operations"))
			.contains("delete", "empty", "suspend");
	}

	@Test
	void changesAreMade() {
		Browser admin = browser("admin").login();
		jobs.enqueue(JobRequest.of("tasks.add", 1).id("c1").queue("changes"));
		jobs.enqueue(JobRequest.of("tasks.add", 2).id("c2").queue("changes"));
		assertThat(admin.post("/api/jobs/c1/cancel", "{}").body()).isEqualTo("{\"done\":true}");
		assertThat(admin.post("/api/jobs/c1/cancel", "{}").statusCode()).isIn(200, 409);
		assertThat(admin.post("/api/jobs/c1/requeue", "{\"atFront\":true}").statusCode()).isEqualTo(200);
		assertThat(admin.post("/api/jobs/c1/requeue", "{}").statusCode()).isEqualTo(409);
		assertThat(admin.post("/api/jobs/c1/stop", "").statusCode()).isEqualTo(409);
		assertThat(admin.post("/api/jobs/c1/cancel", "{}").statusCode()).isEqualTo(200);
		assertThat(admin.post("/api/queues/changes/requeue", "{\"ids\":[\"c1\",\"c2\"]}").body())
			.isEqualTo("{\"count\":1}");
		assertThat(admin.post("/api/jobs/c2/delete", "{}").body()).contains("\"undoableUntil\":\"");
		assertThat(admin.post("/api/jobs/c2/undo", "").body()).isEqualTo("{\"done\":true}");
		assertThat(admin.post("/api/jobs/c2/undo", "").statusCode()).isEqualTo(404);
		assertThat(admin.post("/api/jobs/c2/delete", "{\"deleteDependents\":true,\"now\":true}").body())
			.contains("\"undoableUntil\":null");
		assertThat(admin.post("/api/queues/changes/empty", "{}").body()).isEqualTo("{\"count\":1}");
		for (String wrong : List.of("null", "1.5", "\"60\"")) {
			assertThat(admin.post("/api/suspend", "{\"seconds\":" + wrong + "}").statusCode()).as(wrong).isEqualTo(400);
		}
		assertThat(admin.post("/api/suspend", "{\"seconds\":60}").statusCode()).isEqualTo(200);
		assertThat(admin.post("/api/resume", "").body()).isEqualTo("{\"done\":true}");
		assertThat(operations.audit(null, 20)).filteredOn((entry) -> entry.targets().contains("c1"))
			.isNotEmpty()
			.allMatch((entry) -> entry.operator().equals("admin"));
	}

	@Test
	void valuesAreTextsThatLoseNothing() {
		jobs.enqueue(JobRequest.of("tasks.add", 9_007_199_254_740_993L, "<b>").id("values"));
		String job = browser("viewer").get("/api/jobs/values").body();
		assertThat(JsonPath.<String>read(job, "$.values.arguments").replaceAll("\\s", ""))
			.isEqualTo("[9007199254740993,\"<b>\"]");
		assertThat(JsonPath.<String>read(job, "$.values.result")).isEqualTo("null");
		assertThat(JsonPath.<String>read(job, "$.times.createdAt")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
		assertThat(JsonPath.<String>read(job, "$.settings.timeout")).startsWith("PT");
		assertThat(browser("viewer").get("/api/queues/default/queued?text=tasks.add").body()).contains("values");
	}

	@Test
	void listsArePaged() {
		for (int i = 0; i < 5; i++) {
			jobs.enqueue(JobRequest.of("tasks.add", i).id("p" + i).queue("paged"));
		}
		Browser viewer = browser("viewer");
		String first = viewer.get("/api/queues/paged/queued?limit=3").body();
		assertThat(JsonPath.<List<String>>read(first, "$.jobs[*].id")).containsExactly("p0", "p1", "p2");
		String next = JsonPath.read(first, "$.next");
		String second = viewer.get("/api/queues/paged/queued?limit=3&cursor=" + next).body();
		assertThat(JsonPath.<List<String>>read(second, "$.jobs[*].id")).containsExactly("p3", "p4");
	}

	@Test
	void otherSitesCannotChangeAnything() {
		Browser admin = browser("admin");
		assertThat(admin.post("/api/suspend", "").statusCode()).as("without token").isEqualTo(403);
		admin.login();
		assertThat(admin.post("/api/suspend", "", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
		assertThat(admin.postBare("/api/suspend", "").statusCode()).isEqualTo(403);
		assertThat(operations.overview().suspended()).isFalse();
	}

	@Test
	void proxiesAreWelcome() {
		assertThat(browser("viewer").get("/api/overview", "X-Forwarded-For", "10.0.0.1", "Host", "example.org")
			.statusCode()).isEqualTo(200);
	}

}
