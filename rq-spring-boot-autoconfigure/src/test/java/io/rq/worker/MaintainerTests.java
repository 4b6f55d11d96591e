package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.handler.JobListener;
import io.rq.job.JobRequest;
import io.rq.queue.Registry;
import io.rq.redis.Retention;
import io.rq.redis.Retention.Bounds;
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
	void endedJobsBeyondWhatIsKeptAreDroppedAndToldOf(CapturedOutput output) {
		Bounds ten = new Bounds(10, null, 0);
		Map<Registry, Long> dropped = new ConcurrentHashMap<>();
		try (WorkerBench bench = new WorkerBench(this.redis.connectionFactory())) {
			bench.listen(new JobListener() {
				@Override
				public void dropped(String queue, Registry registry, long jobs) {
					dropped.merge(registry, jobs, Long::sum);
				}
			});
			bench.handle("f", (context, args) -> null);
			bench.jobs().enqueueAll(Collections.nCopies(50, JobRequest.of("f")));
			WorkerOptions.Defaults rq = WorkerOptions.Defaults.RQ;
			bench.worker("worker-1", (options) -> options.withDefaults(new WorkerOptions.Defaults(rq.jobs(),
					rq.maxReclaims(), rq.unknownFunctionGrace(), new Retention(ten, Bounds.NONE, Bounds.NONE))));
			await().until(() -> dropped.getOrDefault(Registry.FINISHED, 0L) == 40);
		}
		assertThat(this.redis.state().zset(key("rq:finished:default"))).hasSize(10);
		assertThat(output).contains("finished jobs of queue default were dropped").contains("'rq.retention.finished'");
	}

	@Test
	void workerNameMayNotContainWhatSeparatesThePartsOfKeys() {
		assertThatIllegalArgumentException().isThrownBy(() -> WorkerOptions.of("a:b", "default"))
			.withMessageContaining("must not contain ':'")
			.withMessageContaining("'a:b'");
	}

}
