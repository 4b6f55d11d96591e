package io.rq.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;
import org.mockito.Mockito;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.asm.ClassReader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.annotation.RqJob;
import io.rq.cron.CronJob;
import io.rq.cron.Schedule;
import io.rq.job.JobRequest;
import io.rq.operations.AuditTrail;
import io.rq.operations.Operator;
import io.rq.operations.RqOperations;
import io.rq.template.JobTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the description of the API, {@code openapi.json}, against the code.
 * {@code -Drq.openapi=<file>} writes it anew.
 */
class OpenApiTests {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private static final String UNKNOWN = "There is nothing of that name.";

	private static JsonNode document() {
		return MAPPER.readTree(Objects.requireNonNull(new Pages().find("openapi.json")).body());
	}

	@Test
	void descriptionIsThatOfTheRecords() throws IOException {
		JsonNode expected = MAPPER.valueToTree(OpenApiDocument.create());
		String file = System.getProperty("rq.openapi");
		if (file != null) {
			Files.writeString(Path.of(file), MAPPER.writeValueAsString(expected) + "\n");
		}
		assertThat(document()).isEqualTo(expected);
	}

	/** All words of the code are tried at every place of a path. */
	@Test
	void descriptionHasAllPathsAndNoOthers() throws IOException {
		Set<String> described = new TreeSet<>();
		document().at("/paths")
			.properties()
			.forEach((path) -> path.getValue()
				.propertyNames()
				.forEach((method) -> described.add(method + " " + path.getKey().replaceAll("\\{\\w+}", "*"))));
		Set<String> known = new TreeSet<>();
		Set<String> words = words();
		assertThat(words).contains("overview", "jobs", "explain", "requeue", "cancel");
		for (String method : List.of("get", "post")) {
			for (String first : words) {
				find(method, known, first);
				find(method, known, first, "*");
				for (String third : words) {
					find(method, known, first, "*", third);
				}
			}
		}
		find("get", known, "queues", "*", "queued");
		assertThat(known.stream().map((call) -> call.replace("*/queued", "*/*")))
			.containsExactlyInAnyOrderElementsOf(described);
	}

	private static void find(String method, Set<String> known, String... path) {
		String answer = answer(method, "{}", path);
		if (!answer.contains(UNKNOWN) && !answer.contains("There is no state")) {
			known.add(method + " /" + String.join("/", path));
		}
	}

	private static Set<String> words() throws IOException {
		Set<String> words = new HashSet<>();
		for (Class<?> type : List.of(DashboardApi.class, Changes.class)) {
			try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
				ClassReader reader = new ClassReader(Objects.requireNonNull(file));
				char[] buffer = new char[reader.getMaxStringLength()];
				for (int i = 1; i < reader.getItemCount(); i++) {
					int offset = reader.getItem(i);
					if (offset > 0 && reader.readByte(offset - 1) == 8) {
						String word = reader.readUTF8(offset, buffer);
						if (word.matches("[a-z]+(-[a-z]+)*")) {
							words.add(word);
						}
					}
				}
			}
		}
		return words;
	}

	@Test
	void changesHaveTheOptionsThatAreDescribed() {
		document().at("/paths").properties().forEach((path) -> {
			JsonNode post = path.getValue().path("post");
			if (!post.isMissingNode()) {
				String[] segments = path.getKey().substring(1).replaceAll("\\{\\w+}", "x").split("/");
				List<String> options = new ArrayList<>();
				post.at("/requestBody/content/application~1json/schema/properties")
					.propertyNames()
					.forEach(options::add);
				assertThat(answer("post", "{\"none\":1}", segments)).as(path.getKey())
					.satisfies((answer) -> assertThat(MAPPER.readTree(answer)
						.path("detail")
						.asString()
						.replaceAll(".*known are \\[(.*)]", "$1")
						.split(", ")).containsExactlyInAnyOrder(
								options.isEmpty() ? new String[] { "" } : options.toArray(String[]::new)));
			}
		});
	}

	private static String answer(String method, String body, String... path) {
		RqOperations operations = Mockito.mock(RqOperations.class, Answers.RETURNS_MOCKS);
		Mockito.doReturn(operations).when(operations).as(Mockito.any());
		Viewer viewer = new Viewer(new Operator("ada", Set.of(), Operator.Face.DASHBOARD), true, () -> null);
		Call call = new Call(method.toUpperCase(java.util.Locale.ROOT), List.of(path), Map.of(),
				body.getBytes(StandardCharsets.UTF_8), viewer);
		return new String(new DashboardApi(operations, Mockito.mock(AuditTrail.class)).answer(call).body(),
				StandardCharsets.UTF_8);
	}

	@Test
	void answersAreAsDescribed() {
		try (ConfigurableApplicationContext application = Applications.working(Jobs.class)) {
			JobTemplate jobs = application.getBean(JobTemplate.class);
			jobs.enqueue(JobRequest.of("jobs.fail", "a").id("failed"));
			jobs.enqueue(JobRequest.of("none.there").id("waiting").queue("elsewhere"));
			RqOperations operations = application.getBean(RqOperations.class);
			Awaitility.await().until(() -> operations.failures().failed() == 1);
			jobs.enqueue(JobRequest.of("jobs.wait").id("running"));
			Awaitility.await().until(() -> operations.stack("running").isPresent());
			Browser admin = Applications.browser(application, "admin").login();
			admin.post("/api/operations", "{\"operation\":\"requeue\",\"queue\":\"q\",\"registry\":\"failed\"}");
			String id = operations.bulkOperations().get(0).id();
			JsonNode document = document();
			document.at("/paths").properties().forEach((path) -> {
				JsonNode schema = path.getValue().at("/get/responses/200/content/application~1json/schema");
				if (!schema.isMissingNode()) {
					for (String job : List.of("failed", "waiting")) {
						String address = path.getKey()
							.replace("/operations/{id}", "/operations/" + id)
							.replace("{id}/stack", "running/stack")
							.replace("{id}", job)
							.replace("{queue}", "default")
							.replace("{state}", "failed");
						JsonNode answer = MAPPER.readTree(admin.get("/api" + address).body());
						assertThat(faults(answer, schema, document, address)).isEmpty();
					}
				}
			});
			application.getBean(Jobs.class).close();
			assertThat(MAPPER.readTree(admin.get("/api/cron").body())).isNotEmpty();
			assertThat(MAPPER.readTree(admin.get("/api/workers").body())).isNotEmpty();
			assertThat(MAPPER.readTree(admin.get("/api/audit").body())).isNotEmpty();
			JsonNode problem = MAPPER.readTree(admin.get("/api/jobs/none").body());
			assertThat(faults(problem, document.at("/components/schemas/Problem"), document, "problem")).isEmpty();
		}
	}

	/** What in a value is not as its schema says. */
	private static List<String> faults(JsonNode value, JsonNode schema, JsonNode document, String at) {
		if (schema.has("$ref")) {
			return faults(value, document.at(schema.path("$ref").asString().substring(1)), document, at);
		}
		if (schema.has("oneOf")) {
			return value.isNull() ? List.of() : faults(value, schema.path("oneOf").path(0), document, at);
		}
		if (schema.isEmpty()) {
			return List.of();
		}
		Set<String> types = new HashSet<>();
		JsonNode type = schema.path("type");
		(type.isArray() ? type.valueStream() : Stream.of(type)).forEach((each) -> types.add(each.asString()));
		String actual = value.isNull() ? "null"
				: value.isString() ? "string" : value.isBoolean() ? "boolean" : value.isIntegralNumber() ? "integer"
						: value.isNumber() ? "number" : value.isArray() ? "array" : "object";
		List<String> faults = new ArrayList<>();
		if (!types.contains(actual) && !(actual.equals("integer") && types.contains("number"))) {
			faults.add(at + " is " + actual + ", not " + types);
		}
		if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
			faults.add(at + " is " + value);
		}
		if (value.isArray()) {
			value.forEach((each) -> faults.addAll(faults(each, schema.path("items"), document, at + "[]")));
		}
		if (value.isObject() && schema.has("properties")) {
			Set<String> names = new TreeSet<>();
			value.propertyNames().forEach(names::add);
			Set<String> described = new TreeSet<>();
			schema.path("required").forEach((name) -> described.add(name.asString()));
			if (!names.equals(described)) {
				faults.add(at + " has " + names + ", not " + described);
			}
			value.properties()
				.forEach((each) -> faults.addAll(faults(each.getValue(), schema.path("properties").path(each.getKey()),
						document, at + "." + each.getKey())));
		}
		return faults;
	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs implements AutoCloseable {

		private final CountDownLatch closed = new CountDownLatch(1);

		@RqJob(name = "jobs.wait")
		void waitForTheEnd() throws InterruptedException {
			this.closed.await();
		}

		@Override
		public void close() {
			this.closed.countDown();
		}

		@RqJob(name = "jobs.fail")
		void fail(String name) {
			throw new IllegalStateException("no luck");
		}

		@Bean
		CronJob nightly() {
			return CronJob.of("nightly", JobRequest.of("jobs.fail", "n"), Schedule.cron("0 3 * * *"));
		}

	}

}
