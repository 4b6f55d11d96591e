package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisListCommands.Direction;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Waits on the server until a queue has a job, on a connection of its own and one thread
 * at a time. The id moves straight into a list of this worker, so that no crash can lose
 * it; the next claim takes it from there.
 */
public class QueueWait implements AutoCloseable {

	private final RedisConnectionFactory connections;

	private final String name;

	private final byte[] queue;

	private final byte[] taken;

	private @Nullable RedisConnection connection;

	private boolean waiting;

	private boolean closed;

	/**
	 * Creates the wait. It connects when it is first used.
	 * @param connections the connections to Redis
	 * @param queue the queue's name
	 * @param worker the worker's name
	 */
	public QueueWait(RedisConnectionFactory connections, String queue, String worker) {
		this.connections = connections;
		this.name = queue;
		this.queue = ScriptArguments.bytes(RqKeys.queue(queue));
		this.taken = ScriptArguments.bytes(RqKeys.taken(queue, worker));
	}

	/**
	 * Returns the queue's name.
	 * @return the name
	 */
	public String queue() {
		return this.name;
	}

	/**
	 * Waits until an id has been taken.
	 * @param timeout how long to wait at most, shorter than the command timeout of the
	 * connection
	 * @return whether an id was taken; {@code false} after the time or when closed
	 */
	public boolean await(Duration timeout) {
		return call((current) -> move(current, timeout)) != null;
	}

	private byte @Nullable [] move(RedisConnection current, Duration timeout) {
		return current.listCommands()
			.bLMove(this.queue, this.taken, Direction.LEFT, Direction.RIGHT, timeout.toMillis() / 1000.0);
	}

	/**
	 * Waits until an id has been taken, or for the time, and runs a script right after
	 * that. Redis gets both at once, so that the script does not wait for us.
	 * @return the script's reply, or {@code null} if Redis does not have the script or
	 * when closed
	 */
	@Nullable List<?> await(Duration timeout, Script script, ScriptArguments arguments) {
		return call((current) -> {
			current.openPipeline();
			move(current, timeout);
			current.scriptingCommands()
				.evalSha(script.sha(), ReturnType.MULTI, arguments.numberOfKeys(), arguments.toArray());
			return reply(current);
		});
	}

	private static @Nullable List<?> reply(RedisConnection current) {
		try {
			List<@Nullable Object> replies = current.closePipeline();
			return (List<?>) replies.get(1);
		}
		catch (RedisPipelineException ex) {
			if (RedisScripts.isUnknownScript(ex)) {
				return null;
			}
			throw ex;
		}
	}

	private <T> @Nullable T call(Function<RedisConnection, @Nullable T> wait) {
		RedisConnection current = begin();
		if (current == null) {
			return null;
		}
		boolean intact = false;
		try {
			T result = wait.apply(current);
			intact = true;
			return result;
		}
		catch (RuntimeException ex) {
			// Jedis' pipelines leave that to the caller
			throw DataAccessUtils.translateIfNecessary(ex, this.connections);
		}
		finally {
			end(intact);
		}
	}

	private synchronized @Nullable RedisConnection begin() {
		if (this.closed) {
			return null;
		}
		RedisConnection current = this.connection;
		if (current == null) {
			current = this.connections.getConnection();
			this.connection = current;
		}
		this.waiting = true;
		return current;
	}

	private synchronized void end(boolean intact) {
		this.waiting = false;
		if (!intact || this.closed) {
			release();
		}
	}

	private void release() {
		RedisConnection current = this.connection;
		this.connection = null;
		if (current != null) {
			current.close();
		}
	}

	/**
	 * Lets no further wait begin. One in progress comes to its end, because what it takes
	 * in its last moment would be lost to this worker otherwise.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		if (!this.waiting) {
			release();
		}
	}

}
