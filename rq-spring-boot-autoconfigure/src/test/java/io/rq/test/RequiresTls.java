package io.rq.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs a {@code redis-server} that speaks TLS, as Debian's does and the
 * embedded one does not. Without it the test is skipped; it fails when the environment
 * variable {@code CI} is {@code true}, where one must be installed.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresTlsCondition.class)
public @interface RequiresTls {

}
