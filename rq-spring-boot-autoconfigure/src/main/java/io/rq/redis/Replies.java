package io.rq.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads the replies of scripts.
 */
final class Replies {

	private Replies() {
	}

	static List<?> list(List<?> reply, int index) {
		return (List<?>) reply.get(index);
	}

	static String text(@Nullable Object element) {
		if (element instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		throw new IllegalStateException("Script replied with " + element + " where text was promised");
	}

	static long number(@Nullable Object element) {
		if (element instanceof Long number) {
			return number;
		}
		throw new IllegalStateException("Script replied with " + element + " where a number was promised");
	}

	/**
	 * Reads a hash of which fields and values are texts, in their order; there may be
	 * none.
	 */
	static Map<String, String> texts(@Nullable Map<byte[], byte[]> hash) {
		Map<String, String> texts = new LinkedHashMap<>();
		if (hash != null) {
			hash.forEach((field, value) -> texts.put(text(field), text(value)));
		}
		return texts;
	}

	/** Reads fields and values in turn, and keeps their order. */
	static Map<String, String> fields(List<?> reply) {
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 0; i < reply.size(); i += 2) {
			fields.put(text(reply.get(i)), text(reply.get(i + 1)));
		}
		return fields;
	}

	/** Reads positions, which scripts count from 1. */
	static List<Integer> positions(List<?> reply) {
		return reply.stream().map((position) -> (int) number(position) - 1).toList();
	}

}
