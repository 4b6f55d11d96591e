package io.rq.lifecycle;

import java.util.HashSet;
import java.util.Set;

/**
 * What keeps several loops of one owner from working at the same time, mostly that Redis
 * is away: reported by the first loop that notices, and its end by the last that works
 * again. Safe for use by many threads.
 */
public final class Outage {

	private final Set<Class<?>> reported = new HashSet<>();

	private int loops;

	/**
	 * A loop has begun to fail.
	 * @param cause the root of its failure
	 * @return whether this kind of failure is news
	 */
	synchronized boolean begins(Throwable cause) {
		this.loops++;
		return this.reported.add(cause.getClass());
	}

	/**
	 * A loop works again.
	 * @return whether none fails any more
	 */
	synchronized boolean ends() {
		this.loops--;
		if (this.loops == 0) {
			this.reported.clear();
		}
		return this.loops == 0;
	}

}
