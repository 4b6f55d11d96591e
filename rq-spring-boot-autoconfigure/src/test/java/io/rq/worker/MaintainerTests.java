package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the maintenance of a running worker.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class MaintainerTests {

	private static final WorkerOptions.Timing LIKE_PYTHON = new WorkerOptions.Timing(Duration.ofSeconds(90),
			Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofSeconds(10), Duration.ofSeconds(1),
			Duration.ofMillis(500));

	private final TestRedis redis;

	MaintainerTests(TestRedis redis) {
		this.redis = redis;
	}

	private void registerPythonWorker(WorkerBench bench) {
		bench.redis((connection) -> {
			connection.hashCommands().hSet(bytes(key("rq:worker:py")), bytes("python_version"), bytes("3.11.2 (main)"));
			connection.setCommands()
				.sAdd(bytes(key("rq:workers")), bytes(key("rq:worker:py")), bytes(key("rq:worker:dead")));
			return connection.setCommands().sAdd(bytes(key("rq:workers:default")), bytes(key("rq:worker:py")));
		});
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private void awaitRounds() {
		await().until(() -> !this.redis.state().set(key("rq:workers")).contains(key("rq:worker:dead")));
	}

	@Test
	void warnsOnceOfALeaseThatIsShorterThanThatOfPythonWorkersOnTheQueue(CapturedOutput output) {
		try (WorkerBench bench = new WorkerBench(this.redis.connectionFactory())) {
			registerPythonWorker(bench);
			bench.worker();
			await().until(() -> output.getOut().contains("Workers of Python are registered on queue default"));
			registerPythonWorker(bench);
			awaitRounds();
		}
		assertThat(output.getOut().split("Workers of Python are registered", -1)).hasSize(2);
	}

	@Test
	void warnsNobodyWhoseLeaseIsAsLongAsThatOfPythonWorkers(CapturedOutput output) {
		try (WorkerBench bench = new WorkerBench(this.redis.connectionFactory())) {
			registerPythonWorker(bench);
			bench.worker("worker-1", (options) -> options.withTiming(LIKE_PYTHON));
			awaitRounds();
			registerPythonWorker(bench);
			awaitRounds();
		}
		assertThat(output).doesNotContain("Workers of Python");
	}

	@Test
	void workerNameMayNotContainWhatSeparatesThePartsOfKeys() {
		assertThatIllegalArgumentException().isThrownBy(() -> WorkerOptions.of("a:b", "default"))
			.withMessageContaining("must not contain ':'")
			.withMessageContaining("'a:b'");
	}

}
