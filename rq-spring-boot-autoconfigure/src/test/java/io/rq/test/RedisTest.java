package io.rq.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that talks to the {@linkplain TestRedis#shared() shared Redis}: it is
 * empty before each test. Constructors, life cycle and test methods may have parameters
 * of type {@link TestRedis} and
 * {@link org.springframework.data.redis.connection.RedisConnectionFactory}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RedisTestExtension.class)
public @interface RedisTest {

}
