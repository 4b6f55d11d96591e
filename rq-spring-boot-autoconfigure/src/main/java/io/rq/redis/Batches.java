package io.rq.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Divides what is too much for one call.
 */
public final class Batches {

	/**
	 * What a call takes along at most, in bytes, unless one thing alone is larger: it is
	 * with Redis in time over a slow network too, and keeps it from others but shortly.
	 */
	static final long MAX_BYTES = 16 << 20;

	private Batches() {
	}

	/**
	 * Divides things into batches that one call can take, 16 MB at most, in their order.
	 * @param <T> the type of the things
	 * @param things the things
	 * @param most how many go into a batch at most
	 * @param bytes tells about how many bytes one takes
	 * @return the batches, none for nothing
	 */
	public static <T> List<List<T>> of(List<T> things, int most, ToLongFunction<T> bytes) {
		List<List<T>> batches = new ArrayList<>();
		int from = 0;
		long sum = 0;
		for (int i = 0; i < things.size(); i++) {
			long more = bytes.applyAsLong(things.get(i));
			if (i - from == most || (i > from && sum + more > MAX_BYTES)) {
				batches.add(things.subList(from, i));
				from = i;
				sum = 0;
			}
			sum += more;
		}
		if (from < things.size()) {
			batches.add(things.subList(from, things.size()));
		}
		return batches;
	}

}
