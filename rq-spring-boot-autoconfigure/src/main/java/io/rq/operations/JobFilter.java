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
 */
public record JobFilter(@Nullable String text, @Nullable String failure) {

	/** Means every job. */
	public static final JobFilter ALL = new JobFilter(null, null);

	private static final int LONGEST = 200;

	/**
	 * Takes empty texts for {@code null}.
	 * @throws IllegalArgumentException if a text is longer than 200 characters
	 */
	public JobFilter {
		text = StringUtils.hasText(text) ? text.strip() : null;
		failure = StringUtils.hasText(failure) ? failure.strip() : null;
		Assert.isTrue(text == null || text.length() <= LONGEST,
				"'text' must not be longer than " + LONGEST + " characters");
	}

	boolean matches(JobRow row) {
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
