package io.rq.docs;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

import org.springframework.util.ClassUtils;

/**
 * The page with all properties, made of the metadata of all modules.
 */
final class PropertyReference {

	private static final String OURS = "rq\\..*|management\\.\\w+\\.rq\\..*";

	/** Where a reader finds more. */
	private static final Map<String, String> MORE = Map.ofEntries(
			Map.entry("management.endpoint.rq", "[the endpoint](configuration.md#endpoint)"),
			Map.entry("management.health.rq", "[health](configuration.md#health)"),
			Map.entry("rq", "[configuration](configuration.md)"),
			Map.entry("rq.context", "[context](context.md#the-callers-context)"),
			Map.entry("rq.cron", "[cron](cron.md)"), Map.entry("rq.dashboard", "[dashboard](dashboard.md)"),
			Map.entry("rq.doctor", "[doctor](operations.md#doctor), [deployments](operations.md#deployments)"),
			Map.entry("rq.health", "[health](configuration.md#health)"),
			Map.entry("rq.history", "[history](operations.md#history)"),
			Map.entry("rq.job", "[configuration](configuration.md#what-holds-for-a-job)"),
			Map.entry("rq.operations", "[reading and doing](operations.md#reading-and-doing)"),
			Map.entry("rq.outbox", "[outbox](transactions.md#outbox)"),
			Map.entry("rq.template", "[transactions](transactions.md), [Redis](operations.md#redis)"),
			Map.entry("rq.webhooks", "[webhooks](semantics.md#webhooks)"),
			Map.entry("rq.worker", "[configuration](configuration.md#the-worker-and-its-scheduler)"));

	private final Metadata metadata = Metadata.read();

	/**
	 * Writes the page.
	 * @return Markdown
	 */
	static String create() {
		return new PropertyReference().page();
	}

	private String page() {
		StringBuilder page = new StringBuilder(
				"""
						# Properties

						All of them, as they stand in the metadata that editors complete them from. A duration without a unit is in seconds.
						[Configuration](configuration.md) says what to do with them.
						""");
		this.metadata.properties()
			.keySet()
			.stream()
			.filter((name) -> name.matches(OURS))
			.collect(Collectors.groupingBy(PropertyReference::group, TreeMap::new, Collectors.toList()))
			.forEach((group, names) -> {
				page.append("\n## ").append(group).append("\n\n");
				if (MORE.containsKey(group)) {
					page.append("See ").append(MORE.get(group)).append(".\n\n");
				}
				page.append("| property | type | default | |\n|---|---|---|---|\n");
				names.forEach((name) -> page.append(row(this.metadata.properties().get(name))));
			});
		return page.toString();
	}

	private static String group(String name) {
		String[] parts = name.split("\\.");
		int length = name.startsWith("management.") ? 3 : Math.min(2, parts.length - 1);
		return Stream.of(parts).limit(length).collect(Collectors.joining("."));
	}

	private String row(JsonNode property) {
		String name = property.path("name").asString();
		String value = property.path("defaultValue").asString("");
		String type = property.path("type").asString();
		return "| `" + name + "` | `" + shortened(type) + "` | "
				+ (value.isEmpty() ? "" : "`" + (isEnum(type) ? kebab(value) : value) + "`") + " | "
				+ (deprecation(property.path("deprecation")) + description(property) + choices(name, type)).replace("|",
						"\\|")
				+ " |\n";
	}

	private static String shortened(String type) {
		return type.replaceAll("[\\w.]+[.$](?=\\w)", "");
	}

	private static String description(JsonNode property) {
		return property.path("description").asString().replaceAll("(?<![\\w'])'([^' ]+)'(?!\\w)", "`$1`");
	}

	private static String deprecation(JsonNode deprecation) {
		if (deprecation.isMissingNode()) {
			return "";
		}
		String replacement = deprecation.path("replacement").asString("");
		return "**Deprecated.** " + deprecation.path("reason").asString("")
				+ (replacement.isEmpty() ? "" : " Use `" + replacement + "`.") + " ";
	}

	/** Those of a closed list, which have no provider of any others. */
	private String choices(String name, String type) {
		JsonNode hint = this.metadata.hints().get(name);
		if (hint != null && hint.path("providers").isEmpty()) {
			return hint.path("values")
				.valueStream()
				.map((choice) -> "<br>`" + choice.path("value").asString() + "`: "
						+ choice.path("description").asString())
				.collect(Collectors.joining());
		}
		if (isEnum(type)) {
			return Stream.of(ClassUtils.resolveClassName(type, null).getEnumConstants())
				.map((choice) -> "`" + kebab(choice.toString()) + "`")
				.collect(Collectors.joining(", ", " One of ", "."));
		}
		return "";
	}

	private static boolean isEnum(String type) {
		return !type.contains("<") && ClassUtils.resolveClassName(type, null).isEnum();
	}

	private static String kebab(String name) {
		return name.toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
