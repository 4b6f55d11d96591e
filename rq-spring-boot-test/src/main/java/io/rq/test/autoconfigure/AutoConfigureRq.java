package io.rq.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Lets a test have the jobs of the application in its hands: with
 * {@link io.rq.test.RqTestOperations} as a bean, no worker or scheduler that starts by
 * itself, and a key prefix of its own. Part of {@link RqTest}; put it beside another
 * slice, such as {@code @WebMvcTest}, or {@code @SpringBootTest}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("rq.test")
public @interface AutoConfigureRq {

	/**
	 * Chooses where the jobs are.
	 * @return the place, in memory by default
	 */
	RqTestRedis redis() default RqTestRedis.NONE;

}
