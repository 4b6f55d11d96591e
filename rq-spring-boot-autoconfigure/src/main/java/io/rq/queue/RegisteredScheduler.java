package io.rq.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The scheduler that holds a queue's lock, of any process and language. Only the name is
 * sure to be known: Python's schedulers before RQ 2.10 say nothing else of themselves.
 *
 * @param name the name, which stands in the lock
 * @param hostname the host, or {@code null}
 * @param pid the process id, or {@code null}
 * @param lastHeartbeat when it gave its last sign of life, or {@code null}
 */
public record RegisteredScheduler(String name, @Nullable String hostname, @Nullable String pid,
		@Nullable Instant lastHeartbeat) {

}
