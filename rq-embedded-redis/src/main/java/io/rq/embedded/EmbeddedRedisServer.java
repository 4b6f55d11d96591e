package io.rq.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.StringUtils;

/**
 * A running {@code redis-server} on the loopback interface. It outlives neither
 * {@link #close()} nor, where there is a shell, the death of this JVM. Its password keeps
 * out other users of the machine, who could let it write files.
 */
final class EmbeddedRedisServer implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedRedisServer.class);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final int FREE_PORT_ATTEMPTS = 5;

	private static final Pattern VERSION = Pattern.compile("version=(\\d+)\\.(\\d+)\\.\\S*?(?=,|\\s)");

	/**
	 * What {@code docs/operations.md} recommends, and less memory to set aside for each
	 * results stream. The name with "ziplist" is the one that Redis 6.2 knows and later
	 * ones still take.
	 */
	private static final List<String> SETTINGS_FOR_JOBS = List.of("--stream-node-max-bytes", "512",
			"--hash-max-ziplist-value", "1024");

	private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

	/**
	 * Runs the server until it ends or standard input does, that is, until it is closed
	 * or this JVM is gone. Signals do not end it: a terminal's Ctrl-C and a supervisor's
	 * SIGTERM reach all processes of a group at once, and the application still needs the
	 * server while it shuts down. So the guard ignores them, and the server, which would
	 * heed them, is in a session or at least in a group of its own.
	 */
	private static final String GUARD = """
			trap '' INT HUP TERM
			detach=
			if command -v setsid >/dev/null; then detach=setsid; else set -m 2>/dev/null; fi
			exec 3<&0
			$detach "$@" </dev/null 3<&- &
			server=$!
			{ while read -r _; do :; done; kill "$server"; } <&3 >/dev/null 2>&1 &
			guard=$!
			exec 3<&-
			while kill -0 "$server" 2>/dev/null; do
				wait "$server"
				status=$?
			done
			kill -KILL "$guard" 2>/dev/null
			exit "${status:-1}"
			""";

	private final int port;

	private final String password;

	private final Process process;

	private final Path workDirectory;

	private final @Nullable DataDirectory dataDirectory;

	private EmbeddedRedisServer(int port, String password, Process process, Path workDirectory,
			@Nullable DataDirectory dataDirectory) {
		this.port = port;
		this.password = password;
		this.process = process;
		this.workDirectory = workDirectory;
		this.dataDirectory = dataDirectory;
	}

	/**
	 * Starts a server and waits until it accepts connections.
	 * @param port the port, or 0 for a free one
	 * @param directory the directory for its data, or {@code null} to keep none
	 * @param password the password, or {@code null} for a random one
	 * @return the running server
	 * @throws EmbeddedRedisException if it does not start
	 */
	static EmbeddedRedisServer start(int port, @Nullable Path directory, @Nullable String password) {
		DataDirectory dataDirectory = (directory != null) ? DataDirectory.open(directory) : null;
		Path workDirectory = null;
		try {
			workDirectory = Files.createTempDirectory("rq-embedded-redis");
			EmbeddedRedisServer server = start(port,
					StringUtils.hasLength(password) ? password : UUID.randomUUID().toString(), binary(workDirectory),
					workDirectory, dataDirectory);
			deleteBinary(workDirectory);
			logger.info("Embedded Redis listens on {}:{}, {}", HOST, server.port,
					(dataDirectory != null) ? "its data is in " + dataDirectory.path() : "without persistence");
			return server;
		}
		catch (IOException ex) {
			cleanUp(workDirectory, dataDirectory);
			throw new EmbeddedRedisException("The embedded Redis could not be started: " + ex,
					"Check that the directory for temporary files can be written and allows programs to be run, "
							+ "or use an installed Redis with 'rq.embedded-redis.enabled' set to false.",
					ex);
		}
		catch (RuntimeException ex) {
			cleanUp(workDirectory, dataDirectory);
			throw ex;
		}
	}

	private static EmbeddedRedisServer start(int port, String password, Path binary, Path workDirectory,
			@Nullable DataDirectory dataDirectory) throws IOException {
		Path configuration = configuration(workDirectory, password);
		for (int attempt = 1;; attempt++) {
			int candidate = (port != 0) ? port : freePort();
			Path log = workDirectory.resolve("redis.log");
			Process process = new ProcessBuilder(
					command(binary, configuration, candidate, workDirectory, dataDirectory))
				.directory(workDirectory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			String output = awaitReady(process, log);
			if (isReady(output)) {
				EmbeddedRedisServer server = new EmbeddedRedisServer(candidate, password, process, workDirectory,
						dataDirectory);
				server.checkVersion(output);
				return server;
			}
			end(process);
			boolean portTaken = output.contains("Address already in use");
			if (!portTaken || port != 0 || attempt == FREE_PORT_ATTEMPTS) {
				throw failure(candidate, portTaken, output);
			}
		}
	}

	private static Path binary(Path workDirectory) throws IOException {
		String configured = System.getProperty(ExecutableProvider.PROPERTY_EXECUTABLE_LOCATION,
				System.getenv(ExecutableProvider.ENVIRONMENT_EXECUTABLE_LOCATION));
		if (StringUtils.hasText(configured)) {
			return Path.of(configured);
		}
		try {
			return ExecutableProvider.newJarResourceProvider(workDirectory.toFile()).get().toPath();
		}
		catch (RuntimeException | IOException ex) {
			throw new EmbeddedRedisException("The embedded Redis has no redis-server for this platform ("
					+ System.getProperty("os.name") + ", " + System.getProperty("os.arch") + ").", otherBinary(), ex);
		}
	}

	/**
	 * Removes what takes megabytes as soon as it runs: a JVM that is killed cannot.
	 */
	private static void deleteBinary(Path workDirectory) throws IOException {
		if (!WINDOWS) {
			try (DirectoryStream<Path> binaries = Files.newDirectoryStream(workDirectory, "redis-server*")) {
				for (Path binary : binaries) {
					Files.delete(binary);
				}
			}
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Writes down what a command line would show to all users of the machine. The
	 * directory is readable for this one alone.
	 */
	private static Path configuration(Path workDirectory, String password) throws IOException {
		StringBuilder escaped = new StringBuilder();
		for (byte character : password.getBytes(StandardCharsets.UTF_8)) {
			escaped.append("\\x%02x".formatted(character));
		}
		return Files.writeString(workDirectory.resolve("redis.conf"), "requirepass \"" + escaped + "\"\n");
	}

	private static List<String> command(Path binary, Path configuration, int port, Path workDirectory,
			@Nullable DataDirectory dataDirectory) {
		List<String> command = new ArrayList<>();
		if (!WINDOWS) {
			command.addAll(List.of("/bin/sh", "-c", GUARD, "embedded-redis"));
		}
		command.addAll(List.of(binary.toString(), configuration.toString(), "--bind", HOST, "--port",
				String.valueOf(port), "--save", ""));
		command.addAll(SETTINGS_FOR_JOBS);
		if (dataDirectory != null) {
			command.addAll(List.of("--dir", dataDirectory.path().toString(), "--pidfile",
					dataDirectory.pidFile().toString(), "--appendonly", "yes"));
		}
		else {
			command.addAll(List.of("--dir", workDirectory.toString(), "--appendonly", "no"));
		}
		return command;
	}

	/**
	 * Waits for the server by its own words: an answer on the port could be another's.
	 * @param process the server
	 * @param log the file that it writes to
	 * @return what the server wrote
	 * @throws IOException if the file cannot be read
	 */
	private static String awaitReady(Process process, Path log) throws IOException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		boolean ended = false;
		while (true) {
			String output = Files.readString(log, StandardCharsets.ISO_8859_1);
			if (ended || isReady(output) || System.nanoTime() - deadline > 0) {
				return output;
			}
			ended = await(process, Duration.ofMillis(10));
		}
	}

	private static boolean isReady(String output) {
		return output.contains("eady to accept connections");
	}

	private void checkVersion(String output) {
		Matcher version = VERSION.matcher(output);
		if (version.find() && isTooOld(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)))) {
			end(this.process);
			throw new EmbeddedRedisException(
					"The embedded Redis is too old (" + version.group() + "), version 6.2 or newer is needed.",
					otherBinary());
		}
	}

	static boolean isTooOld(int major, int minor) {
		return major < 6 || major == 6 && minor < 2;
	}

	private static EmbeddedRedisException failure(int port, boolean portTaken, String output) {
		if (portTaken) {
			return new EmbeddedRedisException(
					"The embedded Redis could not be started because port " + port + " is already in use.",
					"Stop what listens on port " + port + ", or set 'rq.embedded-redis.port' to another port, "
							+ "or to 0 for a free one.");
		}
		return new EmbeddedRedisException("The embedded Redis could not be started. Its output was:"
				+ System.lineSeparator() + (output.isBlank() ? "(nothing)" : output.strip()), otherBinary());
	}

	private static String otherBinary() {
		return "Install Redis 6.2 or newer and either name its redis-server in the environment variable "
				+ ExecutableProvider.ENVIRONMENT_EXECUTABLE_LOCATION
				+ ", or run it as a service and set 'rq.embedded-redis.enabled' to false.";
	}

	/**
	 * The port that the server listens on.
	 * @return the port, never 0
	 */
	int port() {
		return this.port;
	}

	/**
	 * The password of everybody who connects to it.
	 * @return the password
	 */
	String password() {
		return this.password;
	}

	@Override
	public void close() {
		end(this.process);
		cleanUp(this.workDirectory, this.dataDirectory);
		logger.info("Embedded Redis on {}:{} has stopped", HOST, this.port);
	}

	private static void end(Process process) {
		List<ProcessHandle> descendants = process.descendants().toList();
		if (WINDOWS) {
			process.destroy();
		}
		else {
			closeInput(process);
		}
		if (!await(process, STOP_TIMEOUT)) {
			descendants.forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	private static void closeInput(Process process) {
		try {
			process.getOutputStream().close();
		}
		catch (IOException ex) {
			logger.debug("The guard of the embedded Redis has ended already", ex);
		}
	}

	private static boolean await(Process process, Duration timeout) {
		try {
			return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
	}

	private static void cleanUp(@Nullable Path workDirectory, @Nullable DataDirectory dataDirectory) {
		try {
			FileSystemUtils.deleteRecursively(workDirectory);
		}
		catch (IOException ex) {
			logger.debug("Left behind: {}", workDirectory, ex);
		}
		if (dataDirectory != null) {
			dataDirectory.close();
		}
	}

}
