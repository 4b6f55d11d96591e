package io.rq.redis.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The waits for jobs that are under way. They have to end when another server has become
 * the primary: what they would still take from the former one is on the other, too, and
 * would run twice.
 *
 * @param <W> that on which a thread waits
 */
final class OpenWaits<W> {

	private final Set<W> waits = ConcurrentHashMap.newKeySet();

	private final Consumer<W> end;

	/**
	 * Creates the set.
	 * @param end ends a wait, from another thread than the one that waits
	 */
	OpenWaits(Consumer<W> end) {
		this.end = end;
	}

	<T> T during(W wait, Supplier<T> reply) {
		this.waits.add(wait);
		try {
			return reply.get();
		}
		finally {
			this.waits.remove(wait);
		}
	}

	void end() {
		this.waits.forEach(this.end);
	}

}
