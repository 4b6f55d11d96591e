package io.rq.redis;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Runs the Lua scripts: by their digest, with their text when Redis does not have them
 * yet, and again when a connection turns out to have been closed in the meantime. So a
 * script may run twice for one call, as with a client that repeats commands itself.
 */
final class RedisScripts {

	/** A closed connection is noticed at once; what takes longer is another trouble. */
	private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** As many closed connections a pool may have to be emptied of. */
	private static final int MAX_CLOSED = 32;

	private final RedisConnectionFactory connections;

	RedisScripts(RedisConnectionFactory connections) {
		this.connections = connections;
	}

	/** Runs a script that replies with an array. */
	List<?> run(Script script, ScriptArguments arguments) {
		Object reply = run(script, ReturnType.MULTI, arguments);
		if (reply instanceof List<?> list) {
			return list;
		}
		throw new IllegalStateException("Script " + script.fileName() + " replied with no array");
	}

	/** Runs a script that replies with a number. */
	long count(Script script, ScriptArguments arguments) {
		Object reply = run(script, ReturnType.INTEGER, arguments);
		return (reply instanceof Long number) ? number : 0;
	}

	private @Nullable Object run(Script script, ReturnType type, ScriptArguments arguments) {
		for (int closed = 0;; closed++) {
			long start = System.nanoTime();
			try {
				return runOnce(script, type, arguments);
			}
			catch (RedisConnectionFailureException ex) {
				if (closed == MAX_CLOSED || System.nanoTime() - start > NOTICED_NANOS) {
					throw ex;
				}
			}
		}
	}

	private @Nullable Object runOnce(Script script, ReturnType type, ScriptArguments arguments) {
		byte[][] values = arguments.toArray();
		try (RedisConnection connection = this.connections.getConnection()) {
			try {
				return connection.scriptingCommands().evalSha(script.sha(), type, arguments.numberOfKeys(), values);
			}
			catch (NonTransientDataAccessException ex) {
				if (hasMessage(ex, "WRONGTYPE")) {
					throw new ScriptRefusedException(script.fileName(), ex);
				}
				if (!isUnknownScript(ex)) {
					throw ex;
				}
				return connection.scriptingCommands().eval(script.text(), type, arguments.numberOfKeys(), values);
			}
		}
	}

	/** Returns whether Redis was asked for a script that it does not have. */
	static boolean isUnknownScript(Throwable failure) {
		return hasMessage(failure, "NOSCRIPT");
	}

	private static boolean hasMessage(Throwable failure, String text) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getMessage() != null && cause.getMessage().contains(text)) {
				return true;
			}
		}
		return false;
	}

}
