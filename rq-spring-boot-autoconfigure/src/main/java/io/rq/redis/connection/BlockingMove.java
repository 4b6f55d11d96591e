package io.rq.redis.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisListCommands.Direction;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.ReturnType;

/**
 * A move of the first id that comes to a queue, and what Redis is to do right after it:
 * it gets both at once.
 *
 * @param from the queue
 * @param to the list that the id moves to
 * @param longest how long to wait for an id
 * @param waiter is told the id of the connection that waits, if that is known
 */
public record BlockingMove(byte[] from, byte[] to, Duration longest, LongConsumer waiter) {

	/** Returns how long to wait, as Redis wants it. */
	double seconds() {
		return this.longest.toMillis() / 1000.0;
	}

	/**
	 * Sends the move.
	 * @param connection a connection of any kind
	 * @return its reply, or a failure in its place
	 */
	public List<?> send(RedisConnection connection) {
		return send(connection, () -> {
		});
	}

	/**
	 * Sends the move and a script.
	 * @param connection a connection of any kind
	 * @param sha what the script is known by
	 * @param keys how many of the arguments are keys
	 * @param arguments the keys and the other arguments
	 * @return both replies, a failure in place of one that is an error
	 */
	public List<?> send(RedisConnection connection, String sha, int keys, byte[][] arguments) {
		return send(connection, () -> connection.scriptingCommands().evalSha(sha, ReturnType.MULTI, keys, arguments));
	}

	/**
	 * Sends the move and another command.
	 * @param connection a connection of any kind
	 * @param then gives the command to the connection
	 * @return both replies, a failure in place of one that is an error
	 */
	public List<?> send(RedisConnection connection, Runnable then) {
		connection.openPipeline();
		connection.listCommands().bLMove(this.from, this.to, Direction.LEFT, Direction.RIGHT, seconds());
		then.run();
		try {
			return connection.closePipeline();
		}
		catch (RedisPipelineException ex) {
			List<?> replies = ex.getPipelineResult();
			if (replies.isEmpty() || replies.stream().anyMatch(BlockingMove::isUnexplained)) {
				throw ex;
			}
			return new ArrayList<>(replies);
		}
	}

	/**
	 * Returns whether there was no reply because the connection was closed: so Lettuce.
	 */
	private static boolean isUnexplained(@Nullable Object reply) {
		return reply instanceof Throwable failure && failure.getMessage() == null;
	}

}
