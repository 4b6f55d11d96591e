package io.rq.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the jobs of an application, and of nothing else: of its components those are
 * found that have {@code @RqJob}, {@code @RqCron} or {@code @RqCallback} methods, their
 * own or inherited, or implement an interface of {@code io.rq.handler}; interceptors,
 * customizers of the template and of the jobs' mapper, and what Jackson is given
 * ({@code @JacksonComponent}, {@code JacksonModule}) too. What they need besides is
 * imported or mocked. Jobs are recorded in memory unless a {@link #redis()} is chosen.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(RqTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(RqTypeExcludeFilter.class)
@AutoConfigureRq
@ImportAutoConfiguration
public @interface RqTest {

	/**
	 * Chooses where the jobs are.
	 * @return the place, in memory by default
	 */
	@AliasFor(annotation = AutoConfigureRq.class)
	RqTestRedis redis() default RqTestRedis.NONE;

	/**
	 * Adds properties to the environment.
	 * @return the properties, as {@code key=value}
	 */
	String[] properties() default {};

	/**
	 * Chooses whether components that are no jobs are left out.
	 * @return {@code false} to look at the filters of this annotation only
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Lets more components be found.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * Leaves components out that would be found.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Leaves auto-configurations out.
	 * @return the auto-configurations
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
