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
	}

}
