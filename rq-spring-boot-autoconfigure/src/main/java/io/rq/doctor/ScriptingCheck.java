package io.rq.doctor;

import io.rq.lifecycle.Outage;
import io.rq.log.FailureText;
import io.rq.redis.ServerStore.Rights;

/**
 * Redis runs no scripts, which everything is done with, or does not let this user call
 * what they call.
 */
record ScriptingCheck(Server server) implements Check {

	private static final String RIGHTS = "Give it the rights: ACL SETUSER <user> resetchannels &rq:* ~rq:* +@all "
			+ "-@admin -@dangerous -@scripting +eval +evalsha, with 'rq.key-prefix' in place of rq.";

	@Override
	public String name() {
		return "scripting";
	}

	@Override
	public void examine(Report report) {
		Rights rights;
		try {
			rights = this.server.store().rights();
		}
		catch (RuntimeException ex) {
			if (Outage.isUnreachable(ex)) {
				throw ex;
			}
			report.warn(
					"Redis runs no scripts for this user, and without them nothing works: " + FailureText.ofRoot(ex),
					"Allow EVAL and EVALSHA and our keys (ACL SETUSER <user> ~rq:* +eval +evalsha, with 'rq.key-prefix' in "
							+ "place of rq), and give Valkey its Lua module.");
			return;
		}
		if (rights.withoutKeys()) {
			report.warn("The Redis user may not use the keys that are needed, which begin with 'rq.key-prefix'.",
					RIGHTS);
		}
		if (!rights.missing().isEmpty()) {
			report.warn("The Redis user may not call " + String.join(", ", rights.missing())
					+ ", or not with the channels that are needed.", RIGHTS);
		}
	}

}
