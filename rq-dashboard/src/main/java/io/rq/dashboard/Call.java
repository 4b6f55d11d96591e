package io.rq.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A call of the API.
 *
 * @param method the HTTP method
 * @param path the segments of the path below {@code api}
 * @param query the parameters
 * @param body the body
 * @param viewer who calls
 */
record Call(String method, List<String> path, Map<String, String> query, byte[] body, Viewer viewer) {

	/** Servers and firewalls refuse paths with a slash or percent sign in a name. */
	Call {
		path = path.stream().map(Call::decoded).toList();
	}

	boolean reads() {
		return this.method.equals("GET") || this.method.equals("HEAD");
	}

	@Nullable String query(String name) {
		String value = this.query.get(name);
		return StringUtils.hasLength(value) ? value : null;
	}

	int limit() {
		String limit = query("limit");
		if (limit == null) {
			return 50;
		}
		if (!limit.matches("\\d{1,9}")) {
			throw new IllegalArgumentException("'limit' must be a number but is '" + limit + "'");
		}
		return Integer.parseInt(limit);
	}

	private static String decoded(String segment) {
		return segment.startsWith("~")
				? new String(Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8) : segment;
	}

}
