package io.rq.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link io.rq.job.RateLimit} of the jobs of a method: either {@link #concurrency()}
 * of them may be under way at a time, or {@link #limit()} may start {@link #per()} so
 * much time. A request with a limit of its own has that one.
 *
 * <pre class="code">
 * &#64;RqJob(rateLimit = @RateLimited(key = "api", concurrency = 2))
 * &#64;RqJob(rateLimit = @RateLimited(key = "smtp", limit = 100, per = "1m"))
 * &#64;RqJob(rateLimit = @RateLimited(key = "sms", limit = 100, per = "1m", burst = 5))
 * </pre>
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RateLimited {

	/**
	 * What the jobs have in common, such as the name of a service that they call. Methods
	 * of one key share the limit. May contain <code>${…}</code> placeholders.
	 * @return the key
	 */
	String key();

	/**
	 * How many jobs may be on queues or run at a time, as in RQ.
	 * @return the number of jobs, or 0 for a limit by time
	 */
	int concurrency() default 0;

	/**
	 * How many jobs may start within the time of {@link #per()}.
	 * @return the number of starts, or 0 for a limit at a time
	 */
	int limit() default 0;

	/**
	 * The time within which so many jobs may start, as {@code 1s}, {@code 1m} or
	 * {@code 1d}, from a second to 31 days. May contain <code>${…}</code> placeholders.
	 * @return the duration
	 */
	String per() default "";

	/**
	 * How many jobs may start at once after a rest, if the limit is to be a token bucket
	 * and not a window.
	 * @return the number of starts, or 0 for a window
	 */
	int burst() default 0;

}
