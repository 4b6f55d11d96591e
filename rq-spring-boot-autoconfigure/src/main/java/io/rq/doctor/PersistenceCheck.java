package io.rq.doctor;

/**
 * Redis forgets all jobs when it is restarted.
 */
record PersistenceCheck(Server server, Client client) implements Check {

	private static final String TEXT = "Redis keeps nothing on disk: all jobs are gone when it is restarted.";

	private static final String REMEDY = "Set 'appendonly yes' in Redis.";

	@Override
	public String name() {
		return "persistence";
	}

	@Override
	public void examine(Report report) {
		if (!this.server.info("aof_enabled").equals("0")) {
			return;
		}
		String save = this.server.store().setting("save");
		if (save == null || !save.isBlank()) {
			return;
		}
		if (this.client.development()) {
			report.inform(TEXT, "Set 'rq.embedded-redis.data-directory' if they are to stay.");
		}
		else {
			report.warn(TEXT, REMEDY);
		}
	}

}
