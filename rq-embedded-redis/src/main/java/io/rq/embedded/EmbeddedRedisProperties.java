package io.rq.embedded;

import java.io.File;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the embedded Redis.
 *
 * @param enabled Whether to start a Redis server together with the application and to
 * connect to it instead of the configured one.
 * @param port Port that the embedded Redis listens on. A free one is taken if it is 0.
 * @param dataDirectory Directory in which the embedded Redis keeps its data, so that jobs
 * survive a restart. Nothing is kept if it is not set.
 * @param password Password of the embedded Redis, for others that connect to it too. A
 * random one is made if it is not set.
 */
@ConfigurationProperties("rq.embedded-redis")
public record EmbeddedRedisProperties(@DefaultValue("false") boolean enabled, @DefaultValue("0") int port,
		@Nullable File dataDirectory, @Nullable String password) {

	/** Tells no password. */
	@Override
	public String toString() {
		return "EmbeddedRedisProperties[enabled=" + this.enabled + ", port=" + this.port + ", dataDirectory="
				+ this.dataDirectory + "]";
	}

}
