package io.rq.queue;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of a queue can be: waiting on the queue itself, or in one of its
 * registries.
 */
public enum Registry {

	/** On the queue, waiting. */
	QUEUED,

	/** Running. */
	STARTED,

	/** Due later. */
	SCHEDULED,

	/** Waiting for other jobs. */
	DEFERRED,

	/** About to be put on the queue by a process of RQ 3. */
	READY,

	/** Ended well. */
	FINISHED,

	/** Ended badly. */
	FAILED,

	/** Cancelled. */
	CANCELED;

	/**
	 * Returns the text that stands for this registry in answers and meters.
	 * @return the lower-case name
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns the registry that a text stands for.
	 * @param value the text
	 * @return the registry, or {@code null} if there is no such one
	 */
	public static @Nullable Registry find(String value) {
		for (Registry registry : values()) {
			if (registry.value().equals(value)) {
				return registry;
			}
		}
		return null;
	}

}
