package io.rq.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisListCommands.Direction;

/**
 * Waits on the server until a queue has a job. The id moves straight into a list of this
 * worker, so that no crash can lose it; the next claim takes it from there.
 */
public class QueueWait implements AutoCloseable {

	private final RedisConnectionFactory connections;

	private final byte[] queue;

	private final byte[] taken;

	private @Nullable RedisConnection connection;

	private volatile boolean closed;

	/**
	 * Creates the wait. It connects when it is first used, with a connection of its own.
	 * @param connections the connections to Redis
	 * @param queue the queue's name
	 * @param worker the worker's name
	 */
	public QueueWait(RedisConnectionFactory connections, String queue, String worker) {
		this.connections = connections;
		this.queue = ScriptArguments.bytes(RqKeys.queue(queue));
		this.taken = ScriptArguments.bytes(RqKeys.taken(queue, worker));
	}

	/**
	 * Waits until an id has been taken.
	 * @param timeout how long to wait at most, shorter than the command timeout of the
	 * connection
	 * @return whether an id was taken; {@code false} after the time or when closed
	 */
	public boolean await(Duration timeout) {
		RedisConnection current = connect();
		if (current == null) {
			return false;
		}
		try {
			return current.listCommands()
				.bLMove(this.queue, this.taken, Direction.LEFT, Direction.RIGHT, timeout.toMillis() / 1000.0) != null;
		}
		catch (RuntimeException ex) {
			release();
			if (this.closed) {
				return false;
			}
			throw ex;
		}
	}

	private synchronized @Nullable RedisConnection connect() {
		if (this.closed) {
			return null;
		}
		RedisConnection current = this.connection;
		if (current == null) {
			current = this.connections.getConnection();
			this.connection = current;
		}
		return current;
	}

	private synchronized void release() {
		RedisConnection current = this.connection;
		this.connection = null;
		if (current != null) {
			current.close();
		}
	}

	/**
	 * Ends a wait in progress and gives the connection back. An id taken in that very
	 * moment stays in the worker's list.
	 */
	@Override
	public void close() {
		this.closed = true;
		release();
	}

}
