package io.rq.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method of a bean runnable as a job. These options apply to every job of the
 * method that is not enqueued with others. May be used as a meta-annotation, its
 * attributes aliased with {@link org.springframework.core.annotation.AliasFor}.
 *
 * <p>
 * The method may be of any visibility but private and must not be static. Arguments are
 * bound by position, then by name; one that is an {@link java.util.Optional} or annotated
 * with any {@code @Nullable} may be missing. A parameter of type
 * {@link io.rq.handler.JobContext} is supplied by the worker; it does not count, and a
 * producer that names the method by a reference passes {@code null} for it. The return
 * value is stored as the job's result; a returned {@link io.rq.job.Retry} asks for
 * another run.
 *
 * <p>
 * All texts may contain <code>${…}</code> placeholders. Durations are written as
 * {@code 3m}, {@code 1h30m}, {@code 180s}, {@code 180} (seconds) or {@code PT3M}, and are
 * whole seconds.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface RqJob {

	/**
	 * The function's name as it stands in the job, unique in the application. By default
	 * the bean's class name, a dot and the method's name; for a proxy without a target
	 * and a lambda expression the name of the interface stands for that of the class.
	 * Give one if producers know only an interface, if the class may move, or if a Python
	 * producer is to use it.
	 * @return the name, or empty for the default
	 */
	String name() default "";

	/**
	 * Other names that jobs of this method may have, such as one from before it was
	 * renamed: those that still wait, and those of producers that have not changed yet.
	 * New jobs get the {@link #name()}.
	 * @return the names
	 */
	String[] aliases() default {};

	/**
	 * The queue that jobs of this method go to. By default the application's default
	 * queue.
	 * @return the queue's name, or empty for the default
	 */
	String queue() default "";

	/**
	 * How often a job is tried again after an exception; 0 for never. By default
	 * {@code rq.job.retries}, which is never unless set.
	 * @return the number of retries, or -1 for the default
	 */
	int retries() default -1;

	/**
	 * The waits before the retries in seconds, 0 for at once. If there are fewer than
	 * {@link #retries()}, the first one repeats: {@code {10, 60}} for three retries waits
	 * 10, 10 and 60 seconds. By default every retry is at once.
	 * @return the waits
	 */
	int[] intervals() default {};

	/**
	 * Waits that double instead of {@link #intervals()}.
	 * @return the waits, or none if the first is empty
	 */
	Backoff backoff() default @Backoff(first = "");

	/**
	 * The exceptions after which another attempt may help, with their subclasses, thrown
	 * by the method or the cause of what it threw. By default all.
	 * @return the classes
	 */
	Class<? extends Throwable>[] retryFor() default {};

	/**
	 * The exceptions after which no attempt can help, with their subclasses, thrown by
	 * the method or the cause of what it threw: the job fails at once, also if
	 * {@link #retryFor()} names them. {@link io.rq.handler.JobTimeoutException} stands
	 * for the timeout.
	 * @return the classes
	 */
	Class<? extends Throwable>[] noRetryFor() default {};

	/**
	 * Whether a retry goes to the front of its queue.
	 * @return {@code true} for the front
	 */
	boolean retryAtFront() default false;

	/**
	 * How long one run may take; {@code -1} for no limit. By default
	 * {@code rq.job.timeout}.
	 * @return the duration, or empty for the default
	 */
	String timeout() default "";

	/**
	 * How long a job may wait before it is dropped. By default it waits for ever.
	 * @return the duration, or empty for the default
	 */
	String ttl() default "";

	/**
	 * How long job and result are kept after success; {@code 0} to drop them at once,
	 * {@code -1} for ever. By default {@code rq.job.result-ttl}.
	 * @return the duration, or empty for the default
	 */
	String resultTtl() default "";

	/**
	 * How long job and result are kept after the final failure; {@code 0} to drop them at
	 * once, {@code -1} for ever. By default {@code rq.job.failure-ttl}.
	 * @return the duration, or empty for the default
	 */
	String failureTtl() default "";

	/**
	 * How many of these jobs, and of others with the same key, may be under way or start.
	 * @return the limit, or none if its key is empty
	 */
	RateLimited rateLimit() default @RateLimited(key = "");

	/**
	 * A text for people. By default the call with its arguments.
	 * @return the description, or empty for the default
	 */
	String description() default "";

}
