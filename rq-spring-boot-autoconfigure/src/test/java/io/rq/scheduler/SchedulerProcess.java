package io.rq.scheduler;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

/**
 * A scheduler in a process of its own, which can be stopped and killed by signals.
 */
final class SchedulerProcess implements AutoCloseable {

	private final Process process;

	private final AtomicReference<String> role = new AtomicReference<>("starting");

	private SchedulerProcess(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "scheduler-process-output");
		reader.setDaemon(true);
		reader.start();
	}

	static SchedulerProcess start(TestRedis redis, String queue, Duration lease) {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		try {
			return new SchedulerProcess(
					new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-Xmx128m", RedisClients.option(), "-cp",
							System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
							SchedulerProcess.class.getName(), redis.host(), String.valueOf(redis.port()), queue,
							lease.toString())
						.redirectErrorStream(true)
						.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Runs a scheduler until the process is killed or alone.
	 * @param args host, port, queue, lease
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		RedisConnectionFactory connections = RedisClients.connect(args[0], Integer.parseInt(args[1]),
				Duration.ofSeconds(10));
		SchedulerListener listener = new SchedulerListener() {

			@Override
			public void leadershipChanged(String queue, boolean leader) {
				System.out.println("role: " + (leader ? "leader" : "standby"));
			}

		};
		new SchedulerContainer(new SchedulerOptions(List.of(args[2]), Duration.ofMillis(100), Duration.parse(args[3])),
				new SchedulerStore(new RedisScripts(connections), Clock.systemUTC()),
				new SchedulerWakeUps(new RedisScripts(connections)), Clock.systemUTC(), List.of(listener))
			.start();
		System.out.println("role: standby");
		// the input ends with the process that started this one
		while (System.in.read() >= 0) {
			Thread.onSpinWait();
		}
		Runtime.getRuntime().halt(0);
	}

	private void read() {
		try (BufferedReader output = this.process.inputReader()) {
			output.lines()
				.filter((line) -> line.startsWith("role: "))
				.forEach((line) -> this.role.set(line.substring(6)));
		}
		catch (IOException | UncheckedIOException ex) {
			this.role.set("ended");
		}
	}

	/** What the process has last said of itself. */
	String role() {
		return this.role.get();
	}

	void signal(String name) {
		try {
			new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
