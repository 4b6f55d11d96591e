package io.rq.redis;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * Opens Lettuce's connections to a server that may be another each time.
 */
final class OwnerConnections implements LettuceConnectionProvider {

	private final RedisClient client;

	private final RedisCodec<?, ?> codec;

	private final Supplier<RedisURI> server;

	/**
	 * Opens connections.
	 * @param client the client they belong to
	 * @param codec how keys and values are written
	 * @param server tells where to
	 */
	OwnerConnections(RedisClient client, RedisCodec<?, ?> codec, Supplier<RedisURI> server) {
		this.client = client;
		this.codec = codec;
		this.server = server;
	}

	@Override
	public <T extends StatefulConnection<?, ?>> CompletionStage<T> getConnectionAsync(Class<T> type) {
		RedisURI uri = this.server.get();
		if (type.equals(StatefulRedisPubSubConnection.class)) {
			return this.client.connectPubSubAsync(this.codec, uri).thenApply(type::cast);
		}
		return this.client.connectAsync(this.codec, uri).thenApply(type::cast);
	}

}
