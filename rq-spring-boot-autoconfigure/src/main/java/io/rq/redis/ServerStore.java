package io.rq.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.connection.ClusterConnections;

/**
 * Asks the server for what it tells of itself, and for what its user may do. The user may
 * not be allowed to ask either: then the methods throw. Nothing is changed.
 */
public class ServerStore {

	/** Those that scripts do not call. */
	private static final List<String> DIRECT_COMMANDS = List.of("BLMOVE", "EVAL", "EVALSHA", "PUBLISH", "SUBSCRIBE",
			"XREAD");

	/** In so many tries a key is found on each of very many nodes. */
	private static final int MOST_TRIES = 10_000;

	private final RedisScripts scripts;

	private final String name;

	private final @Nullable RedisConnectionFactory node;

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public ServerStore(RedisScripts scripts) {
		this(scripts, "", null);
	}

	private ServerStore(RedisScripts scripts, String name, @Nullable RedisConnectionFactory node) {
		this.scripts = scripts;
		this.name = name;
		this.node = node;
	}

	/**
	 * Returns the servers that there are to ask: all nodes of a cluster, replicas too, or
	 * this one.
	 * @return a store for each server
	 */
	public List<ServerStore> nodes() {
		ClusterConnections cluster = this.scripts.cluster();
		return (cluster != null) ? cluster.all()
			.entrySet()
			.stream()
			.map((entry) -> new ServerStore(this.scripts, entry.getKey(), entry.getValue()))
			.toList() : List.of(this);
	}

	/**
	 * Returns which of several nodes it asks.
	 * @return the address, or an empty text if there is one server
	 */
	public String name() {
		return this.name;
	}

	private <T extends @Nullable Object> T with(Function<RedisConnection, T> call) {
		if (this.node == null) {
			return this.scripts.with(call);
		}
		try (RedisConnection connection = this.node.getConnection()) {
			return call.apply(connection);
		}
	}

	/**
	 * Asks for what the server tells of itself ({@code INFO}).
	 * @return the values by their names
	 */
	public Map<String, String> info() {
		return texts(with((connection) -> connection.serverCommands().info()));
	}

	/**
	 * Asks for a setting ({@code CONFIG GET}).
	 * @param name its name
	 * @return its value, or {@code null} if there is none of that name
	 */
	public @Nullable String setting(String name) {
		return texts(with((connection) -> connection.serverCommands().getConfig(name))).get(name);
	}

	private static Map<String, String> texts(@Nullable Properties properties) {
		Map<String, String> texts = new TreeMap<>();
		if (properties != null) {
			properties.stringPropertyNames().forEach((name) -> texts.put(name, properties.getProperty(name)));
		}
		return texts;
	}

	/**
	 * Asks for the time.
	 * @return the time of Redis
	 */
	public Instant time() {
		Long micros = with((connection) -> connection.serverCommands().time(TimeUnit.MICROSECONDS));
		return Instant.EPOCH.plus((micros != null) ? micros : 0, ChronoUnit.MICROS);
	}

	/**
	 * Finds out what the user may not do of what is needed, in a script.
	 * @return the rights; nothing is missing on a node without slots, which runs none
	 */
	public Rights rights() {
		if (!runsScripts()) {
			return new Rights(List.of(), List.of(), false);
		}
		KeyLayout layout = this.scripts.layout();
		MissingRights rights = with(
				(connection) -> MissingRights.ask(connection, layout, commands(), List.of(), List.of()));
		return new Rights(rights.commands(), rights.untold(), !rights.keys().isEmpty());
	}

	/** A node of a cluster that has no slots, as a replica, is asked for no queue. */
	private boolean runsScripts() {
		ClusterConnections cluster = this.scripts.cluster();
		return this.node == null || cluster == null || !this.scripts.layout().tagged()
				|| IntStream.range(0, MOST_TRIES)
					.mapToObj((i) -> this.scripts.keys("doctor-" + i).queue())
					.anyMatch((key) -> cluster.address(key).equals(this.name));
	}

	private Set<String> commands() {
		Set<String> commands = new TreeSet<>(DIRECT_COMMANDS);
		for (Script script : Script.values()) {
			commands.addAll(MissingRights.commands(ScriptTexts.of(this.scripts.layout()).text(script)));
		}
		// only who bounds what is kept by its size needs it, and is told then
		commands.remove("MEMORY");
		return commands;
	}

	/**
	 * Returns whether the keys may lie on any node of a cluster, or lie on one together.
	 * @return {@code false} if they must lie on a server that is no part of one
	 */
	public boolean fitsCluster() {
		return this.scripts.layout().fitsCluster();
	}

	/**
	 * Returns whether scripts are held to one slot, as the layout for a cluster asks of
	 * Redis from version 7 on.
	 * @return whether they are
	 */
	public boolean holdsScriptsToSlots() {
		return this.scripts.layout().tagged();
	}

	/**
	 * What the user may do.
	 *
	 * @param missing the commands that it may not call, or not with our channels
	 * @param untold the commands of which a Redis before 7 does not tell
	 * @param withoutKeys whether it may not use our keys; then nothing is known of the
	 * commands
	 */
	public record Rights(List<String> missing, List<String> untold, boolean withoutKeys) {

	}

}
