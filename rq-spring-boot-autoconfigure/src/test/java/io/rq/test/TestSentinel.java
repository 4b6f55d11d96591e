package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis Sentinel that watches one primary and fails over to its replica, soon
 * after the primary has stopped to answer.
 */
public final class TestSentinel implements AutoCloseable {

	/** The name of the primary. */
	public static final String MASTER = "rq";

	/**
	 * A Sentinel asks once a second, so that a primary which is a little slow may lose
	 * its role.
	 */
	private static final Duration SOON = Duration.ofSeconds(1);

	/** Sentinel does nothing for 30 s after it has been stalled itself. */
	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final Path directory;

	private final int port;

	private final Process process;

	private TestSentinel(Path directory, int port, Process process) {
		this.directory = directory;
		this.port = port;
		this.process = process;
	}

	/**
	 * Starts a Sentinel and waits until it knows a replica.
	 * @param primary the primary, which has a replica
	 * @return the Sentinel, to be closed by the caller
	 */
	public static TestSentinel watch(TestRedis primary) {
		return watch(primary, SOON);
	}

	/**
	 * Starts a Sentinel and waits until it knows a replica.
	 * @param primary the primary, which has a replica
	 * @param downAfter for how long the primary may not answer
	 * @return the Sentinel, to be closed by the caller
	 */
	public static TestSentinel watch(TestRedis primary, Duration downAfter) {
		try {
			Path directory = Files.createTempDirectory("rq-test-sentinel");
			int port = Programs.freePort();
			Path configuration = directory.resolve("sentinel.conf");
			Files.writeString(configuration, """
					port %d
					bind 127.0.0.1
					dir %s
					sentinel monitor %s 127.0.0.1 %d 1
					sentinel down-after-milliseconds %3$s %d
					sentinel failover-timeout %3$s 5000
					""".formatted(port, directory, MASTER, primary.port(), downAfter.toMillis()));
			Process process = new ProcessBuilder(ProcessRedisServer.binary().toString(), configuration.toString(),
					"--sentinel")
				.redirectErrorStream(true)
				.redirectOutput(directory.resolve("sentinel.log").toFile())
				.start();
			TestSentinel sentinel = new TestSentinel(directory, port, process);
			sentinel.awaitReplica();
			return sentinel;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until the primary has a replica that follows it. */
	public void awaitReplica() {
		await().atMost(PATIENCE).ignoreExceptionsInstanceOf(JedisException.class).until(this::knowsReplica);
	}

	private boolean knowsReplica() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			return jedis.sentinelReplicas(MASTER)
				.stream()
				.anyMatch((replica) -> "ok".equals(replica.get("master-link-status")));
		}
	}

	public int port() {
		return this.port;
	}

	/**
	 * The port of the server that Sentinel takes for the primary now.
	 * @return the port
	 */
	public int primaryPort() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			return Integer.parseInt(jedis.sentinelGetMasterAddrByName(MASTER).get(1));
		}
	}

	/**
	 * Returns which fail-over has made the primary what it is.
	 * @return a number that grows by one with each that succeeds at once
	 */
	public long epoch() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			return Long.parseLong(jedis.sentinelMaster(MASTER).get("config-epoch"));
		}
	}

	/**
	 * Returns who listens to whether another server is made the primary.
	 * @return for how long each of these clients has been connected
	 */
	public List<Duration> listeners() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			return jedis.clientList(ClientType.PUBSUB)
				.lines()
				.filter((line) -> line.contains("cmd=subscribe"))
				.map((line) -> Duration.ofSeconds(Long.parseLong(line.replaceFirst(".* age=(\\d+) .*", "$1"))))
				.toList();
		}
	}

	/** Hangs up on all who listen. */
	public void hangUp() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			jedis.clientKill(new ClientKillParams().type(ClientType.PUBSUB));
		}
	}

	/** Makes the replica the primary though nothing is wrong with the primary. */
	public void failover() {
		try (Jedis jedis = new Jedis("127.0.0.1", this.port)) {
			jedis.sentinelFailover(MASTER);
		}
	}

	/** Waits until Sentinel has made another server the primary. */
	public void awaitFailover(TestRedis old) {
		await().atMost(PATIENCE).until(() -> primaryPort() != old.port());
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
