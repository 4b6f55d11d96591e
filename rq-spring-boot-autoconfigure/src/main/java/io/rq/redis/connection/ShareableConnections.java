package io.rq.redis.connection;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Connections that the engine is to use as they are, together with the application, and
 * makes no others like them.
 */
public interface ShareableConnections extends RedisConnectionFactory {

}
