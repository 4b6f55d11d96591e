package io.rq.job;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The nine states of a job as RQ 2.10 names them (protocol §3.2). The text in Redis is
 * the constant's name in lower case. What takes a job from one to another stands in
 * protocol §3.5.
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
	CANCELED;

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
	 * Returns the status that a text in Redis stands for.
	 * @param value the text
	 * @return the status, or {@code null} if RQ 2.10 has no such status
	 */
	public static @Nullable JobStatus find(String value) {
		return BY_VALUE.get(value);
	}

}
