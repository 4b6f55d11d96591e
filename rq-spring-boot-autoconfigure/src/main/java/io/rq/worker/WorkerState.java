package io.rq.worker;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A worker of this application as it stands at a moment.
 *
 * @param name the worker's name
 * @param queues its queues in the order of their priority
 * @param running whether it takes jobs, or ends those that were the last to take
 * @param state as RQ names it: {@code idle}, {@code busy} or {@code suspended}; and if it
 * has no term {@link #STOPPED} or {@link #EXHAUSTED}
 * @param concurrency how many jobs it runs at a time
 * @param busy how many it runs now
 * @param pendingOutcomes how many outcomes are not recorded in Redis yet
 * @param lastHeartbeat when it last reached Redis with a sign of life, or {@code null} if
 * never
 * @param problems what has kept a part of it from its work for longer than a lease
 */
public record WorkerState(String name, List<String> queues, boolean running, String state, int concurrency, int busy,
		int pendingOutcomes, @Nullable Instant lastHeartbeat, List<String> problems) {

	/** The state of a worker that was not started, or was told to stop. */
	public static final String STOPPED = "stopped";

	/**
	 * The state of a worker that has done all it was to do and has stopped by itself, or
	 * that was shut down by a command.
	 */
	public static final String EXHAUSTED = "exhausted";

}
