package io.rq.redis.connection;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;

import io.rq.log.FailureText;

/**
 * Why a connection to Redis is of no use any more. What a command itself did wrong is no
 * trouble of a connection.
 */
public enum ConnectionTrouble {

	/** Redis did not answer in time. */
	TIMEOUT,

	/** Redis is not the one to ask, or does not let this connection ask. */
	REFUSED,

	/** The connection was closed. */
	CLOSED,

	/** There is nobody to connect to where Redis was, which matters in a cluster only. */
	UNREACHABLE,

	/** Sentinel has made another server the primary. */
	FAILOVER,

	/** The key is on another node of the cluster; the connection is well. */
	MOVED;

	/** A long command gets another answer than NOAUTH. */
	private static final Pattern REFUSAL = Pattern
		.compile("\\b(READONLY|MASTERDOWN|LOADING|NOAUTH|unauthenticated|WRONGPASS|UNBLOCKED|CLUSTERDOWN"
				+ "|NOREPLICAS|DENIED) ");

	private static final Pattern ELSEWHERE = Pattern.compile("\\bMOVED ");

	/**
	 * The class of Lettuce's exception for a connection that ended; there may be no
	 * Lettuce.
	 */
	private static final String LETTUCE_CLOSED = "io.lettuce.core.RedisException";

	private static final String LETTUCE_UNREACHABLE = "io.lettuce.core.RedisConnectionException";

	private static final String JEDIS_UNREACHABLE = "Failed to connect to";

	private static final String JEDIS_POOL_CLOSED = "Pool not open";

	/**
	 * Tells what a failed call says of its connection.
	 * @param failure how the call failed
	 * @return the trouble, or {@code null} if there is none with the connection
	 */
	static @Nullable ConnectionTrouble of(Throwable failure) {
		ConnectionTrouble found = null;
		for (Throwable cause : FailureText.causes(failure)) {
			String message = (cause.getMessage() != null) ? cause.getMessage() : "";
			if (REFUSAL.matcher(message).find()) {
				return REFUSED;
			}
			if (ELSEWHERE.matcher(message).find()) {
				return MOVED;
			}
			if (isUnreachable(cause, message)) {
				return UNREACHABLE;
			}
			if (isTimeout(cause)) {
				found = TIMEOUT;
			}
			else if (found == null && isClosed(cause, message)) {
				found = CLOSED;
			}
		}
		return found;
	}

	private static boolean isTimeout(Throwable cause) {
		return cause instanceof QueryTimeoutException || cause instanceof SocketTimeoutException;
	}

	private static boolean isUnreachable(Throwable cause, String message) {
		return cause instanceof ConnectException || cause instanceof UnknownHostException
				|| cause.getClass().getName().equals(LETTUCE_UNREACHABLE) || message.startsWith(JEDIS_UNREACHABLE);
	}

	private static boolean isClosed(Throwable cause, String message) {
		return cause instanceof RedisConnectionFailureException || cause instanceof ClosedChannelException
				|| cause instanceof CancellationException || cause.getClass().getName().equals(LETTUCE_CLOSED)
				|| message.contains(JEDIS_POOL_CLOSED);
	}

}
