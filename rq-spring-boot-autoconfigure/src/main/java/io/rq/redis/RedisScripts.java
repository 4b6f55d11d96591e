package io.rq.redis;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;

/**
 * Runs the Lua scripts: by their digest, with their text when Redis does not have them
 * yet. A call is repeated when Redis refused it because it is the wrong one, and, unless
 * that matters, when the connection turns out to have been closed in the meantime: then a
 * script may run twice for one call, as with a client that repeats commands itself.
 */
public final class RedisScripts {

	/**
	 * A closed connection is noticed at once; what takes longer again and again is
	 * another trouble.
	 */
	private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** As many closed connections a pool may have to be emptied of. */
	private static final int MAX_CLOSED = 32;

	/** So many members of a set are asked for at once. */
	private static final int PART = 1_000;

	private final RedisConnectionFactory connections;

	private final KeyLayout layout;

	private final ScriptTexts texts;

	private final ConnectionCare care;

	/**
	 * Runs scripts in RQ's own layout.
	 * @param connections the connections to Redis
	 */
	public RedisScripts(RedisConnectionFactory connections) {
		this(connections, KeyLayout.RQ);
	}

	/**
	 * Runs scripts in a layout.
	 * @param connections the connections to Redis
	 * @param layout where the keys lie
	 */
	public RedisScripts(RedisConnectionFactory connections, KeyLayout layout) {
		this.connections = connections;
		this.layout = layout;
		this.texts = ScriptTexts.of(layout);
		this.care = ConnectionCare.of(connections);
	}

	RedisConnectionFactory connections() {
		return this.connections;
	}

	ConnectionCare care() {
		return this.care;
	}

	KeyLayout layout() {
		return this.layout;
	}

	/** The keys of a queue and its jobs. */
	QueueKeys keys(String queue) {
		return this.layout.of(queue);
	}

	String sha(Script script) {
		return this.texts.get(script).sha();
	}

	/** Runs a script that replies with an array. */
	List<?> run(Script script, ScriptArguments arguments) {
		return array(script, with((connection) -> run(connection, script, ReturnType.MULTI, arguments)));
	}

	/**
	 * Runs a script that replies with an array and is not to run twice.
	 * @throws org.springframework.dao.DataAccessException if it is not known whether it
	 * has run
	 */
	List<?> runOnce(Script script, ScriptArguments arguments) {
		return array(script, call((connection) -> run(connection, script, ReturnType.MULTI, arguments), false));
	}

	/**
	 * Runs a script that replies with an array, and on the same connection waits for
	 * replicas to have what it wrote.
	 */
	Replicated run(Script script, ScriptArguments arguments, MinReplicas replicas) {
		return with((connection) -> known(script, (text) -> run(connection, script, arguments, replicas, text)));
	}

	private Replicated run(RedisConnection connection, Script script, ScriptArguments arguments, MinReplicas replicas,
			boolean text) {
		try {
			// in a pipeline even Lettuce uses a connection of this call alone
			connection.openPipeline();
			byte[][] values = arguments.toArray();
			if (text) {
				connection.scriptingCommands()
					.eval(this.texts.get(script).bytes(), ReturnType.MULTI, arguments.numberOfKeys(), values);
			}
			else {
				connection.scriptingCommands().evalSha(sha(script), ReturnType.MULTI, arguments.numberOfKeys(), values);
			}
			replicas.await(connection);
			List<@Nullable Object> replies = connection.closePipeline();
			return new Replicated((List<?>) Objects.requireNonNull(replies.get(0)), Replies.number(replies.get(1)));
		}
		catch (RuntimeException ex) {
			// Jedis' pipelines leave that to the caller
			throw DataAccessUtils.translateIfNecessary(ex, this.connections);
		}
	}

	private static List<?> array(Script script, @Nullable Object reply) {
		if (reply instanceof List<?> list) {
			return list;
		}
		throw new IllegalStateException("Script " + script.fileName() + " replied with no array");
	}

	/** Runs a script that replies with a number. */
	long count(Script script, ScriptArguments arguments) {
		Object reply = with((connection) -> run(connection, script, ReturnType.INTEGER, arguments));
		return (reply instanceof Long number) ? number : 0;
	}

	/** Reads a set in parts, so that Redis never stands still for a large one. */
	Set<String> members(String set) {
		return with((connection) -> {
			Set<String> members = new TreeSet<>();
			try (Cursor<byte[]> cursor = connection.setCommands()
				.sScan(ScriptArguments.bytes(set), ScanOptions.scanOptions().count(PART).build())) {
				cursor.forEachRemaining((member) -> members.add(Replies.text(member)));
			}
			return members;
		});
	}

	/** Makes a call that may be made twice. */
	<T extends @Nullable Object> T with(Function<RedisConnection, T> call) {
		return call(call, true);
	}

	private <T extends @Nullable Object> T call(Function<RedisConnection, T> call, boolean repeatable) {
		for (int failures = 0;; failures++) {
			long start = System.nanoTime();
			int generation = this.care.generation();
			try (RedisConnection connection = this.connections.getConnection()) {
				T result = call.apply(connection);
				this.care.succeeded();
				return result;
			}
			catch (RuntimeException failure) {
				// Jedis' first connection comes without Spring's translation
				RuntimeException ex = DataAccessUtils.translateIfNecessary(failure, this.connections);
				ConnectionTrouble trouble = this.care.failed(ex, generation);
				boolean again = (trouble == ConnectionTrouble.REFUSED) ? failures == 0
						: trouble == ConnectionTrouble.CLOSED && repeatable && failures < MAX_CLOSED
								&& (failures == 0 || System.nanoTime() - start < NOTICED_NANOS);
				if (!again) {
					throw ex;
				}
			}
		}
	}

	private @Nullable Object run(RedisConnection connection, Script script, ReturnType type,
			ScriptArguments arguments) {
		byte[][] values = arguments.toArray();
		return RedisScripts.<@Nullable Object>known(script, (text) -> {
			RedisScriptingCommands commands = connection.scriptingCommands();
			return text ? commands.eval(this.texts.get(script).bytes(), type, arguments.numberOfKeys(), values)
					: commands.evalSha(sha(script), type, arguments.numberOfKeys(), values);
		});
	}

	/** Calls a script by its hash, and by its text if Redis does not have it. */
	private static <T extends @Nullable Object> T known(Script script, Function<Boolean, T> call) {
		try {
			try {
				return call.apply(false);
			}
			catch (RuntimeException ex) {
				if (!isUnknownScript(ex)) {
					throw ex;
				}
				return call.apply(true);
			}
		}
		catch (RuntimeException ex) {
			throw hasMessage(ex, "WRONGTYPE") ? new ScriptRefusedException(script.fileName(), ex) : ex;
		}
	}

	/** Returns whether Redis was asked for a script that it does not have. */
	static boolean isUnknownScript(Throwable failure) {
		return hasMessage(failure, "NOSCRIPT");
	}

	/** Returns whether a failure, or one behind it, has a text in its message. */
	static boolean hasMessage(Throwable failure, String text) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getMessage() != null && cause.getMessage().contains(text)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * What a script replied and how many replicas have what it wrote.
	 */
	record Replicated(List<?> reply, long replicas) {

	}

}
