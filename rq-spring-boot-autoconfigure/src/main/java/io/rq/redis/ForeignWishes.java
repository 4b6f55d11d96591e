package io.rq.redis;

import java.nio.charset.StandardCharsets;
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

	private static final int MOST_FUNCTIONS = 1000;

	private static final int LONGEST_NAME = 200;

	private final Set<String> told = ConcurrentHashMap.newKeySet();

	void look(Map<String, byte[]> hash) {
		if (isGiven(hash.get(JobField.WEBHOOKS.text()))) {
			tell(function(hash));
		}
	}

	private static boolean isGiven(byte @Nullable [] value) {
		return value != null && value.length > 0 && !(value.length == 2 && value[0] == '[');
	}

	private void tell(String function) {
		if (this.told.size() < MOST_FUNCTIONS && this.told.add(function)) {
			log.warn("Jobs of '{}' ask for webhooks, which workers of this application do not send: let Python's "
					+ "workers listen on their queue, or do it in the function", function);
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
