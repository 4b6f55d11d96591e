package io.rq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class of the tests in a JVM of its own, to be stopped, frozen and killed.
 */
public final class JavaProcess implements AutoCloseable {

	private final Process process;

	private JavaProcess(Process process) {
		this.process = process;
	}

	/**
	 * Starts a process with the class path and the Redis client of this one.
	 * @param main the main class
	 * @param log the file for what it prints
	 * @param arguments its arguments
	 * @return the process, to be closed by the caller
	 */
	public static JavaProcess start(Class<?> main, Path log, String... arguments) {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", RedisClients.option(), "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main.getName()));
		command.addAll(List.of(arguments));
		try {
			return new JavaProcess(new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Called by the main class: waits for the end of the process that has started this
	 * one, and ends with it.
	 * @throws IOException if the input, which ends then, cannot be read
	 */
	public static void endWithParent() throws IOException {
		while (System.in.read() >= 0) {
			Thread.onSpinWait();
		}
		Runtime.getRuntime().halt(0);
	}

	/**
	 * Sends a signal.
	 * @param name the signal's name without {@code SIG}
	 */
	public void signal(String name) {
		TestRedis.Signals.send(name, this.process.toHandle());
	}

	/** Whether the process stands still after a {@code STOP}. */
	public boolean isFrozen() {
		return TestRedis.Signals.isFrozen(this.process.toHandle());
	}

	/** Waits until the process has ended by itself or by a signal. */
	public void awaitEnd() {
		this.process.onExit().join();
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** Kills the process and waits for its end. */
	@Override
	public void close() {
		this.process.destroyForcibly();
		awaitEnd();
	}

}
