package io.rq.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * The settings of Redis that decide how much memory a job takes there.
 */
public class MemorySettings {

	/** Names of all settings that are looked at, and of as few others as possible. */
	private static final String PATTERN = "[hs]*-max-*";

	private static final String STREAM = "stream-node-max-bytes";

	private static final long STREAM_BYTES = 512;

	/** Has this name up to Redis 6.2, and still as an alias. */
	private static final String HASH = "hash-max-ziplist-value";

	private static final long HASH_BYTES = 1024;

	private final RedisScripts scripts;

	/**
	 * Creates it.
	 * @param scripts the connections to Redis
	 */
	public MemorySettings(RedisScripts scripts) {
		this.scripts = scripts;
	}

	/**
	 * Asks Redis for its settings.
	 * @return what others would give, one part for each, none if all are good
	 * @throws RuntimeException if Redis cannot be asked, or does not let this user ask
	 */
	public List<String> advice() {
		Properties settings = this.scripts.with((connection) -> connection.serverCommands().getConfig(PATTERN));
		return (settings != null) ? advice(settings) : List.of();
	}

	static List<String> advice(Properties settings) {
		List<String> advice = new ArrayList<>();
		long stream = number(settings.getProperty(STREAM));
		if (stream == 0 || stream > STREAM_BYTES) {
			advice.add(STREAM + " " + STREAM_BYTES + " (now " + stream + ") about 1.6 instead of 5.2 KB per ended job");
		}
		long hash = number(settings.getProperty(HASH));
		if (hash >= 0 && hash < HASH_BYTES) {
			advice.add("hash-max-listpack-value " + HASH_BYTES + " (now " + hash
					+ ") about 0.5 instead of 0.9 KB per waiting job");
		}
		return advice;
	}

	private static long number(@Nullable String value) {
		try {
			return (value != null) ? Long.parseLong(value) : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
