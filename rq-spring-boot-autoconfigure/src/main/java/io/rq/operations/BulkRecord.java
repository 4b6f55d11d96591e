package io.rq.operations;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.rq.operations.BulkOperation.State;
import io.rq.queue.Registry;

/**
 * A bulk operation as it stands in Redis.
 *
 * @param id its id
 * @param fields what is known of it
 */
record BulkRecord(String id, Map<String, String> fields) {

	static final int MOST_REASONS = 5;

	private static final int LONGEST_REASON = 300;

	static Map<String, String> fields(BulkRequest request, Operator operator, long total) {
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("operator", operator.name());
		fields.put("face", operator.face().name());
		fields.put("operation", request.operation().name());
		fields.put("queue", request.queue());
		Registry registry = request.registry();
		put(fields, "registry", (registry != null) ? registry.value() : null);
		put(fields, "text", request.filter().text());
		put(fields, "failure", request.filter().failure());
		put(fields, "function", request.filter().function());
		put(fields, "from", request.from());
		put(fields, "to", request.to());
		if (!request.ids().isEmpty()) {
			fields.put("ids", String.join("\n", request.ids()));
		}
		fields.put("at_front", request.options().atFront() ? "1" : "0");
		fields.put("enqueue_dependents", request.options().enqueueDependents() ? "1" : "0");
		fields.put("delete_dependents", request.options().deleteDependents() ? "1" : "0");
		fields.put("with_dependents", withDependents(request) ? "1" : "0");
		put(fields, "at", request.options().at());
		put(fields, "target", request.options().target());
		fields.put("now", request.options().now() ? "1" : "0");
		put(fields, "undoes", request.undoes());
		fields.put("dry_run", request.dryRun() ? "1" : "0");
		fields.put("state", (request.dryRun() ? State.COUNTING : State.RUNNING).name());
		fields.put("total", Long.toString(total));
		return fields;
	}

	/** Older versions have one field for both operations. */
	private static boolean withDependents(BulkRequest request) {
		return switch (request.operation()) {
			case CANCEL -> request.options().enqueueDependents();
			case DELETE -> request.options().deleteDependents();
			default -> false;
		};
	}

	private static void put(Map<String, String> fields, String name, @Nullable Object value) {
		if (value != null) {
			fields.put(name, value.toString());
		}
	}

	BulkRequest request() {
		String registry = this.fields.get("registry");
		String ids = this.fields.get("ids");
		return new BulkRequest(Operation.valueOf(text("operation")), text("queue"),
				(registry != null) ? Registry.find(registry) : null, filter(), time("from"), time("to"),
				(ids != null) ? ids.lines().toList() : List.of(), options(), this.fields.get("undoes"),
				flag("dry_run"));
	}

	private JobFilter filter() {
		return new JobFilter(this.fields.get("text"), this.fields.get("failure"), this.fields.get("function"));
	}

	private BulkOptions options() {
		return new BulkOptions(flag("at_front"), dependents("enqueue_dependents", Operation.CANCEL),
				dependents("delete_dependents", Operation.DELETE), time("at"), this.fields.get("target"), flag("now"));
	}

	private boolean dependents(String name, Operation operation) {
		return flag(name) || (flag("with_dependents") && operation.name().equals(text("operation")));
	}

	Operator operator() {
		return new Operator(text("operator"), Set.of(), Operator.Face.valueOf(text("face")));
	}

	BulkOperation operation() {
		Operator operator = operator();
		return new BulkOperation(this.id, operator.name(), operator.face().value(),
				Operation.valueOf(text("operation")).value(), text("queue"), this.fields.get("registry"), filter(),
				time("from"), time("to"), options(), this.fields.get("undoes"), flag("dry_run"), state(),
				number("total"), number("examined"), number("matched"), number("done"), number("refused"),
				number("undoable"), time("undoable_until"), reasons(),
				Objects.requireNonNullElse(seconds("started_at"), Instant.EPOCH), seconds("ended_at"),
				this.fields.get("node"));
	}

	/**
	 * Why it cannot be read, {@code null} if it can: a newer version may know operations
	 * and states that this one does not.
	 */
	@Nullable RuntimeException trouble() {
		try {
			request();
			operation();
			return null;
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			return ex;
		}
	}

	State state() {
		return State.valueOf(text("state"));
	}

	boolean isToEnd() {
		return this.fields.containsKey("canceling");
	}

	List<String> reasons() {
		return this.fields.getOrDefault("reasons", "").lines().toList();
	}

	/** The reasons with others added, as long as there are few. */
	String reasonsAnd(List<String> more) {
		Set<String> all = new LinkedHashSet<>(reasons());
		for (String reason : more) {
			if (all.size() < MOST_REASONS) {
				String line = reason.replaceAll("\\s+", " ").strip();
				all.add(line.substring(0, Math.min(line.length(), LONGEST_REASON)));
			}
		}
		return String.join("\n", all);
	}

	@Nullable String cursor() {
		String cursor = this.fields.get("cursor");
		return StringUtils.hasLength(cursor) ? cursor : null;
	}

	long number(String name) {
		return Long.parseLong(this.fields.getOrDefault(name, "0"));
	}

	private String text(String name) {
		return this.fields.getOrDefault(name, "");
	}

	private boolean flag(String name) {
		return "1".equals(this.fields.get(name));
	}

	private @Nullable Instant time(String name) {
		String time = this.fields.get(name);
		return (time != null) ? Instant.parse(time) : null;
	}

	private @Nullable Instant seconds(String name) {
		String seconds = this.fields.get(name);
		return (seconds != null) ? Instant.ofEpochMilli((long) (Double.parseDouble(seconds) * 1000)) : null;
	}

	/**
	 * What it is, for all who may read the record of operations: texts may be arguments.
	 */
	String describe() {
		StringBuilder text = new StringBuilder();
		BulkRequest request = request();
		Registry registry = request.registry();
		text.append((registry != null) ? registry.value() : number("total")).append(" jobs");
		describe(text, " deleted by ", request.undoes());
		text.append((request.filter().text() != null) ? " with a text" : "");
		describe(text, " of function ", request.filter().function());
		describe(text, " of failure ", request.filter().failure());
		describe(text, " from ", request.from());
		describe(text, " to ", request.to());
		describe(text, ", at ", request.options().at());
		describe(text, ", to queue ", request.options().target());
		return text.toString();
	}

	private static void describe(StringBuilder text, String name, @Nullable Object value) {
		if (value != null) {
			text.append(name).append('\'').append(value).append('\'');
		}
	}

}
