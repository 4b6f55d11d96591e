package io.rq.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if a property is true as it is bound: written {@code true}, {@code yes},
 * {@code on} or {@code 1}. An empty one is none. For {@link ConditionalOnBooleanProperty}
 * all but {@code true} is false, so that beans would be missing whose properties say that
 * they are there. What can be read as neither ends the start.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnFlagCondition.class)
public @interface ConditionalOnFlag {

	/**
	 * The name of the property.
	 * @return the full name
	 */
	String value();

	/**
	 * Whether it matches without the property.
	 * @return {@code false} by default
	 */
	boolean matchIfMissing() default false;

}
