package io.rq.redis.connection;

import java.util.List;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.Lifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Connections that are ours, so that we may close and replace them as we see fit.
 */
public interface ReplaceableConnections extends RedisConnectionFactory, Lifecycle, DisposableBean {

	/**
	 * Returns who looks after them.
	 * @return the care
	 */
	ConnectionCare care();

	/**
	 * Asks the server how its cluster looks, over a connection that is closed again.
	 * @return the reply to {@code CLUSTER NODES}
	 */
	String clusterNodes();

	/**
	 * Sends a move.
	 * @param connection a connection of these
	 * @param move the move
	 * @return its reply, or a failure in its place
	 */
	List<?> send(RedisConnection connection, BlockingMove move);

	/**
	 * Sends a move and enters a member into a set right after it, whatever became of the
	 * move.
	 * @param connection a connection of these
	 * @param move the move
	 * @param set the key of the set
	 * @param member the member
	 * @return both replies, a failure in place of one that is an error
	 */
	List<?> send(RedisConnection connection, BlockingMove move, byte[] set, byte[] member);

	/**
	 * Sends a move and a script that Redis runs right after it, whatever became of the
	 * move.
	 * @param connection a connection of these
	 * @param move the move
	 * @param sha what the script is known by
	 * @param keys how many of the arguments are keys
	 * @param arguments the keys and the other arguments
	 * @return both replies, a failure in place of one that is an error
	 */
	List<?> send(RedisConnection connection, BlockingMove move, String sha, int keys, byte[][] arguments);

}
