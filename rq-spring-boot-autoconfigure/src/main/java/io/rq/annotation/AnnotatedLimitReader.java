package io.rq.annotation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.rq.job.RateLimit;

/**
 * Checks the {@link RateLimited @RateLimited} of a method and makes a limit of it.
 */
final class AnnotatedLimitReader {

	private static final String REMEDY = "Give either @RateLimited(key = \"api\", concurrency = 2) or "
			+ "@RateLimited(key = \"smtp\", limit = 100, per = \"1m\")";

	private final RqJobMethod source;

	private final AnnotationTexts texts;

	AnnotatedLimitReader(RqJobMethod source, AnnotationTexts texts) {
		this.source = source;
		this.texts = texts;
	}

	@Nullable RateLimit read() {
		RateLimited annotation = this.source.annotation().rateLimit();
		String key = this.texts.resolve("rateLimit.key", annotation.key());
		Duration per = this.texts.duration("rateLimit.per", annotation.per(), DurationRange.POSITIVE);
		boolean atATime = annotation.concurrency() != 0;
		boolean byTime = annotation.limit() != 0;
		if (annotation.key().isEmpty() && !atATime && !byTime && per == null && annotation.burst() == 0) {
			return null;
		}
		if (key == null) {
			throw this.source.failure("the key of its rate limit is empty", "Give one such as 'api'");
		}
		if (atATime == byTime) {
			throw this.source.failure(
					"its rate limit has " + (byTime ? "both concurrency and limit" : "neither concurrency nor limit"),
					REMEDY);
		}
		if (byTime != (per != null)) {
			throw this.source.failure(
					byTime ? "its rate limit does not say within which time " + annotation.limit() + " jobs may start"
							: "rateLimit.per '" + annotation.per() + "' has no meaning for a concurrency",
					REMEDY);
		}
		try {
			RateLimit limit = (per != null) ? RateLimit.key(key).limit(annotation.limit(), per)
					: RateLimit.key(key).concurrency(annotation.concurrency());
			return (annotation.burst() != 0) ? limit.burst(annotation.burst()) : limit;
		}
		catch (IllegalArgumentException ex) {
			throw this.source.failure("its rate limit is wrong: " + ex.getMessage(), REMEDY, ex);
		}
	}

}
