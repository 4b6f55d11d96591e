package io.rq.redis.connection;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The server's names for connections, each of which is asked for once.
 *
 * @param <C> a client's connection
 */
final class ConnectionIds<C> {

	private final Map<C, Long> ids = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Returns the id of a connection.
	 * @param ask asks for it
	 * @return the id, or 0 if the answer was none
	 */
	long of(C connection, Function<C, @Nullable Object> ask) {
		Long known = this.ids.get(connection);
		if (known == null) {
			known = (ask.apply(connection) instanceof Long id) ? id : 0L;
			this.ids.put(connection, known);
		}
		return known;
	}

}
