package io.rq.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.rq.lifecycle.SafeLog;

/**
 * Keys that hold a value of another type, as a script has found which did the rest of its
 * work all the same.
 */
final class RefusedKeys {

	private static final SafeLog log = SafeLog.of(RefusedKeys.class);

	private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final Map<Script, Long> TOLD = new ConcurrentHashMap<>();

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
		if (this.keys.isEmpty()) {
			return;
		}
		long now = System.nanoTime();
		Long last = TOLD.get(this.script);
		if (last == null || now - last > SILENCE_NANOS) {
			TOLD.put(this.script, now);
			log.error("Keys {} hold values of another type: {}. Delete or rename what does not belong to RQ", this.keys,
					consequence);
		}
	}

}
