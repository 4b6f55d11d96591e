package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobOptions;
import io.rq.job.JsonText;

/**
 * Writes cron jobs as RQ's tools read them: a JSON list, with the arguments as JSON texts
 * inside (protocol §11.4).
 */
final class CronJobWriter {

	/** What RQ writes for arguments that it cannot show. */
	private static final String NOT_SHOWN = "<not JSON serializable>";

	private final StringBuilder json = new StringBuilder();

	private CronJobWriter() {
	}

	static String write(List<CronStore.Listed> jobs) {
		CronJobWriter writer = new CronJobWriter();
		writer.json.append('[');
		for (CronStore.Listed job : jobs) {
			writer.json.append((writer.json.length() > 1) ? ", " : "");
			writer.write(job);
		}
		return writer.json.append(']').toString();
	}

	private void write(CronStore.Listed listed) {
		List<String> call = parts(new String(listed.job().job().payload().data(), StandardCharsets.UTF_8));
		CronStore.Shown shown = listed.shown();
		this.json.append("{\"func_name\": ").append((call.size() == 4) ? call.get(0) : JsonText.quoted(listed.name()));
		add("name", JsonText.quoted(listed.name()));
		add("queue_name", JsonText.quoted(listed.job().job().queue()));
		add("args", arguments(call, 2, "[]"));
		add("kwargs", arguments(call, 3, "{}"));
		add("interval", (shown.interval() != null) ? Long.toString(shown.interval()) : "null");
		add("cron", (shown.cron() != null) ? JsonText.quoted(shown.cron()) : "null");
		add("latest_enqueue_time", time(shown.latest()));
		add("next_enqueue_time", time(shown.next()));
		JobOptions options = listed.job().job().options();
		add("job_timeout", options.timeout());
		add("result_ttl", options.resultTtl());
		add("ttl", options.ttl());
		add("failure_ttl", options.failureTtl());
		String webhooks = options.hooks().webhooks();
		if (webhooks != null) {
			add("webhooks", JsonText.quoted(webhooks));
		}
		String meta = meta(listed.job().job().payload().meta(), shown.description());
		if (meta != null) {
			add("meta", JsonText.quoted(meta));
		}
		this.json.append('}');
	}

	private void add(String field, String value) {
		this.json.append(", \"").append(field).append("\": ").append(value);
	}

	private void add(String field, @Nullable Duration value) {
		if (value != null) {
			add(field, Long.toString(JobOptions.seconds(value)));
		}
	}

	private static String time(@Nullable Instant time) {
		return (time != null) ? JsonText.quoted(Timestamps.text(time)) : "null";
	}

	private static String arguments(List<String> call, int index, String none) {
		if (call.size() != 4) {
			return JsonText.quoted(NOT_SHOWN);
		}
		return call.get(index).equals(none) ? "null" : JsonText.quoted(call.get(index));
	}

	private static @Nullable String meta(byte @Nullable [] meta, @Nullable String description) {
		String own = (meta != null) ? new String(meta, StandardCharsets.UTF_8) : "{}";
		if (!own.startsWith("{")) {
			own = "{}";
		}
		if (description == null) {
			return own.equals("{}") ? null : own;
		}
		return "{\"schedule\": " + JsonText.quoted(description)
				+ (own.equals("{}") ? "" : ", " + own.substring(1).strip()) + (own.equals("{}") ? "}" : "");
	}

	/** The elements of a list in JSON as they stand, or none if it is no such list. */
	private static List<String> parts(String list) {
		List<String> parts = new ArrayList<>();
		if (!list.startsWith("[") || !list.endsWith("]")) {
			return parts;
		}
		int depth = 0;
		boolean text = false;
		int from = 1;
		for (int i = 1; i < list.length(); i++) {
			char character = list.charAt(i);
			if (text) {
				text = character != '"';
				i += (character == '\\') ? 1 : 0;
			}
			else if (character == '"') {
				text = true;
			}
			else if (depth == 0 && (character == ',' || i == list.length() - 1)) {
				parts.add(list.substring(from, i).strip());
				from = i + 1;
			}
			else if (character == '[' || character == '{') {
				depth++;
			}
			else if (character == ']' || character == '}') {
				depth--;
			}
		}
		return parts;
	}

}
