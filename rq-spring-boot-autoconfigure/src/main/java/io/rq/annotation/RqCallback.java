package io.rq.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method of a bean one that jobs can have called when they end:
 *
 * <pre class="code">
 * &#064;RqCallback
 * void imported(Job job, ImportReport report) { … }
 *
 * jobs.enqueue(JobRequest.of(ImportJobs::run, file).onSuccess(ImportJobs::imported));
 * </pre>
 *
 * <p>
 * Its parameters say what it gets: the {@link io.rq.job.Job}, a {@link Throwable} for the
 * failure, a {@link io.rq.handler.CallbackEvent} for all there is to know, and one of any
 * other type for the result of the job. A parameter for which there is nothing is
 * {@code null}. A future that it returns is waited for.
 *
 * <p>
 * It is called before the outcome of the run is recorded and at least once, as the job
 * itself runs. What it throws is logged and changes nothing. The method may be of any
 * visibility but private and must not be static.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface RqCallback {

	/**
	 * The name as it stands in jobs, unique in the application. By default the bean's
	 * class name, a dot and the method's name, as for {@link RqJob#name()}. Give one if
	 * Python's jobs name it, or if the class may move. May contain <code>${…}</code>
	 * placeholders.
	 * @return the name, or empty for the default
	 */
	String name() default "";

}
