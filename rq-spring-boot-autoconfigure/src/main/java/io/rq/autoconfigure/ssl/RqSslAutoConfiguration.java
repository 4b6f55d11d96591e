package io.rq.autoconfigure.ssl;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import redis.clients.jedis.UnifiedJedis;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.JedisClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration for connections to Redis with the newest state of their SSL bundle:
 * Spring Boot gives it to Jedis and Lettuce once, and they would keep it also when the
 * bundle is reloaded.
 */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@ConditionalOnBean(DataRedisConnectionDetails.class)
@ConditionalOnProperty("spring.data.redis.ssl.bundle")
@ConditionalOnBooleanProperty(name = "rq.enabled", matchIfMissing = true)
public final class RqSslAutoConfiguration {

	@Bean
	RedisCertificates rqRedisCertificates(DataRedisConnectionDetails server, SslBundles bundles,
			@Value("${spring.data.redis.ssl.bundle}") String name) {
		SslBundle bundle = server.getSslBundle();
		RedisCertificates certificates = new RedisCertificates(name,
				(bundle != null) ? bundle : bundles.getBundle(name));
		bundles.addBundleUpdateHandler(name, certificates::update);
		return certificates;
	}

	/** Where Jedis is the client. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(UnifiedJedis.class)
	static class JedisConfiguration {

		@Bean
		JedisClientConfigurationBuilderCustomizer rqJedisCertificates(DataRedisConnectionDetails server,
				RedisCertificates certificates) {
			return (client) -> {
				if (server.getSslBundle() != null) {
					client.useSsl().sslSocketFactory(certificates.sockets());
				}
			};
		}

	}

	/** Where Lettuce is the client. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RedisClient.class)
	static class LettuceConfiguration {

		@Bean
		LettuceClientOptionsBuilderCustomizer rqLettuceCertificates(RedisCertificates certificates) {
			return (client) -> client.sslOptions(withCertificates(client.build(), certificates));
		}

		/** Lettuce asks for them at each connection. */
		private static SslOptions withCertificates(ClientOptions given, RedisCertificates certificates) {
			return given.getSslOptions()
				.mutate()
				.sslContext((context) -> context.keyManager(certificates.keys()).trustManager(certificates.trust()))
				.build();
		}

	}

}
