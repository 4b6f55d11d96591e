package io.rq.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;

import io.rq.RqException;
import io.rq.log.FailureText;
import io.rq.redis.connection.ClusterConnections;
import io.rq.redis.connection.ConnectionTrouble;
import io.rq.redis.connection.Server;
import io.rq.redis.connection.SilentNodes;

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

	/** As often the nodes may send one call to each other until they agree. */
	private static final int MAX_MOVED = 50;

	/** So many members of a set are asked for at once. */
	private static final int PART = 1_000;

	private static final Duration FOREVER = Duration.ofDays(1);

	private final Function<String, Server> servers;

	private final RedisConnectionFactory connections;

	private final KeyLayout layout;

	private final ScriptTexts texts;

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
		this.servers = servers(connections);
		this.connections = connections;
		this.layout = layout;
		this.texts = ScriptTexts.of(layout);
	}

	private static Function<String, Server> servers(RedisConnectionFactory connections) {
		if (connections instanceof ClusterConnections cluster) {
			return cluster::server;
		}
		Server server = Server.of(connections);
		return (key) -> server;
	}

	/** The server that has a key, which in a cluster may soon be another. */
	Server server(String key) {
		return this.servers.apply(key);
	}

	/** The nodes behind the connections, or {@code null} if they lead to one server. */
	@Nullable ClusterConnections cluster() {
		return (this.connections instanceof ClusterConnections cluster) ? cluster : null;
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
		return array(script, call(script, ReturnType.MULTI, arguments, true));
	}

	/**
	 * Runs a script that replies with an array and is not to run twice.
	 * @throws org.springframework.dao.DataAccessException if it is not known whether it
	 * has run
	 */
	List<?> runOnce(Script script, ScriptArguments arguments) {
		return array(script, call(script, ReturnType.MULTI, arguments, false));
	}

	/**
	 * Runs a script that replies with an array, and on the same connection waits for
	 * replicas to have what it wrote or found.
	 */
	Replicated run(Script script, ScriptArguments arguments, MinReplicas replicas, String written) {
		ScriptArguments guarded = guarded(arguments);
		String key = arguments.firstKey();
		return with(key, (connection) -> known(connection, script, guarded,
				(text) -> run(connection, script, guarded, replicas, written, text)));
	}

	private Replicated run(RedisConnection connection, Script script, ScriptArguments arguments, MinReplicas replicas,
			String written, boolean text) {
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
			replicas.await(connection, ScriptArguments.bytes(written));
			List<@Nullable Object> replies = connection.closePipeline();
			return new Replicated((List<?>) Objects.requireNonNull(replies.get(0)), Replies.number(replies.get(2)));
		}
		catch (RuntimeException ex) {
			// Jedis' pipelines leave that to the caller
			throw DataAccessUtils.translateIfNecessary(ex, server(arguments.firstKey()).connections());
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
		Object reply = call(script, ReturnType.INTEGER, arguments, true);
		return (reply instanceof Long number) ? number : 0;
	}

	/**
	 * Sees to it that the user may do what scripts do: Redis refuses a command in the
	 * middle of a script without taking back what that has done.
	 * @throws PermissionDeniedDataAccessException if it may not
	 */
	void requireRights(Collection<Script> needed) {
		with((connection) -> {
			MissingRights.require(connection, this.layout, needed);
			return null;
		});
	}

	/**
	 * Makes one call for all queues, or one for each where they may lie apart. No node is
	 * asked again that does not answer the first.
	 * @param queues the names of the queues
	 * @param call is given those that it is about
	 */
	NodeCalls each(Collection<String> queues, Consumer<List<String>> call) {
		return NodeCalls.make(together(queues), (part) -> server(place(part)).connections(), new SilentNodes(FOREVER),
				call);
	}

	/** Divides queues into those that certainly lie on the same server. */
	Collection<List<String>> together(Collection<String> queues) {
		return this.layout.calls(List.copyOf(queues), Function.identity());
	}

	/** A key where queues lie that lie together. */
	String place(List<String> queues) {
		return queues.isEmpty() ? this.layout.queues() : keys(queues.get(0)).queue();
	}

	/**
	 * Makes a call for each of some keys, for somebody who only looks: nodes are not
	 * asked that have not answered another of these a moment ago.
	 * @param parts what the calls are about
	 * @param key tells the key of one
	 * @param call makes one
	 */
	<T> NodeCalls look(Collection<T> parts, Function<T, String> key, Consumer<T> call) {
		ClusterConnections cluster = cluster();
		SilentNodes silent = (cluster != null) ? cluster.silent() : new SilentNodes(FOREVER);
		return NodeCalls.make(parts, (part) -> server(key.apply(part)).connections(), silent, call);
	}

	/** Returns whether there is a key. */
	boolean exists(String key) {
		return with(key,
				(connection) -> Boolean.TRUE.equals(connection.keyCommands().exists(ScriptArguments.bytes(key))));
	}

	/** Returns those of some keys that there are, in one round trip for each server. */
	Set<String> existing(Collection<String> keys) {
		return keys.stream()
			.collect(Collectors.groupingBy((key) -> server(key).connections()))
			.values()
			.stream()
			.flatMap((some) -> existingTogether(some).stream())
			.collect(Collectors.toSet());
	}

	private List<String> existingTogether(List<String> keys) {
		try (RedisConnection connection = server(keys.get(0)).connections().getConnection()) {
			connection.openPipeline();
			keys.forEach((key) -> connection.keyCommands().exists(ScriptArguments.bytes(key)));
			List<@Nullable Object> replies = connection.closePipeline();
			return IntStream.range(0, keys.size())
				.filter((i) -> Boolean.TRUE.equals(replies.get(i)))
				.mapToObj(keys::get)
				.toList();
		}
		catch (RuntimeException ex) {
			// a key may have moved, or a connection be closed, which calls for one see to
			return keys.stream().filter(this::exists).toList();
		}
	}

	/** Reads a set in parts, so that Redis never stands still for a large one. */
	Set<String> members(String set) {
		return with(set, (connection) -> {
			Set<String> members = new TreeSet<>();
			try (Cursor<byte[]> cursor = connection.setCommands()
				.sScan(ScriptArguments.bytes(set), ScanOptions.scanOptions().count(PART).build())) {
				cursor.forEachRemaining((member) -> members.add(Replies.text(member)));
			}
			return members;
		});
	}

	/** Reads the first members of a sorted set, or the last ones in reverse order. */
	Stream<String> ranked(String key, int most, boolean fromEnd) {
		Set<byte[]> members = with(key,
				(connection) -> fromEnd ? connection.zSetCommands().zRevRange(ScriptArguments.bytes(key), 0, most - 1)
						: connection.zSetCommands().zRange(ScriptArguments.bytes(key), 0, most - 1));
		return (members != null) ? members.stream().map(Replies::text) : Stream.empty();
	}

	/** Reads a hash of texts. What is of another type is none, and hides no others. */
	Map<String, String> hash(String key) {
		try {
			return Replies
				.texts(with(key, (connection) -> connection.hashCommands().hGetAll(ScriptArguments.bytes(key))));
		}
		catch (RuntimeException ex) {
			if (!hasMessage(ex, "WRONGTYPE")) {
				throw ex;
			}
			return Map.of();
		}
	}

	/**
	 * Makes a call that may be made twice, to the server that has what all queues have in
	 * common.
	 */
	<T extends @Nullable Object> T with(Function<RedisConnection, T> call) {
		return with(this.layout.queues(), call);
	}

	/**
	 * Makes a call that may be made twice.
	 * @param key the key that it is about; others must be in the same slot
	 */
	<T extends @Nullable Object> T with(String key, Function<RedisConnection, T> call) {
		return call(key, call, true);
	}

	private @Nullable Object call(Script script, ReturnType type, ScriptArguments arguments, boolean repeatable) {
		ScriptArguments guarded = guarded(arguments);
		return this.<@Nullable Object>call(arguments.firstKey(), (connection) -> run(connection, script, type, guarded),
				repeatable);
	}

	/** Adds what keeps scripts from slots that are being moved. */
	ScriptArguments guarded(ScriptArguments arguments) {
		return this.layout.fitsCluster() ? arguments.with(this.layout::guard) : arguments;
	}

	private <T extends @Nullable Object> T call(String key, Function<RedisConnection, T> call, boolean repeatable) {
		SlotMove move = new SlotMove();
		int failures = 0;
		while (true) {
			long start = System.nanoTime();
			Server server = server(key);
			int generation = server.care().generation();
			try (RedisConnection connection = server.connections().getConnection()) {
				T result = call.apply(connection);
				server.care().succeeded();
				return result;
			}
			catch (RuntimeException failure) {
				// Jedis' first connection comes without Spring's translation
				RuntimeException ex = DataAccessUtils.translateIfNecessary(failure, server.connections());
				if (move.awaited(ex)) {
					continue;
				}
				ConnectionTrouble trouble = server.failed(ex, generation);
				boolean quick = failures == 0 || System.nanoTime() - start < NOTICED_NANOS;
				if (!isWorthRepeating(trouble, repeatable, failures, quick)) {
					throw explained(ex, List.of(key));
				}
				if (trouble == ConnectionTrouble.MOVED && failures > 0) {
					SlotMove.pause(ex);
				}
				failures++;
			}
		}
	}

	/**
	 * Returns what to throw for a command that was refused: that names what is missing.
	 */
	RuntimeException explained(RuntimeException failure, List<String> keys) {
		boolean unclear = MissingRights.areMeant(failure) && !(failure instanceof PermissionDeniedDataAccessException);
		return unclear ? MissingRights.of(failure, this.layout, keys) : failure;
	}

	private static boolean isWorthRepeating(@Nullable ConnectionTrouble trouble, boolean repeatable, int failures,
			boolean quick) {
		if (trouble == ConnectionTrouble.REFUSED) {
			return failures == 0;
		}
		if (trouble == ConnectionTrouble.MOVED) {
			return failures < MAX_MOVED;
		}
		return trouble == ConnectionTrouble.CLOSED && repeatable && failures < MAX_CLOSED && quick;
	}

	private @Nullable Object run(RedisConnection connection, Script script, ReturnType type,
			ScriptArguments arguments) {
		byte[][] values = arguments.toArray();
		return this.<@Nullable Object>known(connection, script, arguments, (text) -> {
			RedisScriptingCommands commands = connection.scriptingCommands();
			return text ? commands.eval(this.texts.get(script).bytes(), type, arguments.numberOfKeys(), values)
					: commands.evalSha(sha(script), type, arguments.numberOfKeys(), values);
		});
	}

	/** Calls a script by its hash, and by its text if Redis does not have it. */
	private <T extends @Nullable Object> T known(RedisConnection connection, Script script, ScriptArguments arguments,
			Function<Boolean, T> call) {
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
			if (MissingRights.areMeant(ex)) {
				throw MissingRights.of(ex, connection, this.layout, script, arguments.givenKeys());
			}
			if (this.layout.tagged() && hasMessage(ex, "Error compiling script")) {
				throw new RqException(
						"The layout 'cluster' needs Redis 7 or newer, where scripts are held to one slot: "
								+ "use such a server, or leave out 'rq.layout'",
						ex);
			}
			throw hasMessage(ex, "WRONGTYPE") ? new ScriptRefusedException(script.fileName(), ex) : ex;
		}
	}

	/** Returns whether Redis was asked for a script that it does not have. */
	static boolean isUnknownScript(Throwable failure) {
		return hasMessage(failure, "NOSCRIPT");
	}

	/** Returns whether a failure, or one behind it, has a text in its message. */
	static boolean hasMessage(Throwable failure, String text) {
		return hasMessage(failure, (message) -> message.contains(text));
	}

	static boolean hasMessage(Throwable failure, Predicate<String> test) {
		for (Throwable cause : FailureText.causes(failure)) {
			if (cause.getMessage() != null && test.test(cause.getMessage())) {
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
