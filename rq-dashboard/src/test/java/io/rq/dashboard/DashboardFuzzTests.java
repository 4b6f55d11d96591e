package io.rq.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

import io.rq.dashboard.Dashboard.Place;
import io.rq.dashboard.Dashboard.Visit;
import io.rq.job.JobRequest;
import io.rq.operations.Operator;
import io.rq.template.JobTemplate;
import io.rq.test.Fuzz;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws damaged paths, parameters and bodies at the dashboard, as somebody who may do
 * everything.
 */
@Timeout(300)
class DashboardFuzzTests {

	private static final Set<Integer> STATUSES = Set.of(200, 202, 400, 403, 404, 409, 422);

	private static final Viewer ADMIN = new Viewer(
			new Operator("ada", Set.of("ROLE_RQ_ADMIN"), Operator.Face.DASHBOARD), true, () -> null);

	private static final HttpHeaders HEADERS = new HttpHeaders();

	static {
		HEADERS.add(Dashboard.OWN_HEADER, "1");
	}

	private static final List<String> PARAMETERS = List.of("limit", "before", "cursor", "failure", "function", "queue",
			"range", "text");

	private static final List<String> NAMES = List.of("default", "job-1", "~am9iLTE", "tick", "failed", "queued",
			"24h");

	/** None with which an answer of many entries takes more than any input may. */
	private static final List<String> LIMITS = List.of("1", "50", "0", "-1", "501", "4294967297", "1e1", "fifty", "");

	private static final List<String> VALUES = List.of("50", "1769860800.123456,job-1", "1769860800123-0", "tasks.add",
			"2026-01-31T12:00:00Z", "24h", "true");

	private static final List<String> BODIES = List.of("", "{}", "{\"atFront\": true}",
			"{\"at\": \"2026-01-31T12:00:00Z\"}", "{\"queue\": \"other\"}", "{\"seconds\": 1}", "{\"reason\": \"why\"}",
			"{\"arguments\": [1, \"a\"], \"namedArguments\": {\"k\": [true]}}", "{\"enqueueDependents\": false}",
			"{\"deleteDependents\": true, \"now\": true}",
			"{\"operation\": \"requeue\", \"queue\": \"default\", \"state\": \"failed\", \"ids\": [\"job-1\"]}");

	private final Fuzz fuzz = new Fuzz();

	@Test
	void everyRequestIsAnsweredOrRefused() {
		try (ConfigurableApplicationContext application = Applications.secured("rq.operations.bulk.enabled=false")) {
			Dashboard dashboard = application.getBean(Dashboard.class);
			application.getBean(JobTemplate.class).enqueue(JobRequest.of("tasks.add", 1).id("job-1"));
			List<String> reads = paths("get");
			List<String> changes = paths("post");
			this.fuzz.eachIsReadOrRefused(() -> this.fuzz.random().nextBoolean() ? read(reads) : change(changes),
					(visit) -> answered(dashboard.answer(visit)), List.of());
		}
	}

	private static void answered(Answer answer) {
		assertThat(STATUSES).contains(answer.status());
		assertThat(answer.body()).hasSizeBetween(1, 100_000);
		assertThat(JsonMapper.shared().readTree(answer.body()).isContainer()).isTrue();
	}

	private Visit read(List<String> paths) {
		Map<String, String> query = PARAMETERS.stream()
			.filter((name) -> this.fuzz.random().nextInt(3) == 0)
			.collect(Collectors.toMap(Function.identity(),
					(name) -> name.equals("limit") ? this.fuzz.any(LIMITS) : any(VALUES)));
		return new Visit(HttpMethod.GET, place(paths), HEADERS, query, new byte[0], ADMIN);
	}

	private Visit change(List<String> paths) {
		return new Visit(HttpMethod.POST, place(paths), HEADERS, Map.of(), any(BODIES).getBytes(StandardCharsets.UTF_8),
				ADMIN);
	}

	private static List<String> paths(String method) {
		return JsonMapper.shared()
			.readTree(Objects.requireNonNull(new Pages().find("openapi.json")).body())
			.at("/paths")
			.properties()
			.stream()
			.filter((path) -> path.getValue().has(method))
			.map((path) -> path.getKey())
			.toList();
	}

	private Place place(List<String> paths) {
		Stream<String> segments = Stream.of(this.fuzz.any(paths).substring(1).split("/"))
			.map((segment) -> segment.startsWith("{") ? any(NAMES) : segment)
			.map((segment) -> (this.fuzz.random().nextInt(20) > 0) ? segment : any(List.of(segment)));
		return new Place(Stream.concat(Stream.of("api"), segments).toList(), false);
	}

	private String any(List<String> valid) {
		return this.fuzz.random().nextBoolean() ? this.fuzz.any(valid) : this.fuzz.damagedText(valid);
	}

}
