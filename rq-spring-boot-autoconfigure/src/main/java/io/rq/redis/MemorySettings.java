package io.rq.redis;

import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * The settings of Redis that decide how much memory a job takes there.
 */
public class MemorySettings {

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
	 * @return what another one would give, or {@code null} if all are good
	 * @throws RuntimeException if Redis cannot be asked, or does not let this user ask
	 */
	public @Nullable String advice() {
		Properties settings = this.scripts.with((connection) -> connection.serverCommands().getConfig(HASH));
		return (settings != null) ? advice(settings) : null;
	}

	static @Nullable String advice(Properties settings) {
		long hash = number(settings.getProperty(HASH));
		return (hash >= 0 && hash < HASH_BYTES) ? "hash-max-listpack-value " + HASH_BYTES + " (now " + hash
				+ ") about 0.5 instead of 0.9 KB per waiting job" : null;
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
