package io.rq.autoconfigure;

import java.util.Locale;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties.ClientType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration that says which Redis client is missing where
 * {@code spring.data.redis.client-type} names one that is not on the class path, or none:
 * Spring Boot makes no connection then, and there would be neither templates nor workers,
 * without a word.
 */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@ConditionalOnClass(DataRedisConnectionDetails.class)
@ConditionalOnFlag(value = "rq.enabled", matchIfMissing = true)
@ConditionalOnProperty("spring.data.redis.client-type")
@ConditionalOnBean(DataRedisConnectionDetails.class)
@ConditionalOnMissingBean(RedisConnectionFactory.class)
public final class MissingRedisClientAutoConfiguration {

	private static final String CLIENT_TYPE = "spring.data.redis.client-type";

	@Bean
	static BeanFactoryPostProcessor rqRedisClientCheck(Environment environment) {
		ClientType type = Binder.get(environment).bind(CLIENT_TYPE, ClientType.class).orElse(null);
		return (beans) -> {
			if (type == null) {
				throw new InvalidRqConfigurationException(
						"Property '" + CLIENT_TYPE + "' is empty: Spring Boot connects to no Redis then.",
						"Set '" + CLIENT_TYPE + "' to jedis or lettuce, or remove it.");
			}
			if (!ClassUtils.isPresent(className(type), beans.getBeanClassLoader())) {
				throw new InvalidRqConfigurationException(
						"Property '%s' is %s, but this Redis client is not on the class path.".formatted(CLIENT_TYPE,
								type.name().toLowerCase(Locale.ROOT)),
						"Add the dependency %s, or remove '%s' to use the client that is there."
							.formatted(library(type), CLIENT_TYPE));
			}
		};
	}

	private static String className(ClientType type) {
		return switch (type) {
			case JEDIS -> "redis.clients.jedis.Jedis";
			case LETTUCE -> "io.lettuce.core.RedisClient";
		};
	}

	private static String library(ClientType type) {
		return switch (type) {
			case JEDIS -> "redis.clients:jedis";
			case LETTUCE -> "io.lettuce:lettuce-core";
		};
	}

}
