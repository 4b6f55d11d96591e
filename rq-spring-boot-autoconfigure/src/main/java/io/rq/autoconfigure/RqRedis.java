package io.rq.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code RedisConnectionFactory} bean whose Redis holds the jobs, in an
 * application that has several. Declare it so that the one Spring Boot configures stays:
 *
 * <pre class="code">
 * &#064;Bean(defaultCandidate = false)
 * &#064;RqRedis
 * LettuceConnectionFactory jobConnections() {
 *     return new LettuceConnectionFactory("jobs.example.org", 6379);
 * }
 * </pre>
 *
 * It may be the only one: RQ is configured then too.
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface RqRedis {

}
