package io.rq.test.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.rq.queue.QueuePause;

/**
 * Which queues are paused, and whether all workers are suspended. Safe for use by many
 * threads.
 */
final class RecordedPauses {

	private final Map<String, QueuePause> queues = new TreeMap<>();

	private Instant suspendedUntil = Instant.MIN;

	synchronized void pause(String queue, String reason, Instant now) {
		this.queues.put(queue, new QueuePause(now, reason));
	}

	synchronized boolean unpause(String queue) {
		return this.queues.remove(queue) != null;
	}

	synchronized boolean isPaused(String queue) {
		return this.queues.containsKey(queue);
	}

	synchronized Map<String, QueuePause> all() {
		return new TreeMap<>(this.queues);
	}

	synchronized void suspend(@Nullable Duration duration, Instant now) {
		this.suspendedUntil = (duration != null) ? now.plus(duration) : Instant.MAX;
	}

	synchronized boolean resume(Instant now) {
		boolean suspended = isSuspended(now);
		this.suspendedUntil = Instant.MIN;
		return suspended;
	}

	synchronized boolean isSuspended(Instant now) {
		return this.suspendedUntil.isAfter(now);
	}

	synchronized void clear() {
		this.queues.clear();
		this.suspendedUntil = Instant.MIN;
	}

}
