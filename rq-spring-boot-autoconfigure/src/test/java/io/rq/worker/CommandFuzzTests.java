package io.rq.worker;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import io.rq.lifecycle.TimeSource;
import io.rq.redis.WorkerCommands;
import io.rq.test.Fuzz;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws damaged commands at a worker.
 */
@RedisTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CommandFuzzTests {

	private static final List<String> COMMANDS = List.of("{\"command\": \"stop-job\", \"job_id\": \"job-1\"}",
			"{\"command\": \"stop-execution\", \"job_id\": \"job-1\", \"execution_id\": \"0123\"}",
			"{\"command\": \"kill-horse\"}", "{\"command\": \"shutdown\", \"created_at\": 1769860800.5}");

	private final Fuzz fuzz = new Fuzz();

	@Test
	void everyCommandIsCarriedOutOrIgnored() {
		ActiveRuns runs = new ActiveRuns();
		Commands commands = new Commands(
				new WorkerCommands(TestStores.scripts(TestRedis.shared().connectionFactory()), "w1"), runs, () -> {
				}, TimeSource.of(Clock.systemUTC()));
		Logger logger = (Logger) LoggerFactory.getLogger(Commands.class);
		logger.setLevel(Level.WARN);
		try {
			this.fuzz.eachIsReadOrRefused(() -> this.fuzz.damagedText(COMMANDS), commands::commanded, List.of());
		}
		finally {
			logger.setLevel(null);
		}
		assertThat(runs.all()).isEmpty();
	}

}
