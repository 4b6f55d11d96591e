package io.rq.redis;

import java.util.List;

import io.rq.log.SafeLog;
import io.rq.log.Told;

/**
 * Keys that hold a value of another type, as a script has found which did the rest of its
 * work all the same.
 */
final class RefusedKeys {

	private static final SafeLog log = SafeLog.of(RefusedKeys.class);

	private static final Told TOLD = new Told();

	private final Script script;

	private final List<String> keys;

	private RefusedKeys(Script script, List<String> keys) {
		this.script = script;
		this.keys = keys;
	}

	static RefusedKeys of(Script script, List<?> reply) {
		return new RefusedKeys(script, reply.stream().map(Replies::text).sorted().toList());
	}

	void raise() {
		if (!this.keys.isEmpty()) {
			throw new ScriptRefusedException(this.script.fileName(), this.keys);
		}
	}

	/** Tells of the keys, once a minute. */
	void tell(String consequence) {
		if (!this.keys.isEmpty() && TOLD.isNews(this.script.fileName())) {
			log.error("Keys {} hold values of another type: {}. Delete or rename what does not belong to RQ", this.keys,
					consequence);
		}
	}

}
