package io.rq.redis.connection;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The Redis that has a key: in a cluster one of its nodes.
 *
 * @param connections the connections to it
 * @param care who looks after them
 * @param moved is run when it says that another node has the key
 */
public record Server(RedisConnectionFactory connections, ConnectionCare care, Runnable moved) {

	/**
	 * Returns the server behind connections that lead to one only.
	 * @param connections the connections
	 * @return the server
	 */
	public static Server of(RedisConnectionFactory connections) {
		return new Server(connections, ConnectionCare.of(connections), () -> {
		});
	}

	/**
	 * Returns whether this is the one that another is.
	 * @param other another
	 * @return whether it is
	 */
	public boolean has(Server other) {
		return this.connections == other.connections;
	}

	/**
	 * Takes note of a call that failed.
	 * @param failure how it failed
	 * @param generation the generation of the connections when it began
	 * @return the trouble, or {@code null} if there was none but with the call itself
	 */
	public @Nullable ConnectionTrouble failed(Throwable failure, int generation) {
		ConnectionTrouble trouble = this.care.failed(failure, generation);
		if (trouble == ConnectionTrouble.MOVED) {
			this.moved.run();
		}
		return trouble;
	}

}
