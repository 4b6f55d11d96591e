package io.rq.doctor;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.redis.ServerStore;

/**
 * What the server tells of itself, asked once in an examination.
 */
class Server {

	private final ServerStore store;

	private @Nullable Map<String, String> info;

	private @Nullable RuntimeException refusal;

	Server(ServerStore store) {
		this.store = store;
	}

	/** Returns what it tells under a name, empty if nothing. */
	String info(String name) {
		if (this.refusal != null) {
			throw this.refusal;
		}
		try {
			this.info = (this.info != null) ? this.info : this.store.info();
			return this.info.getOrDefault(name, "");
		}
		catch (RuntimeException ex) {
			this.refusal = ex;
			throw ex;
		}
	}

	ServerStore store() {
		return this.store;
	}

	Version version() {
		return Version.of(info("redis_version"));
	}

	/**
	 * A version, of which the first three numbers count.
	 */
	record Version(int major, int minor, int patch) {

		static Version of(String text) {
			String[] parts = text.split("[^0-9]+");
			return new Version(number(parts, 0), number(parts, 1), number(parts, 2));
		}

		private static int number(String[] parts, int index) {
			return (index < parts.length && parts[index].matches("\\d{1,6}")) ? Integer.parseInt(parts[index]) : 0;
		}

		boolean isBefore(int major, int minor) {
			return this.major < major || this.major == major && this.minor < minor;
		}

		@Override
		public String toString() {
			return this.major + "." + this.minor + "." + this.patch;
		}

	}

}
