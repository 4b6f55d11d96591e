package io.rq.explain;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.rq.job.JobStatus;

/**
 * An explanation while its evidence is gathered.
 */
final class Draft {

	private final Cause cause;

	private final String text;

	private final String remedy;

	private final Map<String, Object> evidence = new LinkedHashMap<>();

	Draft(Cause cause, String text, String remedy) {
		this.cause = cause;
		this.text = text;
		this.remedy = remedy;
	}

	/** Adds evidence, unless there is none. */
	Draft with(String name, @Nullable Object value) {
		if (value != null) {
			this.evidence.put(name, value);
		}
		return this;
	}

	Explanation of(String id, @Nullable JobStatus state) {
		return new Explanation(id, state, this.cause, this.text, this.evidence, this.remedy);
	}

}
