package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.UnblockType;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisServerCommands.FlushOption;
import org.springframework.util.Assert;

/**
 * A real Redis for tests. Most tests take the {@linkplain #shared() shared} one through
 * {@link RedisTest}; a test that stops, kills, freezes or configures its server
 * {@linkplain #start(String...) starts} its own.
 */
public sealed class TestRedis implements AutoCloseable permits SharedCluster {

	/**
	 * The system property that makes all tests use the server of the embedded Redis, the
	 * oldest one supported, if its value is {@code embedded}, and the layout and the
	 * nodes of a Redis Cluster, if it is {@code cluster}.
	 */
	static final String PROPERTY = "rq.test.redis";

	static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

	private final RedisServerHandle server;

	private final boolean shared;

	private @Nullable RedisConnectionFactory connectionFactory;

	TestRedis(RedisServerHandle server, boolean shared) {
		this.server = server;
		this.shared = shared;
	}

	/**
	 * The server that all tests of this JVM share: a container where Docker answers, else
	 * an installed {@code redis-server}, else the one of the embedded Redis; always that
	 * one with {@code -Drq.test.redis=embedded}. With {@code -Drq.test.redis=cluster} it
	 * is a cluster of installed ones, which applications find by themselves. It ends with
	 * the JVM.
	 * @return the running server
	 */
	public static TestRedis shared() {
		return Shared.INSTANCE;
	}

	/**
	 * Tells whether the server is of this version or a later one.
	 * @param major the first number of the version
	 * @return whether it is
	 */
	public boolean isAtLeast(int major) {
		try (RedisConnection connection = connectionFactory().getConnection()) {
			String version = connection.serverCommands().info("server").getProperty("redis_version");
			return Integer.parseInt(version.substring(0, version.indexOf('.'))) >= major;
		}
	}

	/**
	 * Starts a server of the caller's own, as a process of this machine. It forgets its
	 * data when it is restarted, unless the arguments switch persistence on
	 * ({@code "--appendonly", "yes"}).
	 * @param extraArguments arguments for {@code redis-server}
	 * @return the running server, to be closed by the caller
	 */
	public static TestRedis start(String... extraArguments) {
		return new TestRedis(started(new ProcessRedisServer(extraArguments)), false);
	}

	static boolean isEmbeddedWanted() {
		return wanted().equals("embedded");
	}

	/**
	 * Tells whether the {@linkplain #shared() shared} Redis is a cluster.
	 * @return whether it is
	 */
	public static boolean isCluster() {
		return wanted().equals("cluster");
	}

	private static String wanted() {
		String wanted = System.getProperty(PROPERTY, "");
		Assert.state(Set.of("", "embedded", "cluster").contains(wanted),
				() -> "'" + PROPERTY + "' may be 'embedded', 'cluster' or absent, not '" + wanted + "'");
		return wanted;
	}

	private static <S extends RedisServerHandle> S started(S server) {
		server.start();
		return server;
	}

	public String host() {
		return this.server.host();
	}

	public int port() {
		return this.server.port();
	}

	public String url() {
		return "redis://%s:%d/0".formatted(host(), port());
	}

	/**
	 * The property by which an application looks for its Redis somewhere else, even where
	 * the {@linkplain #shared() shared} one is a cluster.
	 * @param address host and port
	 * @return name and value
	 */
	public static String property(String address) {
		return isCluster() ? "spring.data.redis.cluster.nodes=" + address : "spring.data.redis.url=redis://" + address;
	}

	/**
	 * A started connection factory, the same at each call. It belongs to this server: do
	 * not destroy it.
	 * @return the connection factory
	 */
	public synchronized RedisConnectionFactory connectionFactory() {
		RedisConnectionFactory factory = this.connectionFactory;
		if (factory == null) {
			factory = newConnectionFactory();
			this.connectionFactory = factory;
		}
		return factory;
	}

	/**
	 * A started connection factory for the caller alone.
	 * @return the connection factory, to be {@linkplain RedisClients#close closed} by the
	 * caller
	 */
	public RedisConnectionFactory newConnectionFactory() {
		return RedisClients.connect(host(), port(), COMMAND_TIMEOUT);
	}

	/**
	 * Removes all data and waits until Redis has freed the memory, which may take longer
	 * than a command may.
	 */
	public void flush() {
		try (RedisConnection connection = connectionFactory().getConnection()) {
			connection.serverCommands().flushAll(FlushOption.ASYNC);
			Awaitility.await()
				.pollInterval(Duration.ofMillis(10))
				.pollDelay(Duration.ZERO)
				.atMost(Duration.ofMinutes(1))
				.until(() -> isFreed(connection));
		}
	}

	private static boolean isFreed(RedisConnection connection) {
		Properties memory = connection.serverCommands().info("memory");
		return memory != null && "0".equals(memory.getProperty("lazyfree_pending_objects"));
	}

	/**
	 * Creates a user of Redis or changes one.
	 * @param name the user's name; {@code default} is who connects without one
	 * @param rules what the user may do, as for {@code ACL SETUSER}
	 */
	public void setUser(String name, String... rules) {
		byte[][] arguments = Stream.concat(Stream.of("SETUSER", name), Stream.of(rules))
			.map((argument) -> argument.getBytes(StandardCharsets.UTF_8))
			.toArray(byte[][]::new);
		own();
		try (RedisConnection connection = connectionFactory().getConnection()) {
			connection.execute("ACL", arguments);
		}
	}

	/**
	 * Ends the waits of all clients that wait for a key, with an error.
	 * @return how many
	 */
	public long endWaits() {
		try (Jedis jedis = new Jedis(host(), port())) {
			return jedis.clientList()
				.lines()
				.filter((client) -> client.matches(".* flags=[^ ]*b.*"))
				.map((client) -> client.replaceFirst("id=(\\d+) .*", "$1"))
				.mapToLong((id) -> jedis.clientUnblock(Long.parseLong(id), UnblockType.ERROR))
				.sum();
		}
	}

	/**
	 * Counts who listens to a channel.
	 * @param channel the channel
	 * @return how many
	 */
	public long subscribers(String channel) {
		try (Jedis jedis = new Jedis(host(), port())) {
			return jedis.pubsubNumSub(channel).get(channel);
		}
	}

	/**
	 * Everything that is in Redis now.
	 * @return the state
	 */
	public RedisState state() {
		return RedisState.of(connectionFactory());
	}

	/**
	 * The process of this server.
	 * @return the process
	 */
	public ProcessHandle process() {
		return this.server.process();
	}

	public long pid() {
		return process().pid();
	}

	/**
	 * Ends the server in an orderly way. {@link #restart()} brings it back.
	 */
	public void stop() {
		own().stop();
	}

	/**
	 * Ends the server with SIGKILL. {@link #restart()} brings it back.
	 */
	public void kill() {
		own().kill();
	}

	/**
	 * Starts the server again on the same port; stops it before if it still runs.
	 */
	public void restart() {
		own().stop();
		own().start();
	}

	/**
	 * Freezes the server (SIGSTOP): connections stay open and get no answer.
	 */
	public void pause() {
		own();
		Signals.send("STOP", process());
	}

	/**
	 * Ends a {@link #pause()}.
	 */
	public void resume() {
		own();
		Signals.send("CONT", process());
	}

	private RedisServerHandle own() {
		Assert.state(!this.shared, "The shared Redis stays as it is: use TestRedis.start() for one of your own");
		return this.server;
	}

	@Override
	public synchronized void close() {
		own();
		if (this.connectionFactory != null) {
			RedisClients.close(this.connectionFactory);
			this.connectionFactory = null;
		}
		if (this.server instanceof ProcessRedisServer process) {
			process.delete();
		}
	}

	private static final class Shared {

		private static final TestRedis INSTANCE = isCluster() ? SharedCluster.start() : new TestRedis(server(), true);

		private static RedisServerHandle server() {
			if (!isEmbeddedWanted() && ContainerRedisServer.isAvailable()) {
				try {
					return started(new ContainerRedisServer());
				}
				catch (RuntimeException ex) {
					// no image and no way to get one: a process will do
				}
			}
			return started(new ProcessRedisServer());
		}

	}

	static final class Signals {

		private Signals() {
		}

		static void send(String signal, ProcessHandle process) {
			try {
				int status = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).inheritIO()
					.start()
					.waitFor();
				Assert.state(status == 0, () -> "kill -%s %d ended with %d".formatted(signal, process.pid(), status));
				if (signal.equals("STOP")) {
					Awaitility.await().until(() -> isFrozen(process));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted while sending a signal", ex);
			}
		}

		/** Whether a process stands still, as far as the system tells (proc(5)). */
		static boolean isFrozen(ProcessHandle process) {
			Path state = Path.of("/proc", String.valueOf(process.pid()), "stat");
			try {
				return !Files.exists(state) || Files.readString(state).replaceFirst(".*\\) ", "").startsWith("T");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
