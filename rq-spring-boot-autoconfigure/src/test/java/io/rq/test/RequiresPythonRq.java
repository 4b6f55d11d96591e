package io.rq.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs Python RQ. Without it the test is skipped; it fails when the
 * environment variable {@code CI} is {@code true}, where RQ must be installed. What asks
 * for a newer RQ than there is is skipped there too: {@code .ci/run} has that of Debian
 * 13 besides, and {@code .ci/debian} can have others.
 */
@Documented
@Inherited
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Tag("python")
@ExtendWith(RequiresPythonRqCondition.class)
public @interface RequiresPythonRq {

	/**
	 * The oldest version that will do, such as {@code "2.3"}; any will if it is empty.
	 */
	String since() default "";

}
