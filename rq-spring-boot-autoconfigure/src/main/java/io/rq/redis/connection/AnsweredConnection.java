package io.rq.redis.connection;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.util.RedisInputStream;

/**
 * A connection through Jedis that goes back to its pool only if all that was sent on it
 * has been answered. Jedis itself takes care of that only as long as nothing but its own
 * exceptions is thrown: after a {@code StackOverflowError} in the middle of a call, the
 * next one would get the answer to that.
 */
final class AnsweredConnection extends Connection {

	/** No initial value: Jedis calls from its constructor. */
	private int unanswered;

	/** Whether a reply was begun and not read to its end. */
	private boolean torn;

	private AnsweredConnection(Connection.Builder builder) {
		super(builder);
	}

	@Override
	public void sendCommand(CommandArguments arguments) {
		this.unanswered++;
		super.sendCommand(arguments);
	}

	@Override
	protected Object protocolRead(RedisInputStream input) {
		if (this.torn) {
			throw new JedisConnectionException("The reply before was not read to its end");
		}
		this.torn = true;
		Object reply;
		try {
			reply = super.protocolRead(input);
		}
		catch (JedisDataException ex) {
			answered();
			throw ex;
		}
		answered();
		return reply;
	}

	private void answered() {
		this.unanswered--;
		this.torn = false;
	}

	@Override
	public void close() {
		if (this.torn || this.unanswered != 0) {
			setBroken();
		}
		super.close();
	}

	/**
	 * Makes a client that has such connections, unless it is given others.
	 */
	static final class ClientBuilder extends RedisClient.Builder {

		private final HostAndPort server;

		ClientBuilder(HostAndPort server, JedisClientConfig config) {
			this.server = server;
			hostAndPort(server);
			clientConfig(config);
		}

		@Override
		protected ConnectionProvider createDefaultConnectionProvider() {
			if (this.cache != null || this.clientConfig.getAuthXManager() != null) {
				return super.createDefaultConnectionProvider();
			}
			DefaultJedisSocketFactory sockets = new DefaultJedisSocketFactory(this.server, this.clientConfig);
			Connection.Builder connections = new Connection.Builder() {

				@Override
				public Connection build() {
					AnsweredConnection connection = new AnsweredConnection(this);
					connection.initializeFromClientConfig();
					return connection;
				}

			};
			connections.socketFactory(sockets).clientConfig(this.clientConfig);
			return new PooledConnectionProvider(ConnectionFactory.builder()
				.socketFactory(sockets)
				.clientConfig(this.clientConfig)
				.connectionBuilder(connections)
				.build(), this.poolConfig);
		}

	}

}
