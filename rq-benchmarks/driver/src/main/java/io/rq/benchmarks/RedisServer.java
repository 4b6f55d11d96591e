package io.rq.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A redis-server of our own, without persistence.
 */
final class RedisServer implements AutoCloseable {

	/** Redis as it is installed, but for what would measure the disk. */
	static final List<String> INSTALLED = List.of("--save", "", "--appendonly", "no");

	static final List<String> TUNED = Stream
		.concat(INSTALLED.stream(), Stream.of("--hash-max-listpack-value", "1024", "--stream-node-max-bytes", "512"))
		.toList();

	private static final int ATTEMPTS = 100;

	private final int port;

	private final Process process;

	private final RespConnection connection;

	RedisServer(Path log, List<String> settings) throws IOException, InterruptedException {
		this.port = freePort();
		List<String> command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--daemonize", "no", "--dir", log.getParent().toString()));
		command.addAll(settings);
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		Children.add(this.process);
		this.connection = connect();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private RespConnection connect() throws IOException, InterruptedException {
		IOException refused = null;
		for (int i = 0; i < ATTEMPTS && this.process.isAlive(); i++) {
			try {
				return new RespConnection(this.port);
			}
			catch (IOException ex) {
				refused = ex;
				TimeUnit.MILLISECONDS.sleep(20);
			}
		}
		throw new IOException("redis-server did not start", refused);
	}

	int port() {
		return this.port;
	}

	long pid() {
		return this.process.pid();
	}

	RespConnection connection() {
		return this.connection;
	}

	void flush() throws IOException {
		this.connection.call("FLUSHALL", "SYNC");
	}

	long usedMemory() throws IOException {
		return Long.parseLong(info("memory").get("used_memory"));
	}

	/**
	 * Reads what Redis did so far.
	 */
	StoreUsage usage() throws IOException {
		long commands = info("commandstats").values()
			.stream()
			.mapToLong((stat) -> Long.parseLong(stat.replaceAll("calls=(\\d+),.*", "$1")))
			.sum();
		Map<String, String> stats = info("stats");
		Map<String, String> cpu = info("cpu");
		double cpuSeconds = Double.parseDouble(cpu.get("used_cpu_user")) + Double.parseDouble(cpu.get("used_cpu_sys"));
		return new StoreUsage(commands, Long.parseLong(stats.get("total_reads_processed")),
				(long) (cpuSeconds * 1_000_000));
	}

	private Map<String, String> info(String section) throws IOException {
		String text = (String) this.connection.call("INFO", section);
		return text.lines()
			.filter((line) -> line.contains(":"))
			.map((line) -> line.split(":", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1].trim(), (a, b) -> a));
	}

	@Override
	public void close() {
		this.connection.close();
		Children.destroy(this.process);
	}

}
