package io.rq.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobStatus;

/**
 * Why a job does not run.
 *
 * @param id its id
 * @param state its state, or {@code null} if there is no such job or it cannot be read
 * @param cause the cause
 * @param text the cause in one or two plain sentences
 * @param evidence by what that can be seen, in the order of its importance: texts,
 * numbers, times, durations, and lists and maps of them
 * @param remedy what to do
 */
public record Explanation(String id, @Nullable JobStatus state, Cause cause, String text, Map<String, Object> evidence,
		String remedy) {

	/**
	 * Makes the evidence unmodifiable.
	 */
	public Explanation {
		evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
	}

}
