package io.rq.redis;

import java.util.List;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.Lifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Connections that are ours, so that we may close and replace them as we see fit.
 */
interface ReplaceableConnections extends RedisConnectionFactory, Lifecycle, DisposableBean {

	/** Returns who looks after them. */
	ConnectionCare care();

	/**
	 * Asks the server how its cluster looks, over a connection that is closed again.
	 */
	String clusterNodes();

	/**
	 * Sends a move.
	 * @return its reply, or a failure in its place
	 */
	List<?> send(RedisConnection connection, BlockingMove move);

	/**
	 * Sends a move and enters a member into a set right after it, whatever became of the
	 * move.
	 * @return both replies, a failure in place of one that is an error
	 */
	List<?> send(RedisConnection connection, BlockingMove move, byte[] set, byte[] member);

	/**
	 * Sends a move and a script that Redis runs right after it, whatever became of the
	 * move.
	 * @return both replies, a failure in place of one that is an error
	 */
	List<?> send(RedisConnection connection, BlockingMove move, String sha, ScriptArguments arguments);

}
