package io.rq.dashboard;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import io.rq.dashboard.DashboardApi.Me;
import io.rq.operations.BulkOperation;
import io.rq.operations.JobDetails;
import io.rq.operations.Operation;
import io.rq.operations.RqOperations;
import io.rq.queue.Registry;

/**
 * The description of the API, made of the records that it answers with and of the table
 * of what there is.
 */
final class OpenApiDocument {

	private static final Map<Class<?>, Object> PLAIN = Map.ofEntries(Map.entry(String.class, Map.of("type", "string")),
			Map.entry(boolean.class, Map.of("type", "boolean")), Map.entry(Boolean.class, Map.of("type", "boolean")),
			Map.entry(int.class, integer(32)), Map.entry(Integer.class, integer(32)),
			Map.entry(long.class, integer(64)), Map.entry(Long.class, integer(64)),
			Map.entry(double.class, Map.of("type", "number")), Map.entry(Double.class, Map.of("type", "number")),
			Map.entry(Instant.class, Map.of("type", "string", "format", "date-time")),
			Map.entry(Duration.class, Map.of("type", "string", "format", "duration")),
			Map.entry(Object.class, Map.of()));

	private static final Map<String, Object> FLAG = Map.of("type", "boolean", "default", false);

	private static final Map<String, Object> TEXT = Map.of("type", "string");

	private static final Map<String, Object> MOMENT = Map.of("type", "string", "format", "date-time");

	private static final Map<String, Object> TEXTS = Map.of("type", "array", "items", TEXT);

	private final Map<String, Object> schemas = new TreeMap<>();

	private final Map<String, Map<String, Object>> paths = new LinkedHashMap<>();

	private OpenApiDocument() {
	}

	static Map<String, Object> create() {
		OpenApiDocument document = new OpenApiDocument();
		document.reads();
		document.changes();
		document.schemas.put("Problem", document.ofRecord(Answer.Problem.class));
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("openapi", "3.1.0");
		all.put("info", Map.of("title", "RQ dashboard", "version", "1", "description",
				"What the dashboard of an application shows and does. Names in paths that have characters which servers "
						+ "refuse are written as ~ and their Base64 for URLs without padding. A change needs the header "
						+ Dashboard.OWN_HEADER + ", and the token that GET me tells."));
		all.put("servers", List.of(Map.of("url", "api", "description", "Relative to the dashboard's address")));
		all.put("paths", document.paths);
		all.put("components", Map.of("schemas", document.schemas));
		return all;
	}

	private void reads() {
		read("/me", Me.class, "Who asks, and what they may do");
		read("/overview", "overview", "Queues, workers, schedulers, rate limits, cron jobs");
		read("/workers", listOf(io.rq.operations.WorkerDescriptor.class), "Workers of both languages");
		read("/schedulers", listOf(io.rq.operations.SchedulerDescriptor.class), "Schedulers by queue");
		read("/cron", "cron", "Cron jobs");
		read("/doctor", "doctor", "What is wrong with the set-up");
		read("/failures", "failures", "Failures by kind", "queue");
		read("/history", "history", "What became of jobs, by time", "queue", "function", "range");
		read("/audit", "audit", "Who did what", "before", "limit");
		read("/operations", listOf(BulkOperation.class), "What is done in bulk");
		read("/operations/{id}", BulkOperation.class, "One of them");
		read("/queues/{queue}", "queue", "A queue");
		read("/queues/{queue}/{state}", "jobs", "Its jobs in a state, page by page", "text", "failure", "function",
				"cursor", "limit");
		read("/jobs/{id}", "job", "A job");
		read("/jobs/{id}/explain", "explain", "Why it does not run");
		read("/jobs/{id}/stack", "stack", "What its thread does, of a job that runs in the process that answers");
	}

	private void changes() {
		Map<String, Object> done = object(Map.of("done", Map.of("type", "boolean")));
		Map<String, Object> count = object(Map.of("count", integer(64)));
		Map<String, Object> id = object(Map.of("id", TEXT));
		change("/jobs/{id}/requeue", Operation.REQUEUE, done, Map.of("atFront", FLAG));
		change("/jobs/{id}/run-now", Operation.RUN_NOW, done, Map.of("atFront", FLAG));
		change("/jobs/{id}/reschedule", Operation.RESCHEDULE, done, Map.of("at", MOMENT));
		change("/jobs/{id}/run-again", Operation.RUN_AGAIN, id, Map.of());
		change("/jobs/{id}/edit", Operation.EDIT, done, Map.of("arguments", Map.of("type", "array", "items", Map.of()),
				"namedArguments", Map.of("type", "object", "additionalProperties", Map.of())));
		change("/jobs/{id}/move", Operation.MOVE, done, Map.of("queue", TEXT));
		change("/jobs/{id}/cancel", Operation.CANCEL, done, Map.of("enqueueDependents", FLAG));
		change("/jobs/{id}/stop", Operation.STOP, done, Map.of());
		change("/jobs/{id}/delete", Operation.DELETE, schema(io.rq.operations.Deletion.class),
				Map.of("deleteDependents", FLAG, "now", FLAG));
		change("/jobs/{id}/undo", Operation.UNDO, done, Map.of());
		change("/queues/{queue}/requeue", Operation.REQUEUE, count, Map.of("ids", TEXTS));
		change("/queues/{queue}/pause", Operation.PAUSE_QUEUE, done, Map.of("reason", TEXT));
		change("/queues/{queue}/resume", Operation.RESUME_QUEUE, done, Map.of());
		change("/queues/{queue}/empty", Operation.EMPTY, count, Map.of());
		change("/workers/{name}/stop", Operation.STOP_WORKER, done, Map.of());
		change("/cron/{name}/trigger", Operation.TRIGGER_CRON, id, Map.of());
		change("/cron/{name}/pause", Operation.PAUSE_CRON, done, Map.of("reason", TEXT));
		change("/cron/{name}/resume", Operation.RESUME_CRON, done, Map.of());
		change("/suspend", Operation.SUSPEND, done, Map.of("seconds", Map.of("type", "integer")));
		change("/resume", Operation.RESUME, done, Map.of());
		change("/operations", null, schema(BulkOperation.class),
				Map.ofEntries(Map.entry("operation", Map.of("type", "string")), Map.entry("queue", TEXT),
						Map.entry("registry", states()), Map.entry("text", TEXT), Map.entry("failure", TEXT),
						Map.entry("function", TEXT), Map.entry("from", MOMENT), Map.entry("to", MOMENT),
						Map.entry("ids", TEXTS), Map.entry("atFront", FLAG), Map.entry("enqueueDependents", FLAG),
						Map.entry("deleteDependents", FLAG), Map.entry("at", MOMENT), Map.entry("target", TEXT),
						Map.entry("now", FLAG), Map.entry("dryRun", FLAG)));
		change("/operations/{id}/cancel", Operation.CANCEL, done, Map.of());
		change("/operations/{id}/undo", Operation.UNDO, schema(BulkOperation.class), Map.of());
	}

	/** A read that answers as a method of the operations does. */
	private void read(String path, String method, String summary, String... parameters) {
		Type type = Arrays.stream(RqOperations.class.getMethods())
			.filter((candidate) -> candidate.getName().equals(method))
			.filter((candidate) -> candidate.getReturnType() != void.class)
			.map((candidate) -> candidate.getGenericReturnType())
			.findFirst()
			.orElseThrow();
		read(path, schema(type), summary, parameters);
	}

	private void read(String path, Class<?> type, String summary) {
		read(path, schema(type), summary);
	}

	private void read(String path, Map<String, Object> answer, String summary, String... parameters) {
		add(path, "get", summary, answer, Arrays.stream(parameters).map(OpenApiDocument::parameter).toList(), null);
	}

	private void change(String path, @Nullable Operation operation, Object answer, Map<String, Object> options) {
		String needed = (operation != null) ? "Needs the role " + operation.role() : "Needs the role of the operation";
		add(path, "post", needed, answer, List.of(),
				Map.of("type", "object", "additionalProperties", false, "properties", new TreeMap<>(options)));
	}

	private void add(String path, String method, String summary, Object answer, List<Map<String, Object>> query,
			@Nullable Object body) {
		Map<String, Object> call = new LinkedHashMap<>();
		call.put("summary", summary);
		List<Map<String, Object>> parameters = new java.util.ArrayList<>();
		Pattern.compile("\\{(\\w+)}").matcher(path).results().forEach((name) -> {
			Object schema = name.group(1).equals("state") ? states() : TEXT;
			parameters.add(ordered("name", name.group(1), "in", "path", "required", true, "schema", schema));
		});
		parameters.addAll(query);
		if (!parameters.isEmpty()) {
			call.put("parameters", parameters);
		}
		if (body != null) {
			call.put("requestBody", content(body));
		}
		call.put("responses", ordered("200", with("Done", content(answer)), "default", with("Not done",
				Map.of("content", Map.of("application/problem+json", Map.of("schema", ref("Problem")))))));
		this.paths.computeIfAbsent(path, (absent) -> new TreeMap<>()).put(method, call);
	}

	private static Map<String, Object> with(String description, Map<String, Object> content) {
		Map<String, Object> response = new LinkedHashMap<>(Map.of("description", description));
		response.putAll(content);
		return response;
	}

	private static Map<String, Object> content(Object schema) {
		return Map.of("content", Map.of("application/json", Map.of("schema", schema)));
	}

	private static Map<String, Object> parameter(String name) {
		return ordered("name", name, "in", "query", "schema", switch (name) {
			case "limit" -> Map.of("type", "integer", "minimum", 1, "maximum", RqOperations.MAX_LIMIT, "default", 50);
			case "range" -> Map.of("type", "string", "enum", List.of("1h", "24h", "90d"), "default", "1h");
			default -> TEXT;
		});
	}

	private static Map<String, Object> states() {
		return Map.of("type", "string", "enum", Arrays.stream(Registry.values()).map(OpenApiDocument::text).toList());
	}

	private static String text(Enum<?> value) {
		return JsonMapper.shared().readTree(Json.bytes(value)).asString();
	}

	private Map<String, Object> listOf(Class<?> type) {
		return Map.of("type", "array", "items", schema(type));
	}

	private Map<String, Object> schema(Type type) {
		if (type instanceof ParameterizedType generic) {
			Type[] arguments = generic.getActualTypeArguments();
			if (generic.getRawType() == Optional.class) {
				return schema(arguments[0]);
			}
			return (generic.getRawType() == List.class) ? Map.of("type", "array", "items", schema(arguments[0]))
					: Map.of("type", "object", "additionalProperties", schema(arguments[1]));
		}
		return schema((Class<?>) type);
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> schema(Class<?> type) {
		if (PLAIN.containsKey(type)) {
			return (Map<String, Object>) PLAIN.get(type);
		}
		if (type.isEnum()) {
			return Map.of("type", "string", "enum",
					Arrays.stream(type.getEnumConstants()).map((value) -> text((Enum<?>) value)).toList());
		}
		if (!type.isRecord()) {
			throw new IllegalStateException("No schema for " + type);
		}
		String name = name(type);
		if (!this.schemas.containsKey(name)) {
			this.schemas.put(name, Map.of());
			this.schemas.put(name, ofRecord(type));
		}
		return ref(name);
	}

	private static String name(Class<?> type) {
		String within = (type.getDeclaringClass() != null && type != Me.class) ? name(type.getDeclaringClass()) : "";
		return within + type.getSimpleName();
	}

	private Map<String, Object> ofRecord(Class<?> type) {
		Map<String, Object> properties = new LinkedHashMap<>();
		for (RecordComponent component : type.getRecordComponents()) {
			Object schema = (type == JobDetails.Values.class) ? TEXT : schema(component.getAnnotatedType());
			properties.put(component.getName(), schema);
		}
		return object(properties);
	}

	private Object schema(AnnotatedType type) {
		Map<String, Object> schema = schema(type.getType());
		if (type instanceof AnnotatedParameterizedType generic
				&& ((AnnotatedElement) generic.getAnnotatedActualTypeArguments()[0])
					.isAnnotationPresent(Nullable.class)) {
			throw new IllegalStateException("Elements that may be null are not described");
		}
		if (!type.isAnnotationPresent(Nullable.class)) {
			return schema;
		}
		if (!(schema.get("type") instanceof String kind)) {
			return Map.of("oneOf", List.of(schema, Map.of("type", "null")));
		}
		Map<String, Object> nullable = new TreeMap<>(schema);
		nullable.put("type", List.of(kind, "null"));
		if (schema.get("enum") instanceof List<?> values) {
			List<Object> all = new java.util.ArrayList<>(values);
			all.add(null);
			nullable.put("enum", all);
		}
		return nullable;
	}

	private static Map<String, Object> object(Map<String, Object> properties) {
		return ordered("type", "object", "required", List.copyOf(new TreeSet<>(properties.keySet())), "properties",
				properties);
	}

	private static Map<String, Object> integer(int bits) {
		return Map.of("type", "integer", "format", "int" + bits);
	}

	private static Map<String, Object> ref(String name) {
		return Map.of("$ref", "#/components/schemas/" + name);
	}

	private static Map<String, Object> ordered(Object... entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < entries.length; i += 2) {
			map.put((String) entries[i], entries[i + 1]);
		}
		return map;
	}

}
