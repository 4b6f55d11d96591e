package io.rq.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import io.rq.test.RedisClients;

/**
 * A worker in a JVM of its own, to be killed.
 */
final class WorkerProcess implements AutoCloseable {

	private final Process process;

	private WorkerProcess(Process process) {
		this.process = process;
	}

	static WorkerProcess start(int redisPort, String name, Path log) {
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
				"-XX:TieredStopAtLevel=1", RedisClients.option(), "-cp", System.getProperty("java.class.path"),
				WorkerProcess.class.getName(), String.valueOf(redisPort), name);
		try {
			Files.createFile(log);
			return new WorkerProcess(
					new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Runs jobs that last a few milliseconds, until killed. */
	public static void main(String[] args) throws InterruptedException {
		RedisConnectionFactory connections = RedisClients.connect("127.0.0.1", Integer.parseInt(args[0]),
				Duration.ofSeconds(10));
		WorkerBench bench = new WorkerBench(connections);
		bench.handle("nap", (context, jobArgs) -> {
			TimeUnit.MILLISECONDS.sleep(5);
			return context.executionId();
		});
		bench.worker(args[1],
				(options) -> options.withTiming(new WorkerOptions.Timing(Duration.ofSeconds(4), Duration.ofSeconds(1),
						Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(1))));
		Thread.currentThread().join();
	}

	void signal(String name) {
		try {
			int status = new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).start().waitFor();
			if (status != 0) {
				throw new IllegalStateException("kill -" + name + " ended with " + status);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Kills the worker and waits for its end, or it could take a job of the next test.
	 */
	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

}
