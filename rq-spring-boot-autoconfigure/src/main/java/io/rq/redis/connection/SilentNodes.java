package io.rq.redis.connection;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Nodes of a cluster that have not answered in time of late: another call would take as
 * long again. Safe for use by many threads.
 */
public final class SilentNodes {

	/** Whoever answers that something is wrong does it sooner. */
	private static final Duration LONG = Duration.ofMillis(500);

	private final Duration memory;

	private final Map<Object, Long> silent = new ConcurrentHashMap<>();

	/**
	 * Creates it with no node.
	 * @param memory for how long a node is not asked again
	 */
	public SilentNodes(Duration memory) {
		this.memory = memory;
	}

	/**
	 * Returns whether a node has not answered of late.
	 * @param node the node
	 * @return whether it is not to be asked now
	 */
	public boolean contains(Object node) {
		Long since = this.silent.get(node);
		if (since != null && System.nanoTime() - since > this.memory.toNanos()) {
			this.silent.remove(node, since);
			return false;
		}
		return since != null;
	}

	/**
	 * Takes note of a call that failed after a time, in whatever way the client tells.
	 * @param node the node that was called
	 * @param nanos how long the call took, in nanoseconds
	 */
	public void failed(Object node, long nanos) {
		if (nanos > LONG.toNanos()) {
			this.silent.put(node, System.nanoTime());
		}
	}

}
