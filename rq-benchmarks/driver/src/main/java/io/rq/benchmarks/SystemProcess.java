package io.rq.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process of a measured system, driven by a command per line, each answered by a line
 * that begins with a mark.
 */
final class SystemProcess implements AutoCloseable {

	private static final String MARK = "@@ ";

	private static final String END = "{\"error\":\"the process ended\"}";

	private static final long EXIT_SECONDS = 3;

	private static final JsonMapper JSON = new JsonMapper();

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private final long startMicros;

	private final File log;

	SystemProcess(List<String> command, Map<String, String> environment, Path log) throws IOException {
		this.log = log.toFile();
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(this.log));
		builder.environment().putAll(environment);
		this.startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
		this.process = builder.start();
		this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
		Children.add(this.process);
		Thread reader = new Thread(this::read, "answers");
		reader.setDaemon(true);
		reader.start();
	}

	private void read() {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			String line = output.readLine();
			while (line != null) {
				if (line.startsWith(MARK)) {
					this.answers.add(line.substring(MARK.length()));
				}
				line = output.readLine();
			}
		}
		catch (IOException | UncheckedIOException ex) {
			// The process is being destroyed.
		}
		this.answers.add(END);
	}

	/**
	 * Sends a command and waits for its answer.
	 */
	JsonNode ask(String command) throws IOException, InterruptedException {
		return ask(command, 120_000);
	}

	JsonNode ask(String command, long millis) throws IOException, InterruptedException {
		this.commands.write(command + "\n");
		this.commands.flush();
		String answer = this.answers.poll(millis, TimeUnit.MILLISECONDS);
		if (answer == null) {
			throw new IOException("no answer to '" + command + "' within " + millis + " ms");
		}
		JsonNode node = JSON.readTree(answer);
		if (node.has("error")) {
			throw new IOException("'" + command + "' failed: " + node.get("error").asString() + ", see " + this.log);
		}
		return node;
	}

	/**
	 * Returns when the process was started, in microseconds since the epoch.
	 */
	long startMicros() {
		return this.startMicros;
	}

	/**
	 * Returns the CPU time of the process and of its children.
	 */
	long cpuMicros() {
		return handles().mapToLong((handle) -> ProcessTable.cpuMicros(handle.pid())).sum();
	}

	/**
	 * Returns the resident memory of the process and of its children.
	 */
	long residentBytes() {
		return handles().mapToLong((handle) -> ProcessTable.residentBytes(handle.pid())).sum();
	}

	/**
	 * Returns the process and its children.
	 */
	Stream<ProcessHandle> handles() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants());
	}

	@Override
	public void close() {
		try {
			this.commands.write("exit\n");
			this.commands.close();
			this.process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			// It has gone already.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Children.destroy(this.process);
	}

}
