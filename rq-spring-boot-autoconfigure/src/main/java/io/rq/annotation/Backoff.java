package io.rq.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Waits before retries that double each time, up to a longest one: an alternative to
 * {@link RqJob#intervals()}.
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Backoff {

	/**
	 * The wait before the first retry, as {@code 10s} or {@code 1m}, at least a second.
	 * May contain <code>${…}</code> placeholders.
	 * @return the duration
	 */
	String first();

	/**
	 * What no wait exceeds. May contain <code>${…}</code> placeholders.
	 * @return the duration
	 */
	String longest() default "1h";

	/**
	 * By which share each wait may turn out shorter, drawn anew for each job, so that
	 * jobs that failed together do not come back together.
	 * @return the share, from 0 to 1
	 */
	double jitter() default 0;

}
