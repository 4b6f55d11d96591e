package io.rq.embedded;

import java.io.File;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Auto-configuration for the embedded Redis. Connections of the application go to it,
 * whatever {@code spring.data.redis} says; it backs off where somebody else brings the
 * connection, such as a container with {@code @ServiceConnection}.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisConnectionDetails.class)
@ConditionalOnBooleanProperty("rq.embedded-redis.enabled")
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

}
