package io.rq.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

import io.rq.cron.MisfirePolicy;
import io.rq.cron.OverlapPolicy;

/**
 * Enqueues an {@link RqJob @RqJob} method again and again: at the times of an expression,
 * or after an interval. One of the processes that have the method does so. The method has
 * no parameters but a {@link io.rq.handler.JobContext}; for a job with arguments declare
 * a {@link io.rq.cron.CronJob} bean.
 *
 * <pre class="code">
 * &#64;RqCron(cron = "0 7 * * MON", zone = "Europe/Paris")
 * void report() {
 * }
 * </pre>
 *
 * <p>
 * Makes the method an {@link RqJob @RqJob}; add that annotation to choose its queue and
 * options. All texts may contain <code>${…}</code> placeholders. Durations are written as
 * there.
 */
@RqJob
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RqCron {

	/**
	 * The expression, as {@link #cron()}.
	 * @return the expression, or empty if there is an interval
	 */
	@AliasFor("cron")
	String value() default "";

	/**
	 * The expression: five fields as in RQ (minute, hour, day of the month, month, day of
	 * the week), or six as in Spring with the second before them, or a name such as
	 * {@code @daily}. As with Spring's {@code @Scheduled} a {@code -} switches it off, as
	 * in <code>${report.cron:-}</code>: the method is a job, but is not enqueued by
	 * itself.
	 * @return the expression, or empty if there is an interval
	 * @see io.rq.cron.Schedule#cron(String)
	 */
	@AliasFor("value")
	String cron() default "";

	/**
	 * The interval, instead of an expression. It goes on where it was when the
	 * application is started again.
	 * @return a duration, or empty if there is an expression
	 */
	String every() default "";

	/**
	 * The time zone in which the expression is read, such as {@code Europe/Paris}. By
	 * default UTC, so that all processes agree.
	 * @return the zone's id, or empty for the default
	 */
	String zone() default "";

	/**
	 * The cron job's name, unique in the application, and on its queue among all
	 * applications. By default the function's name.
	 * @return the name, or empty for the default
	 */
	String name() default "";

	/**
	 * What becomes of occurrences that nobody could fire when they were due.
	 * @return the policy
	 */
	MisfirePolicy misfire() default MisfirePolicy.ONCE;

	/**
	 * What becomes of an occurrence while the last job has not ended.
	 * @return the policy
	 */
	OverlapPolicy overlap() default OverlapPolicy.ALLOW;

	/**
	 * By how much an occurrence may be put off, at random and less than this.
	 * @return a duration, or empty for none
	 */
	String jitter() default "";

	/**
	 * The end: a moment such as {@code 2027-01-01T00:00:00Z}, after which nothing is due.
	 * @return the moment, or empty for none
	 */
	String until() default "";

}
