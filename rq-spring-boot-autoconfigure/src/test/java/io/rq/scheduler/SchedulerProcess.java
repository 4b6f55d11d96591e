package io.rq.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.RedisScripts;
import io.rq.redis.SchedulerStore;
import io.rq.redis.SchedulerWakeUps;
import io.rq.test.JavaProcess;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

/**
 * A scheduler in a process of its own, which can be stopped and killed by signals.
 */
final class SchedulerProcess implements AutoCloseable {

	private static final String ROLE = "role: ";

	private final JavaProcess process;

	private final Path output;

	private SchedulerProcess(JavaProcess process, Path output) {
		this.process = process;
		this.output = output;
	}

	static SchedulerProcess start(TestRedis redis, String queue, Duration lease) {
		try {
			Path output = Files.createTempFile("scheduler", ".log");
			return new SchedulerProcess(JavaProcess.start(SchedulerProcess.class, output, redis.host(),
					String.valueOf(redis.port()), queue, lease.toString()), output);
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
				System.out.println(ROLE + (leader ? "leader" : "standby"));
			}

		};
		SchedulerOptions options = new SchedulerOptions(List.of(args[2]), Duration.ofMillis(100),
				Duration.parse(args[3]));
		new SchedulerContainer(() -> options, new SchedulerStore(new RedisScripts(connections), Clock.systemUTC()),
				new SchedulerWakeUps(new RedisScripts(connections)), TimeSource.of(Clock.systemUTC()),
				List.of(listener))
			.start();
		System.out.println(ROLE + "standby");
		JavaProcess.endWithParent();
	}

	/** What the process has last said of itself. */
	String role() {
		try {
			return Files.readAllLines(this.output)
				.stream()
				.filter((line) -> line.startsWith(ROLE))
				.reduce("starting", (earlier, later) -> later.substring(ROLE.length()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void signal(String name) {
		this.process.signal(name);
	}

	@Override
	public void close() {
		this.process.close();
		try {
			Files.delete(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
