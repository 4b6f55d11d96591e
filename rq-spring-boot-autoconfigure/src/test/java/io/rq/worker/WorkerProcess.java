package io.rq.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.test.JavaProcess;
import io.rq.test.RedisClients;

/**
 * A worker in a JVM of its own, to be killed.
 */
final class WorkerProcess {

	private WorkerProcess() {
	}

	static JavaProcess start(int redisPort, String name, Path log) {
		return JavaProcess.start(WorkerProcess.class, log, String.valueOf(redisPort), name);
	}

	/** Runs jobs that last a few milliseconds, until killed. */
	public static void main(String[] args) throws IOException {
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
		JavaProcess.endWithParent();
	}

}
