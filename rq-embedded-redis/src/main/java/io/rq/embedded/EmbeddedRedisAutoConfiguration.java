package io.rq.embedded;

import java.io.File;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Auto-configuration for the embedded Redis. Connections of the application go to it,
 * whatever {@code spring.data.redis} says; it backs off where somebody else brings the
 * connection, such as a container with {@code @ServiceConnection}.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisConnectionDetails.class)
@Conditional(EmbeddedRedisAutoConfiguration.Enabled.class)
@ConditionalOnMissingBean({ DataRedisConnectionDetails.class, RedisConnectionFactory.class })
@EnableConfigurationProperties(EmbeddedRedisProperties.class)
public final class EmbeddedRedisAutoConfiguration {

	@Bean
	EmbeddedRedisServer embeddedRedisServer(EmbeddedRedisProperties properties) {
		int port = properties.port();
		if (port < 0 || port > 65535) {
			throw new InvalidConfigurationPropertyValueException("rq.embedded-redis.port", port,
					"A port is a number between 1 and 65535, or 0 for a free one.");
		}
		File directory = properties.dataDirectory();
		return EmbeddedRedisServer.start(port, (directory != null) ? directory.toPath() : null, properties.password());
	}

	@Bean
	EmbeddedRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedisServer server) {
		return new EmbeddedRedisConnectionDetails(server);
	}

	/** Reads the property as it is bound: {@code yes}, {@code on} and 1 are true too. */
	static final class Enabled implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return Binder.get(context.getEnvironment()).bind("rq.embedded-redis.enabled", Boolean.class).orElse(false);
		}

	}

}
