package io.rq.autoconfigure.ssl;

import java.util.Objects;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import redis.clients.jedis.UnifiedJedis;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.JedisClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;

import io.rq.autoconfigure.ConditionalOnFlag;
import io.rq.redis.connection.JedisTls;

/**
 * Auto-configuration for connections to Redis that take only the certificate of the host
 * they lead to, and that are made with the newest state of their SSL bundle: Spring Boot
 * gives it to Jedis and Lettuce once, and they would keep it also when the bundle is
 * reloaded.
 */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@ConditionalOnFlag(value = "rq.enabled", matchIfMissing = true)
public final class RqSslAutoConfiguration {

	/** Where Jedis is the client. Lettuce looks for the host by itself. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ UnifiedJedis.class, JedisClientConfigurationBuilderCustomizer.class })
	static class HostConfiguration {

		/** After those of the application, which may have a verifier of its own. */
		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		JedisClientConfigurationBuilderCustomizer rqJedisHost() {
			return (client) -> {
				JedisClientConfiguration given = client.build();
				if (given.isUseSsl()) {
					JedisTls.parameters(given).ifPresent(client.useSsl()::sslParameters);
				}
			};
		}

	}

	/** Where there is an SSL bundle. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(DataRedisConnectionDetails.class)
	@ConditionalOnProperty("spring.data.redis.ssl.bundle")
	static class CertificatesConfiguration {

		/**
		 * Made where connections use them: the files of a bundle need not be there else.
		 */
		@Bean
		@Lazy
		RedisCertificates rqRedisCertificates(DataRedisConnectionDetails server, SslBundles bundles,
				@Value("${spring.data.redis.ssl.bundle}") String name) {
			RedisCertificates certificates = new RedisCertificates(name, Objects.requireNonNull(server.getSslBundle()));
			bundles.addBundleUpdateHandler(name, certificates::update);
			return certificates;
		}

		/** Where Jedis is the client. */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(UnifiedJedis.class)
		static class JedisConfiguration {

			@Bean
			JedisClientConfigurationBuilderCustomizer rqJedisCertificates(DataRedisConnectionDetails server,
					ObjectProvider<RedisCertificates> certificates) {
				return (client) -> {
					if (server.getSslBundle() != null) {
						client.useSsl().sslSocketFactory(certificates.getObject().sockets());
					}
				};
			}

		}

		/** Where Lettuce is the client. */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(RedisClient.class)
		static class LettuceConfiguration {

			@Bean
			LettuceClientOptionsBuilderCustomizer rqLettuceCertificates(DataRedisConnectionDetails server,
					ObjectProvider<RedisCertificates> certificates) {
				return (client) -> {
					if (server.getSslBundle() != null) {
						client.sslOptions(withCertificates(client.build(), certificates.getObject()));
					}
				};
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

}
