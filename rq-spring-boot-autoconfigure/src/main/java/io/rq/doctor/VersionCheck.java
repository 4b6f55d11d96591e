package io.rq.doctor;

/**
 * The server is older than what is supported.
 */
record VersionCheck(Server server) implements Check {

	@Override
	public String name() {
		return "version";
	}

	@Override
	public void examine(Report report) {
		if (this.server.version().isBefore(6, 2)) {
			report.warn("Redis has version " + this.server.info("redis_version")
					+ ", which lacks commands that are needed.", "Use Redis 6.2 or newer.");
		}
		else if (this.server.version().isBefore(7, 0) && this.server.store().holdsScriptsToSlots()) {
			report.warn(
					"Redis has version " + this.server.info("redis_version")
							+ ", which knows no scripts that are held to one slot: nothing can be enqueued or run.",
					"Use Redis 7 or newer for 'rq.layout=cluster'.");
		}
	}

}
