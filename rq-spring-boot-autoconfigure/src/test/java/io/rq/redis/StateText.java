package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.rq.test.RedisState;

/**
 * Shows everything in Redis as text that is the same in every run: compressed and encoded
 * values are decoded, scores and beats near the current time are shown relative to it,
 * times are rounded to ten seconds, execution ids and nonces are numbered. What claims
 * note for the time of a lease is left out.
 */
final class StateText {

	private static final Pattern EXECUTION_ID = Pattern.compile("\\b[0-9a-f]{32}\\b");

	private static final Pattern NONCE = Pattern.compile("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b");

	private static final double YEARS = 4e7;

	/** How far from now the scores of deferred jobs are. */
	private static final double NEVER = 100 * 365 * 86_400.0;

	private final double now;

	private StateText(double now) {
		this.now = now;
	}

	/**
	 * Shows the keys whose first line contains one of some texts, or all if there are
	 * none.
	 */
	static String of(RedisState state, double now, String... parts) {
		StateText text = new StateText(now);
		List<String> lines = new ArrayList<>();
		state.keys().forEach((key, entry) -> {
			String head = key + " " + entry.type() + ((entry.ttl() >= 0) ? " ttl " + tens(entry.ttl() + 4) : "");
			if (!key.contains(KeyName.WORKER_CLAIM.text())
					&& (parts.length == 0 || Stream.of(parts).anyMatch(head::contains))) {
				lines.add(head);
				text.content(entry).forEach((line) -> lines.add("  " + line));
			}
		});
		return numbered(NONCE, "N", numbered(EXECUTION_ID, "E", String.join("\n", lines)))
				+ (lines.isEmpty() ? "" : "\n");
	}

	private List<String> content(RedisState.Entry entry) {
		List<String> lines = new ArrayList<>();
		if (entry.type().equals("zset") && entry.value() instanceof Map<?, ?> scores) {
			Map<Double, Set<String>> members = new TreeMap<>();
			scores.forEach((member, score) -> members.computeIfAbsent(rounded((Double) score), (any) -> new TreeSet<>())
				.add(String.valueOf(member)));
			members.forEach((score, names) -> names.forEach((name) -> lines.add(score(score) + " " + name)));
		}
		else if (entry.value() instanceof Map<?, ?> map) {
			map.forEach((name, value) -> lines.add(line(String.valueOf(name), String.valueOf(value))));
		}
		else if (entry.value() instanceof Iterable<?> elements) {
			elements.forEach((element) -> lines
				.add((element instanceof RedisState.StreamEntry result) ? result(result) : String.valueOf(element)));
		}
		else {
			lines.add(String.valueOf(entry.value()));
		}
		return lines;
	}

	private boolean isNear(double score) {
		return Math.abs(score - this.now) < YEARS;
	}

	private double rounded(double score) {
		if (isNear(score - NEVER)) {
			return this.now + NEVER;
		}
		return isNear(score) ? this.now + tens(Math.round(score - this.now)) : score;
	}

	private String score(double score) {
		if (Double.isInfinite(score)) {
			return "inf";
		}
		if (isNear(score - NEVER)) {
			return "never";
		}
		return isNear(score) ? "%+d".formatted(Math.round(score - this.now)) : "" + Math.round(score);
	}

	private static long tens(long seconds) {
		return Math.round(seconds / 10.0) * 10;
	}

	private String line(String name, String value) {
		if (name.equals("beat_at") || name.equals("beating_since")) {
			return name + " " + score(rounded(Double.parseDouble(value)));
		}
		if (name.equals("ip_address")) {
			return name + " " + (value.matches("\\S+:\\d+") ? "host:port" : value);
		}
		return (name + " " + (name.equals("data") ? inflate(value) : RedisState.text(value))).strip();
	}

	private static String result(RedisState.StreamEntry entry) {
		Map<String, String> fields = new LinkedHashMap<>();
		entry.fields().forEach((name, value) -> fields.put(name, switch (name) {
			case "return_value" -> decode(value);
			case "exc_string" ->
				RedisState.inflate(new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1));
			default -> value;
		}));
		return fields.toString();
	}

	private static String inflate(String value) {
		return value.startsWith("x") ? RedisState.inflate(value) : value;
	}

	private static String decode(String value) {
		return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
	}

	private static String numbered(Pattern id, String letter, String text) {
		Map<String, String> names = new LinkedHashMap<>();
		return id.matcher(text)
			.replaceAll((found) -> names.computeIfAbsent(found.group(), (any) -> letter + (names.size() + 1)));
	}

}
