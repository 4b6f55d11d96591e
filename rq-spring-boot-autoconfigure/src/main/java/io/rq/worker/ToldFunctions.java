package io.rq.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of which something has been told, which is told of each once. Names come
 * from whoever enqueues, so there is an end to it. Safe for use by many threads.
 */
final class ToldFunctions {

	private static final int MOST = 1_000;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	/** Takes note of a function, and returns whether it should be told. */
	boolean isNews(String function) {
		return this.names.size() < MOST && this.names.add(function);
	}

}
