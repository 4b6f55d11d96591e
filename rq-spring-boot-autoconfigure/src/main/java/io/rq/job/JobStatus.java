package io.rq.job;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The states of a job as RQ names them (protocol §3.2), the last two since RQ 3. The text
 * in Redis is the constant's name in lower case. What takes a job from one to another
 * stands in protocol §3.5.
 */
public enum JobStatus {

	/** Saved but never put on a queue. */
	CREATED,

	/** Waits on a queue. */
	QUEUED,

	/** Runs on a worker. */
	STARTED,

	/** Its last run succeeded. */
	FINISHED,

	/** Its last run failed for good, or its workers died too often. */
	FAILED,

	/** Stopped by a command. */
	STOPPED,

	/** Waits for its due time: scheduled, or between two attempts. */
	SCHEDULED,

	/** Waits for the jobs it depends on. */
	DEFERRED,

	/** Cancelled; it will not run. */
	CANCELED,

	/** Waits for a slot of its rate limit. */
	RATE_LIMITED,

	/**
	 * The jobs that it waited for have ended, and a process of RQ 3 is about to put it on
	 * its queue.
	 */
	READY_TO_ENQUEUE;

	private static final Map<String, JobStatus> BY_VALUE = Stream.of(values())
		.collect(Collectors.toUnmodifiableMap(JobStatus::value, Function.identity()));

	private final String value = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the text that stands for this status in Redis.
	 * @return the lower-case name
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Returns whether a job with this status has ended. It can be requeued.
	 * @return whether it neither runs nor waits for anything
	 */
	public boolean isEnded() {
		return this == FINISHED || this == FAILED || this == STOPPED || this == CANCELED;
	}

	/**
	 * Returns the status that a text in Redis stands for.
	 * @param value the text
	 * @return the status, or {@code null} if RQ 3 has no such status
	 */
	public static @Nullable JobStatus find(String value) {
		return BY_VALUE.get(value);
	}

}
