package io.rq.operations;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

import io.rq.queue.JobRow;

/**
 * Which jobs of a list are meant. What is {@code null} is not asked for.
 *
 * @param text what the description, which names the function as a rule, has somewhere in
 * it, in capital or small letters
 * @param failure the id of a {@linkplain FailureGroup kind of failure}
 * @param function the name of the function, all of it, as the description tells it; a job
 * with a description that somebody chose is not meant
 */
public record JobFilter(@Nullable String text, @Nullable String failure, @Nullable String function) {

	/** Means every job. */
	public static final JobFilter ALL = new JobFilter(null, null, null);

	private static final int LONGEST = 200;

	/**
	 * Takes empty texts for {@code null}.
	 * @throws IllegalArgumentException if text or function are longer than 200 characters
	 */
	public JobFilter {
		text = StringUtils.hasText(text) ? text.strip() : null;
		failure = StringUtils.hasText(failure) ? failure.strip() : null;
		Assert.isTrue(text == null || text.length() <= LONGEST,
				"'text' must not be longer than " + LONGEST + " characters");
		function = StringUtils.hasText(function) ? function.strip() : null;
		Assert.isTrue(function == null || function.length() <= LONGEST,
				"'function' must not be longer than " + LONGEST + " characters");
	}

	/**
	 * Creates a filter for jobs of any function.
	 * @param text what the description has somewhere in it, or {@code null}
	 * @param failure the id of a kind of failure, or {@code null}
	 */
	public JobFilter(@Nullable String text, @Nullable String failure) {
		this(text, failure, null);
	}

	/**
	 * Returns the same for the jobs of a function only.
	 * @param function its name, or {@code null} for any
	 * @return the filter
	 */
	public JobFilter ofFunction(@Nullable String function) {
		return new JobFilter(this.text, this.failure, function);
	}

	boolean matches(JobRow row) {
		return (this.function == null || this.function.equals(row.function())) && matchesText(row);
	}

	private boolean matchesText(JobRow row) {
		if (this.text == null) {
			return true;
		}
		String description = row.description();
		return row.id().equals(this.text) || (description != null
				&& description.toLowerCase(Locale.ROOT).contains(this.text.toLowerCase(Locale.ROOT)));
	}

	boolean matches(FailureKind kind) {
		return this.failure == null || kind.id().equals(this.failure);
	}

}
