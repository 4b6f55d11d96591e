package io.rq.worker;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A worker of this application as it stands at a moment.
 *
 * @param name the worker's name
 * @param queues its queues in the order of their priority
 * @param running whether it takes jobs
 * @param state as RQ names it: {@code idle}, {@code busy} or {@code suspended}
 * @param concurrency how many jobs it runs at a time
 * @param busy how many it runs now
 * @param pendingOutcomes how many outcomes are not recorded in Redis yet
 * @param lastHeartbeat when it last reached Redis with a sign of life, or {@code null} if
 * never
 */
public record WorkerState(String name, List<String> queues, boolean running, String state, int concurrency, int busy,
		int pendingOutcomes, @Nullable Instant lastHeartbeat) {

}
