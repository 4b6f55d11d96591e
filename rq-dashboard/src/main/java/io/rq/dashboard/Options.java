package io.rq.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import io.rq.operations.BulkOptions;
import io.rq.operations.BulkRequest;
import io.rq.operations.JobArguments;
import io.rq.operations.JobFilter;
import io.rq.operations.Operation;
import io.rq.queue.Registry;

/**
 * What is chosen for an operation.
 */
class Options {

	/** What a bulk operation is asked for with. */
	static final String[] BULK = { "operation", "queue", "registry", "text", "failure", "function", "from", "to", "ids",
			"atFront", "enqueueDependents", "deleteDependents", "at", "target", "now", "dryRun" };

	private final JsonNode options;

	/**
	 * Reads them.
	 * @throws IllegalArgumentException if there are others than those known
	 */
	Options(byte[] body, String... known) {
		this.options = Json.object(body);
		Set<String> names = Set.of(known);
		for (String name : this.options.propertyNames()) {
			if (!names.contains(name)) {
				throw new IllegalArgumentException("There is no option '" + name + "'; known are " + List.of(known));
			}
		}
	}

	boolean flag(String name) {
		JsonNode value = this.options.path(name);
		require(value.isMissingNode() || value.isBoolean(), name, "true or false");
		return value.asBoolean(false);
	}

	String text(String name) {
		JsonNode value = this.options.path(name);
		require(value.isMissingNode() || value.isString(), name, "a text");
		return value.asString("");
	}

	List<String> texts(String name) {
		JsonNode value = this.options.path(name);
		require(value.isArray() && value.valueStream().allMatch(JsonNode::isString), name, "a list of texts");
		return value.valueStream().map(JsonNode::stringValue).toList();
	}

	JobArguments arguments() {
		JsonNode positional = this.options.path("arguments");
		JsonNode named = this.options.path("namedArguments");
		require(positional.isMissingNode() || positional.isArray(), "arguments", "a list");
		require(named.isMissingNode() || named.isObject(), "namedArguments", "an object");
		return new JobArguments(Json.list(positional), Json.map(named));
	}

	BulkRequest bulk() {
		String named = text("registry");
		Registry registry = Registry.find(named);
		require(named.isEmpty() || registry != null, "registry", "one of those that a queue has");
		String target = text("target");
		BulkOptions chosen = new BulkOptions(flag("atFront"), flag("enqueueDependents"), flag("deleteDependents"),
				momentIfAny("at"), target.isEmpty() ? null : target, flag("now"));
		return new BulkRequest(Operation.of(text("operation")), text("queue"), registry,
				new JobFilter(text("text"), text("failure"), text("function")), momentIfAny("from"), momentIfAny("to"),
				this.options.has("ids") ? texts("ids") : List.of(), chosen, null, flag("dryRun"));
	}

	private @Nullable Instant momentIfAny(String name) {
		return this.options.has(name) ? moment(name) : null;
	}

	Instant moment(String name) {
		try {
			return Instant.parse(text(name));
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("'" + name + "' must be a moment such as 2026-01-31T12:00:00Z", ex);
		}
	}

	@Nullable Duration seconds(String name) {
		JsonNode value = this.options.path(name);
		if (value.isMissingNode()) {
			return null;
		}
		require(value.canConvertToLong() && value.isIntegralNumber(), name, "a whole number of seconds");
		return Duration.ofSeconds(value.asLong());
	}

	private static void require(boolean condition, String name, String kind) {
		if (!condition) {
			throw new IllegalArgumentException("'" + name + "' must be " + kind);
		}
	}

}
