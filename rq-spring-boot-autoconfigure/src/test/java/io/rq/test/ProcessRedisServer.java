package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A {@code redis-server} on this machine: the installed one, else the one that comes with
 * the embedded Redis; always that one where {@link TestRedis#PROPERTY} asks for it.
 * Without persistence unless the extra arguments say otherwise; its directory stays until
 * {@link #delete()}.
 */
final class ProcessRedisServer implements RedisServerHandle {

	/**
	 * The system property for another program than {@code redis-server}, such as
	 * {@code valkey-server}, by its name on the path or its file.
	 */
	static final String PROGRAM = "rq.test.server";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LOOK = Duration.ofMillis(10);

	private static final int PORT_ATTEMPTS = 5;

	private static @Nullable Path bundled;

	private final Path binary = binary();

	private final Path directory;

	private final Path log;

	private final List<String> extraArguments;

	private final Thread shutdownHook = new Thread(this::endAndDeleteFiles, "test-redis-cleaner");

	private int port;

	private volatile @Nullable Process process;

	ProcessRedisServer(String... extraArguments) {
		try {
			this.directory = Files.createTempDirectory("rq-test-redis");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.log = this.directory.resolve("redis.log");
		this.extraArguments = List.of(extraArguments);
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	/** The server's program, which is that of Sentinel too. */
	static Path binary() {
		return TestRedis.isEmbeddedWanted() ? bundled() : installed().orElseGet(ProcessRedisServer::bundled);
	}

	private static Optional<Path> installed() {
		String wanted = System.getProperty(PROGRAM);
		String name = (wanted != null) ? wanted : "redis-server";
		Optional<Path> found = Programs.onPath(name).findFirst();
		Assert.state(found.isPresent() || wanted == null, () -> "There is no '" + wanted + "' on the path");
		return found;
	}

	private static synchronized Path bundled() {
		try {
			if (bundled == null) {
				bundled = ExecutableProvider.newJarResourceProvider().get().toPath();
			}
			return bundled;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String host() {
		return "127.0.0.1";
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	public synchronized void start() {
		Assert.state(this.process == null, "Redis has been started already");
		try {
			if (this.port != 0) {
				restart();
				return;
			}
			for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
				this.port = Programs.freePort();
				if (tryStart()) {
					return;
				}
			}
			throw new IllegalStateException(failure());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Another program may have its port for a moment. */
	private void restart() throws IOException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (!tryStart()) {
			Assert.state(System.nanoTime() < deadline, this::failure);
		}
	}

	private boolean tryStart() throws IOException {
		List<String> command = new ArrayList<>(
				List.of(this.binary.toString(), "--port", String.valueOf(this.port), "--bind", host(), "--save", "",
						"--appendonly", "no", "--dir", this.directory.toString(), "--daemonize", "no"));
		command.addAll(this.extraArguments);
		Process started = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.log.toFile())
			.start();
		started.getOutputStream().close();
		this.process = started;
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (System.nanoTime() < deadline && started.isAlive()) {
			if (isReady()) {
				return true;
			}
			Programs.await(started, LOOK);
		}
		endNow();
		return false;
	}

	/**
	 * Whether the server says so itself: an answer on the port could be another's.
	 */
	private boolean isReady() throws IOException {
		return Files.readString(this.log, StandardCharsets.ISO_8859_1).contains("eady to accept connections");
	}

	private String failure() {
		try {
			return this.binary + " did not start on port " + this.port + ": " + Files.readString(this.log);
		}
		catch (IOException ex) {
			return this.binary + " did not start on port " + this.port;
		}
	}

	@Override
	public synchronized void stop() {
		Process running = this.process;
		if (running != null) {
			running.destroy();
			if (!Programs.await(running, END_TIMEOUT)) {
				running.destroyForcibly();
				Programs.await(running, END_TIMEOUT);
			}
			this.process = null;
		}
	}

	@Override
	public synchronized void kill() {
		endNow();
	}

	private void endNow() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly();
			Programs.await(running, END_TIMEOUT);
			this.process = null;
		}
	}

	@Override
	public ProcessHandle process() {
		Process running = this.process;
		Assert.state(running != null, "Redis is not running");
		return running.toHandle();
	}

	/**
	 * Kills the server and removes its files.
	 */
	void delete() {
		Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		endAndDeleteFiles();
	}

	private void endAndDeleteFiles() {
		endNow();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
