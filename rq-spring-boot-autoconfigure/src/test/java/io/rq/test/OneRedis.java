package io.rq.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;

/**
 * A test that is left out where the {@linkplain TestRedis#shared() shared} Redis is a
 * cluster.
 */
@Documented
@Inherited
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Tag("one-redis")
public @interface OneRedis {

	/**
	 * Returns why it says nothing of a cluster.
	 * @return the reason
	 */
	String value();

}
