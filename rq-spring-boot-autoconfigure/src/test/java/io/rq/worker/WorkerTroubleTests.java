package io.rq.worker;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for workers that cannot do a part of their work.
 */
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class WorkerTroubleTests extends AbstractWorkerTests {

	WorkerTroubleTests(RedisConnectionFactory connections) {
		super(connections);
	}

	@Test
	void aBadQueueKeepsMaintenanceFromNoneAfterItAndIsAProblemWhileItLasts(CapturedOutput output) {
		// the first failure is that of a script's text, the next that of its hash
		this.bench.redis((redis) -> {
			redis.scriptingCommands().scriptFlush();
			return "";
		});
		this.bench.<@Nullable Boolean>redis(
				(redis) -> redis.stringCommands().set(bytes(key("bad", "rq:finished:bad")), bytes("no sorted set")));
		this.bench.<@Nullable Boolean>redis((redis) -> redis.zSetCommands()
			.zAdd(bytes(key("good", "rq:finished:good")), 1, bytes("8f7a2c0e-5f2f-4d3c-8f0e-0f4d3c2b1a00")));
		WorkerContainer worker = this.bench.worker("worker-1", (options) -> options.withQueues(List.of("bad", "good")));
		await().until(() -> !this.bench.<Boolean>redis(
				(redis) -> Boolean.TRUE.equals(redis.keyCommands().exists(bytes(key("good", "rq:finished:good"))))));
		await().untilAsserted(() -> assertThat(worker.state().problems()).singleElement()
			.asString()
			.contains("rq-maintain-worker-1 has failed for", "WRONGTYPE"));
		assertThat(output).containsOnlyOnce("Maintenance of queue 'bad' failed");
		this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("bad", "rq:finished:bad"))));
		await().until(() -> worker.state().problems().isEmpty());
	}

	@Test
	void aLoopThatFailsInEveryRoundIsAProblemWithItsCauseUntilItWorksAgain() {
		this.bench.<@Nullable Boolean>redis(
				(redis) -> redis.hashCommands().hSet(bytes(key("rq:worker:worker-1")), bytes("pid"), bytes("1")));
		WorkerContainer worker = this.bench.worker();
		await().untilAsserted(() -> assertThat(worker.state().problems()).anySatisfy((problem) -> assertThat(problem)
			.contains("rq-fetch-worker-1 has failed for", "A living worker is named 'worker-1' already")));
		this.bench.<@Nullable Long>redis((redis) -> redis.keyCommands().del(bytes(key("rq:worker:worker-1"))));
		await().until(() -> worker.state().problems().isEmpty());
	}

}
