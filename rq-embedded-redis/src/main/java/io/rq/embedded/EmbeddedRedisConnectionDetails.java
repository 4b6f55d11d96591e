package io.rq.embedded;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/**
 * Sends the application's connections to the embedded Redis.
 */
final class EmbeddedRedisConnectionDetails implements DataRedisConnectionDetails {

	private final EmbeddedRedisServer server;

	EmbeddedRedisConnectionDetails(EmbeddedRedisServer server) {
		this.server = server;
	}

	@Override
	public String getPassword() {
		return this.server.password();
	}

	@Override
	public Standalone getStandalone() {
		return Standalone.of(EmbeddedRedisServer.HOST, this.server.port());
	}

}
