package io.rq.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Auto-configuration that says which module is missing where the embedded Redis is
 * enabled, before the application connects to another Redis than the one it asked for.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisConnectionDetails.class)
@ConditionalOnMissingClass("io.rq.embedded.EmbeddedRedisAutoConfiguration")
@ConditionalOnFlag("rq.embedded-redis.enabled")
@ConditionalOnMissingBean({ DataRedisConnectionDetails.class, RedisConnectionFactory.class })
public final class MissingEmbeddedRedisAutoConfiguration {

	@Bean
	DataRedisConnectionDetails embeddedRedisConnectionDetails() {
		throw new InvalidRqConfigurationException(
				"The embedded Redis is enabled ('rq.embedded-redis.enabled' is true), "
						+ "but the module that brings it is not on the class path.",
				"Add the dependency io.rq:rq-embedded-redis in the version of rq-spring-boot-starter, or remove "
						+ "'rq.embedded-redis.enabled' to connect to the Redis that 'spring.data.redis' describes.");
	}

}
