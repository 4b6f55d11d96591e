package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.rq.lifecycle.SafeLog;

/**
 * Warns once per function of what jobs of other programs ask for and workers here do not
 * do.
 */
final class ForeignWishes {

	private static final SafeLog log = SafeLog.of(ForeignWishes.class);

	private static final List<JobField> FIELDS = List.of(JobField.SUCCESS_CALLBACK_NAME, JobField.FAILURE_CALLBACK_NAME,
			JobField.STOPPED_CALLBACK_NAME, JobField.WEBHOOKS);

	private static final List<String> WISHES = List.of("a callback for success", "a callback for failure",
			"a callback for stops", "webhooks");

	private static final int MOST_FUNCTIONS = 1000;

	private static final int LONGEST_NAME = 200;

	private final Set<String> told = ConcurrentHashMap.newKeySet();

	void look(Map<String, byte[]> hash) {
		for (int i = 0; i < FIELDS.size(); i++) {
			if (isGiven(hash.get(FIELDS.get(i).text()))) {
				tell(function(hash), wishes(hash));
				return;
			}
		}
	}

	private static boolean isGiven(byte @Nullable [] value) {
		return value != null && value.length > 0 && !(value.length == 2 && value[0] == '[');
	}

	private static List<String> wishes(Map<String, byte[]> hash) {
		List<String> wishes = new ArrayList<>();
		for (int i = 0; i < FIELDS.size(); i++) {
			if (isGiven(hash.get(FIELDS.get(i).text()))) {
				wishes.add(WISHES.get(i));
			}
		}
		return wishes;
	}

	private void tell(String function, List<String> wishes) {
		if (this.told.size() < MOST_FUNCTIONS && this.told.add(function)) {
			log.warn("Jobs of '{}' ask for {}, which workers of this application do not carry out: let Python's "
					+ "workers listen on their queue, or do it in the function", function, wishes);
		}
	}

	/**
	 * The name as the description begins with it; control characters stay out of logs.
	 */
	private static String function(Map<String, byte[]> hash) {
		byte[] bytes = hash.getOrDefault(JobField.DESCRIPTION.text(), new byte[0]);
		String text = new String(bytes, StandardCharsets.UTF_8);
		int end = text.indexOf('(');
		String name = (end >= 0) ? text.substring(0, end) : text;
		return name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("\\p{Cntrl}", "?");
	}

}
