package io.rq.autoconfigure.endpoint;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.web.filter.OncePerRequestFilter;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.operations.JobDetails;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;
import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link io.rq.actuate.endpoint.RqEndpointWebExtension}, over HTTP.
 */
@RedisTest
class RqEndpointWebExtensionTests {

	private @Nullable ConfigurableApplicationContext context;

	private JobTemplate start(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "spring.data.redis.url=" + TestRedis.shared().url(),
					"management.endpoints.web.exposure.include=rq", "rq.worker.enabled=false",
					"spring.jackson.property-naming-strategy=SNAKE_CASE")
			.properties(properties)
			.run();
		return this.context.getBean(JobTemplate.class);
	}

	private JobTemplate startUnrestricted(String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = "management.endpoint.rq.access=unrestricted";
		return start(all);
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
	}

	@Test
	void listsPagesAndJobsAreRead() throws Exception {
		JobTemplate jobs = start();
		Job first = jobs.enqueue("tasks.secretive", "a secret");
		jobs.enqueue("tasks.add");
		JsonNode page = json(get("default/queued?limit=1"));
		assertThat(page.path("jobs").get(0).path("id").asString()).isEqualTo(first.id());
		assertThat(page.path("jobs").get(0).path("enqueuedAt").asString()).endsWith("Z");
		assertThat(page.path("jobs").get(0).path("description").asString()).isEqualTo("tasks.secretive");
		assertThat(page.path("total").asInt()).isEqualTo(2);
		JsonNode next = json(get("default/queued?limit=1&cursor=" + page.path("next").asString()));
		assertThat(next.path("jobs")).hasSize(1);
		assertThat(get("default/queued?text=secret").statusCode()).isEqualTo(400);
		assertThat(json(get("default/queued?function=tasks.add")).path("jobs")).hasSize(1);
		assertThat(json(get("default/queued?function=tasks")).path("jobs")).isEmpty();
		HttpResponse<String> details = get("job/" + first.id());
		assertThat(json(details).path("function").asString()).isEqualTo("tasks.secretive");
		assertThat(json(details).path("place").path("position").asString()).isEqualTo("0");
		assertThat(details.body()).doesNotContain("a secret");
		JsonNode explanation = json(get("job/" + first.id() + "/explain"));
		assertThat(explanation.path("text").asString()).isNotBlank();
		assertThat(explanation.path("remedy").asString()).isNotBlank();
		assertThat(get("job/" + first.id() + "/guess").statusCode()).isEqualTo(404);
		assertThat(json(get("workers"))).isEmpty();
		assertThat(json(get("schedulers"))).hasSize(1);
		assertThat(json(get("cron"))).isEmpty();
		assertThat(json(get("failures")).path("failed").asInt()).isZero();
		assertThat(json(get("failures/default")).path("groups")).isEmpty();
		assertThat(json(get("audit"))).isEmpty();
		assertThat(json(get("history?range=24h")).path("step").asString()).isEqualTo("PT1M");
	}

	@ParameterizedTest
	@CsvSource({ "job/none, 404", "nowhere, 404", "default/lost, 400", "default/failed?limit=0, 400",
			"default/failed?cursor=x, 400", "'a%2Cb/failed', 400", "audit?cursor=x, 400", "history?range=x, 400",
			"'history?queue=a%2Cb', 400" })
	void badRequestsAreToldWhatIsWrong(String path, int status) throws Exception {
		start();
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		JsonNode problem = JsonMapper.shared().readTree(response.body());
		assertThat(problem.path("status").asInt()).isEqualTo(status);
		assertThat(problem.path("detail").asString()).isNotBlank();
	}

	@Test
	@OneRedis("no application starts with Jedis while its cluster is away")
	void redisThatIsAwayIsToldAsThat() throws Exception {
		start("spring.data.redis.url=redis://localhost:" + freePort(), "management.health.redis.enabled=false");
		for (String path : List.of("", "default", "default/failed", "job/x", "job/x/explain", "failures", "audit",
				"history")) {
			HttpResponse<String> response = get(path);
			assertThat(response.statusCode()).as(path + response.body()).isEqualTo(503);
			assertThat(response.body()).contains("Redis cannot be asked");
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** The configuration of the README. */
	@Test
	void nothingIsChangedUnlessAccessIsUnrestricted() throws Exception {
		JobTemplate jobs = start();
		Job job = jobs.enqueue("tasks.add");
		HttpResponse<String> response = post("job/" + job.id() + "/cancel", "{}", "ada:ROLE_RQ_ADMIN");
		assertThat(response.statusCode()).isBetween(404, 405);
		assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	void nobodyInParticularChangesNothing() throws Exception {
		JobTemplate jobs = startUnrestricted();
		Job job = jobs.enqueue("tasks.add");
		HttpResponse<String> response = post("job/" + job.id() + "/cancel", "{}", "");
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).contains("Spring Security");
		assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
	}

	@Test
	void roleDecides() throws Exception {
		JobTemplate jobs = startUnrestricted();
		Job job = jobs.enqueue("tasks.add");
		assertThat(post("job/" + job.id() + "/cancel", "{}", "ada:ROLE_RQ_VIEWER").statusCode()).isEqualTo(403);
		assertThat(post("job/" + job.id() + "/cancel", "{}", "ada:ROLE_USER").statusCode()).isEqualTo(403);
		assertThat(post("job/" + job.id() + "/cancel", "{}", "ada:ROLE_RQ_OPERATOR").statusCode()).isEqualTo(200);
		assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
		assertThat(post("job/" + job.id() + "/delete", "{}", "ada:ROLE_RQ_OPERATOR").statusCode()).isEqualTo(403);
		assertThat(post("job/" + job.id() + "/delete", "{}", "eve:ROLE_RQ_ADMIN").statusCode()).isEqualTo(200);
		JsonNode audit = json(get("audit"));
		assertThat(audit)
			.extracting((entry) -> entry.path("operator").asString() + " " + entry.path("operation").asString() + " "
					+ entry.path("outcome").asString())
			.containsExactly("eve delete DONE", "ada delete DENIED", "ada cancel DONE", "ada cancel DENIED");
		assertThat(audit.get(0).path("face").asString()).isEqualTo("endpoint");
		assertThat(application().events).extracting((event) -> event.getAuditEvent().getType())
			.containsExactly("RQ_CANCEL", "RQ_CANCEL", "RQ_CANCEL", "RQ_DELETE", "RQ_DELETE");
		assertThat(application().events.get(2).getAuditEvent().getPrincipal()).isEqualTo("ada");
	}

	@Test
	void everyOperationHasItsAddress() throws Exception {
		JobTemplate jobs = startUnrestricted();
		String admin = "eve:ROLE_RQ_ADMIN";
		Job later = jobs.enqueueIn(Duration.ofHours(1), "tasks.add");
		String path = "job/" + later.id() + "/";
		assertThat(post(path + "reschedule", "{\"time\": \"2999-01-01T00:00:00Z\"}", admin).statusCode())
			.isEqualTo(200);
		assertThat(post(path + "reschedule", "{\"time\": \"soon\"}", admin).statusCode()).isEqualTo(400);
		assertThat(post(path + "reschedule", "{}", admin).statusCode()).isEqualTo(400);
		assertThat(post(path + "run-now", "{\"atFront\": true}", admin).statusCode()).isEqualTo(200);
		assertThat(post(path + "run-now", "{}", admin).statusCode()).isEqualTo(409);
		assertThat(post(path + "stop", "{}", admin).statusCode()).isEqualTo(409);
		assertThat(post(path + "run-again", "{}", admin).statusCode()).isEqualTo(200);
		assertThat(post(path + "move", "{\"queue\": \"other\"}", admin).statusCode()).isEqualTo(200);
		assertThat(post(path + "move", "{\"queue\": \"default\"}", admin).statusCode()).isEqualTo(200);
		assertThat(post(path + "move", "{}", admin).statusCode()).isEqualTo(400);
		assertThat(post("queue/default/pause", "{\"reason\": \"x\"}", admin).statusCode()).isEqualTo(200);
		assertThat(post("queue/default/resume", "{}", admin).body()).isEqualTo("{\"result\":true}");
		assertThat(post("worker/none/stop", "{}", admin).statusCode()).isEqualTo(404);
		assertThat(post(path + "cancel", "{\"enqueueDependents\": true}", admin).statusCode()).isEqualTo(200);
		assertThat(post("queue/default/requeue", "{\"ids\": \"" + later.id() + ",none\"}", admin).body())
			.isEqualTo("{\"result\":1}");
		assertThat(post("queue/default/empty", "{}", admin).body()).isEqualTo("{\"result\":2}");
		assertThat(post("all/suspend", "{\"seconds\": 60}", admin).statusCode()).isEqualTo(200);
		assertThat(post("all/suspend", "{\"seconds\": 0}", admin).statusCode()).isEqualTo(400);
		assertThat(post("all/resume", "{}", admin).body()).isEqualTo("{\"result\":true}");
		assertThat(post("cron/none/trigger", "{}", admin).statusCode()).isEqualTo(400);
		for (String unknown : List.of("job/x/explode", "worker/x/start", "all/nothing", "jobs", "job/none/requeue")) {
			assertThat(post(unknown, "{}", admin).statusCode()).as(unknown).isEqualTo(404);
		}
	}

	@Test
	void manyJobsAreCountedAndRequeuedByWhoMay() throws Exception {
		JobTemplate jobs = startUnrestricted();
		for (int i = 0; i < 3; i++) {
			jobs.cancel(jobs.enqueue(JobRequest.of("tasks.add").id("j" + i)).id());
		}
		String ada = "ada:ROLE_RQ_OPERATOR";
		String canceled = "\"queue\": \"default\", \"registry\": \"canceled\"";
		String requeue = "{\"operation\": \"requeue\", \"function\": \"tasks.add\", " + canceled + "}";
		assertThat(post("operations", requeue, "").statusCode()).isEqualTo(403);
		assertThat(post("operations", requeue, "bob:ROLE_RQ_VIEWER").statusCode()).isEqualTo(403);
		assertThat(post("operations", "{\"operation\": \"delete\", " + canceled + "}", ada).statusCode())
			.isEqualTo(403);
		JsonNode counted = begun(
				post("operations", "{\"operation\": \"requeue\", " + canceled + ", \"dryRun\": true}", ada));
		assertThat(counted.path("matched").asInt()).isEqualTo(3);
		assertThat(jobs.find("j0").orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
		JsonNode requeued = begun(post("operations", requeue, ada));
		assertThat(requeued.path("done").asInt()).isEqualTo(3);
		assertThat(requeued.path("operator").asString()).isEqualTo("ada");
		assertThat(requeued.path("face").asString()).isEqualTo("endpoint");
		assertThat(jobs.find("j0").orElseThrow().status()).isEqualTo(JobStatus.QUEUED);
		JsonNode named = begun(post("operations",
				"{\"operation\": \"cancel\", \"queue\": \"default\", \"ids\": \"j0,j2,none\"}", ada));
		assertThat(named.path("done").asInt()).isEqualTo(2);
		assertThat(named.path("refused").asInt()).isEqualTo(1);
		assertThat(post("operations/" + named.path("id").asString() + "/cancel", "{}", ada).statusCode())
			.isEqualTo(404);
		Awaitility.await()
			.untilAsserted(() -> assertThat(json(get("audit")))
				.extracting((entry) -> entry.path("operator").asString() + " " + entry.path("operation").asString()
						+ " " + entry.path("outcome").asString())
				.containsSubsequence("ada cancel DONE", "ada cancel STARTED", "ada requeue DONE", "ada requeue STARTED",
						"ada delete DENIED", "bob requeue DENIED"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"operation\": \"explode\", \"queue\": \"default\", \"registry\": \"queued\"}",
			"{\"operation\": \"cancel\", \"queue\": \"default\", \"registry\": \"lost\"}",
			"{\"operation\": \"cancel\", \"registry\": \"queued\"}",
			"{\"operation\": \"cancel\", \"queue\": \"default\"}",
			"{\"operation\": \"cancel\", \"queue\": \"default\", \"registry\": \"queued\", \"text\": \"secret\"}",
			"{\"operation\": \"cancel\", \"queue\": \"default\", \"registry\": \"queued\", \"from\": \"soon\"}" })
	void whatMakesNoSenseIsNotBegun(String body) throws Exception {
		startUnrestricted();
		HttpResponse<String> response = post("operations", body, "eve:ROLE_RQ_ADMIN");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(JsonMapper.shared().readTree(response.body()).path("detail").asString()).isNotBlank();
		assertThat(json(get("operations"))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "operations, functoin, nosuch", "operations, dryrun, true", "operations?dryrun=true, to, ''",
			"operations, security, x", "job/j0/cancel, withDependents, true", "job/j0/edit, args, [5]",
			"all/suspend, duration, 60" })
	void optionThatIsNotKnownIsRefused(String path, String option, String value) throws Exception {
		JobTemplate jobs = startUnrestricted();
		jobs.enqueue(JobRequest.of("tasks.add", 1).id("j0"));
		String all = path.startsWith("operations")
				? "\"operation\": \"cancel\", \"queue\": \"default\", \"registry\": \"queued\", " : "";
		HttpResponse<String> response = post(path, "{" + all + "\"" + option + "\": \"" + value + "\"}",
				"eve:ROLE_RQ_ADMIN");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(json(response.body()).path("detail").asString()).startsWith("There is no option '")
			.contains("known are [")
			.doesNotContain("what", "security,");
		assertThat(json(get("audit"))).isEmpty();
	}

	@Test
	void operationThatGoesOnIsEndedByWhoMay() throws Exception {
		JobTemplate jobs = startUnrestricted("rq.operations.bulk.enabled=false");
		jobs.enqueue("tasks.add");
		String cancel = "{\"operation\": \"cancel\", \"queue\": \"default\", \"registry\": \"queued\"}";
		HttpResponse<String> refused = post("operations", cancel, "ada:ROLE_RQ_OPERATOR");
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(refused.body()).contains("rq.operations.bulk.enabled");
		// of a node that has died
		assertThat(this.context).isNotNull();
		StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);
		redis.opsForHash()
			.putAll(key("rq:operation:b1"), Map.of("open", "1", "operation", "CANCEL", "queue", "default", "registry",
					"queued", "state", "RUNNING", "operator", "ada", "face", "ENDPOINT"));
		assertThat(post("operations/b1/cancel", "{}", "").statusCode()).isEqualTo(403);
		assertThat(post("operations/b1/cancel", "{}", "bob:ROLE_RQ_VIEWER").statusCode()).isEqualTo(403);
		assertThat(redis.opsForHash().hasKey(key("rq:operation:b1"), "canceling")).isFalse();
		assertThat(post("operations/b1/cancel", "{}", "ada:ROLE_RQ_OPERATOR").statusCode()).isEqualTo(200);
		assertThat(redis.opsForHash().hasKey(key("rq:operation:b1"), "canceling")).isTrue();
		assertThat(json(get("audit")).get(0).path("outcome").asString()).isEqualTo("DONE");
	}

	@Test
	void argumentsAreChangedByWhoMay() throws Exception {
		JobTemplate jobs = startUnrestricted();
		String id = jobs.enqueue("tasks.add", 1, 2).id();
		String edit = "job/" + id + "/edit";
		String ada = "ada:ROLE_RQ_ADMIN";
		String changed = "{\"arguments\": \"[9007199254740993, [null, true]]\", \"namedArguments\": \"{\\\"c\\\": 0.50}\"}";
		assertThat(post(edit, changed, "").statusCode()).isEqualTo(403);
		assertThat(post(edit, changed, "bob:ROLE_RQ_OPERATOR").statusCode()).isEqualTo(403);
		for (String wrong : List.of("{\"arguments\": \"{}\"}", "{\"arguments\": \"1\"}", "{\"arguments\": \"[1\"}",
				"{\"namedArguments\": \"[]\"}", "{\"namedArguments\": \"null\"}")) {
			HttpResponse<String> response = post(edit, wrong, ada);
			assertThat(response.statusCode()).as(wrong).isEqualTo(400);
			assertThat(JsonMapper.shared().readTree(response.body()).path("detail").asString())
				.contains("rguments' must be a text with a JSON");
		}
		RqOperations operations = this.context.getBean(RqOperations.class);
		assertThat(operations.job(id).orElseThrow().values().arguments()).isEqualTo(List.of(1, 2));
		assertThat(post(edit, changed, ada).statusCode()).isEqualTo(200);
		JobDetails.Values values = operations.job(id).orElseThrow().values();
		assertThat(values.arguments()).isEqualTo(List.of(9007199254740993L, Arrays.asList(null, true)));
		assertThat(values.namedArguments()).isEqualTo(Map.of("c", new BigDecimal("0.50")));
		assertThat(post(edit, "{\"arguments\": \"[5]\"}", ada).statusCode()).isEqualTo(200);
		assertThat(post(edit, "{}", ada).statusCode()).isEqualTo(400);
		values = operations.job(id).orElseThrow().values();
		assertThat(values.arguments()).isEqualTo(List.of(5));
		assertThat(values.namedArguments()).isEqualTo(Map.of("c", new BigDecimal("0.50")));
		assertThat(post("job/none/edit", changed, ada).statusCode()).isEqualTo(404);
	}

	@Test
	void doctorAndThreadsAreRead() throws Exception {
		JobTemplate jobs = start();
		assertThat(json(get("doctor"))).extracting((finding) -> finding.path("check").asString())
			.contains("persistence");
		String id = jobs.enqueue("tasks.add").id();
		HttpResponse<String> response = get("job/" + id + "/stack");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
	}

	@Test
	void whatWasDeletedInBulkIsPutBackByWhoMay() throws Exception {
		JobTemplate jobs = startUnrestricted();
		jobs.enqueue(JobRequest.of("tasks.add").id("j0"));
		String ada = "ada:ROLE_RQ_ADMIN";
		String queued = "\"operation\": \"delete\", \"queue\": \"default\", \"registry\": \"queued\"";
		JsonNode deleted = begun(post("operations", "{" + queued + "}", ada));
		assertThat(deleted.path("undoable").asInt()).isEqualTo(1);
		assertThat(jobs.exists("j0")).isFalse();
		String undo = "operations/" + deleted.path("id").asString() + "/undo";
		assertThat(post(undo, "{}", "").statusCode()).isEqualTo(403);
		assertThat(post(undo, "{}", "bob:ROLE_RQ_OPERATOR").statusCode()).isEqualTo(403);
		assertThat(post("operations/none/undo", "{}", ada).statusCode()).isEqualTo(404);
		assertThat(begun(post(undo, "{}", ada)).path("done").asInt()).isEqualTo(1);
		assertThat(jobs.exists("j0")).isTrue();
		JsonNode forGood = begun(post("operations", "{" + queued + ", \"now\": true}", ada));
		assertThat(forGood.path("done").asInt()).isEqualTo(1);
		assertThat(post("operations/" + forGood.path("id").asString() + "/undo", "{}", ada).statusCode())
			.isEqualTo(400);
	}

	/** Waits for the end of what was begun. */
	private JsonNode begun(HttpResponse<String> response) throws Exception {
		String id = json(response).path("result").path("id").asString();
		return Awaitility.await()
			.until(() -> json(get("operations/" + id)),
					(operation) -> !operation.path("endedAt").isMissingNode() && !operation.path("endedAt").isNull());
	}

	@ParameterizedTest
	@CsvSource({ "never, '', eve:ROLE_X, false", "always, '', '', true", "when-authorized, '', '', false",
			"when-authorized, '', eve:ROLE_Y, true", "when-authorized, ROLE_X, eve:ROLE_Y, false",
			"when-authorized, ROLE_X, eve:ROLE_X, true" })
	void valuesAreShownToWhomTheyMayBe(String show, String roles, String user, boolean shown) throws Exception {
		JobTemplate jobs = start("management.endpoint.rq.show-values=" + show, "management.endpoint.rq.roles=" + roles);
		Job job = jobs.enqueue(JobRequest
			.of("tasks.add", "plain", 9007199254740993L, List.of(Map.of("user", "ada", "password", "a secret")))
			.kwargs(Map.of("password", "a secret")));
		HttpResponse<String> details = send(request("job/" + job.id()).header("X-User", user));
		JsonNode values = json(details).path("values");
		assertThat(values.isObject()).isEqualTo(shown);
		assertThat(details.body()).doesNotContain("a secret");
		if (shown) {
			assertThat(values.path("arguments").get(0).asString()).isEqualTo("plain");
			assertThat(values.path("arguments").get(1).asString()).isEqualTo("9007199254740993");
			assertThat(values.path("arguments").get(2).get(0).path("user").asString()).isEqualTo("ada");
			assertThat(values.path("arguments").get(2).get(0).path("password").asString()).isEqualTo("******");
			assertThat(values.path("namedArguments").path("password").asString()).isEqualTo("******");
		}
		assertThat(send(request("default/queued").header("X-User", user)).body()).contains("tasks.add")
			.doesNotContain("a secret", "plain");
	}

	@Test
	void descriptionsAreShownWithValuesThatNobodySanitizes() throws Exception {
		JobTemplate jobs = start("management.endpoint.rq.show-values=always", "sanitize=false");
		Job job = jobs.enqueue("tasks.add", "plain");
		assertThat(get("default/queued?text=plain").body()).contains("tasks.add('plain')");
		assertThat(get("job/" + job.id()).body()).contains("tasks.add('plain')");
	}

	private Application application() {
		assertThat(this.context).isNotNull();
		return this.context.getBean(Application.class);
	}

	private HttpRequest.Builder request(String path) {
		assertThat(this.context).isNotNull();
		return HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port")
					+ "/actuator/rq" + (path.isEmpty() ? "" : "/") + path));
	}

	private HttpResponse<String> get(String path) throws Exception {
		return send(request(path));
	}

	private HttpResponse<String> post(String path, String body, String user) throws Exception {
		return send(request(path).header("Content-Type", "application/json")
			.header("X-User", user)
			.POST(HttpRequest.BodyPublishers.ofString(body)));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json(response.body());
	}

	private static JsonNode json(String body) {
		return JsonMapper.shared().readTree(body);
	}

	/**
	 * Takes name and role of the user from a header, as a container does from elsewhere.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final List<AuditApplicationEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void audited(AuditApplicationEvent event) {
			this.events.add(event);
		}

		@Bean
		@ConditionalOnProperty(name = "sanitize", matchIfMissing = true)
		SanitizingFunction passwords() {
			return (data) -> data.getLowerCaseKey().contains("password") ? data.withSanitizedValue() : data;
		}

		@Bean
		OncePerRequestFilter users() {
			return new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					String user = request.getHeader("X-User");
					chain.doFilter((user == null || user.isEmpty()) ? request : new User(request, user.split(":")),
							response);
				}

			};
		}

	}

	private static final class User extends HttpServletRequestWrapper {

		private final String[] user;

		User(HttpServletRequest request, String[] user) {
			super(request);
			this.user = user;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> this.user[0];
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.user[1].equals(role);
		}

	}

}
