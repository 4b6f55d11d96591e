package io.rq.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnection;

import io.rq.job.JobStatus;
import io.rq.test.Fuzz;
import io.rq.test.OneRedis;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Feeds a running worker with thousands of damaged jobs and commands: it goes on, and
 * changes nothing that is not theirs.
 */
@OneRedis("writes raw keys, as other programs do")
@ExtendWith(OutputCaptureExtension.class)
class FuzzedWorkerTests {

	private static final int JOBS = 5_000;

	private final TestRedis redis = TestRedis.start();

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final Fuzz fuzz = new Fuzz("{\"command\": \"kill-horse\"}".getBytes(StandardCharsets.UTF_8));

	@AfterEach
	void close() {
		this.bench.close();
		this.redis.close();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static Map<String, byte[]> hash(String... fields) {
		Map<String, byte[]> hash = new HashMap<>();
		for (int i = 0; i < fields.length; i += 2) {
			hash.put(fields[i], bytes(fields[i + 1]));
		}
		return hash;
	}

	private static List<Map<String, byte[]>> hashes() {
		String data = "[\"note\", null, [\"a\", 1], {}]";
		return List.of(hash("status", "queued", "origin", "default", "timeout", "180", "data", data),
				hash("status", "queued", "origin", "default", "timeout", "60", "ttl", "600", "result_ttl", "60",
						"failure_ttl", "60", "created_at", "2026-01-31T12:00:00.123456Z", "meta", "{\"k\": 1}", "data",
						data, "retries_left", "1", "retry_intervals", "[1]", "repeats_left", "1", "repeat_intervals",
						"[60]", "success_callback_name", "ok", "success_callback_timeout", "60"),
				hash("status", "queued", "origin", "default", "timeout", "60", "data", data, "group_id", "g",
						"rate_limit_key", "window:60000:60000:api", "webhooks", "[{\"url\": \"https://example.org\"}]",
						"dependency_ids", "[\"neighbour\"]", "enqueue_at_front", "1"));
	}

	private void feed(RedisConnection connection, List<Map<String, byte[]>> hashes) {
		for (int i = 0; i < JOBS; i++) {
			Map<String, byte[]> hash = this.fuzz.damagedHash(hashes);
			byte[] key = bytes("rq:job:fuzzed-" + i);
			hash.forEach((name, value) -> connection.hashCommands().hSet(key, bytes(name), value));
			connection.listCommands().rPush(bytes("rq:queue:default"), bytes("fuzzed-" + i));
		}
	}

	private void command(RedisConnection connection, List<String> commands) {
		for (int i = 0; i < JOBS; i++) {
			connection.publish(bytes("rq:pubsub:worker-1"), bytes(this.fuzz.damagedText(commands)));
		}
	}

	@Test
	void theWorkerGoesOnAndChangesNothingOfANeighbour(CapturedOutput output) {
		Map<String, byte[]> neighbour = hash("status", "finished", "origin", "other", "timeout", "180", "data",
				"[\"note\", null, [], {}]");
		AtomicInteger runs = new AtomicInteger();
		this.bench.handle("note", (context, args) -> runs.incrementAndGet());
		this.bench.redis((connection) -> {
			neighbour.forEach(
					(name, value) -> connection.hashCommands().hSet(bytes("rq:job:neighbour"), bytes(name), value));
			connection.listCommands().rPush(bytes("rq:queue:other"), bytes("neighbour"));
			feed(connection, hashes());
			return 0L;
		});
		Map<String, String> before = this.redis.state().hash("rq:job:neighbour");
		WorkerContainer worker = this.bench.worker();
		this.bench.redis((connection) -> {
			command(connection, List.of("{\"command\": \"stop-job\", \"job_id\": \"nobody\"}",
					"{\"command\": \"stop-execution\", \"job_id\": \"nobody\", \"execution_id\": \"0123\"}"));
			return 0L;
		});
		await().atMost(Duration.ofSeconds(30)).until(() -> this.redis.state().list("rq:queue:default").isEmpty());
		String last = this.bench.jobs().enqueue("note").id();
		await().until(() -> this.bench.jobs().find(last).orElseThrow().status() == JobStatus.FINISHED);
		await().until(() -> this.redis.state().zset("rq:wip:default").isEmpty());
		assertThat(worker.isRunning()).isTrue();
		assertThat(runs.get()).as("runs").isBetween(JOBS / 50, 3 * JOBS);
		assertThat(this.redis.state().zset("rq:failed:default")).as("failed").hasSizeGreaterThan(JOBS / 50);
		assertThat(this.redis.state().hash("rq:job:neighbour")).isEqualTo(before);
		assertThat(this.redis.state().list("rq:queue:other")).containsExactly("neighbour");
		assertThat(output.getOut().lines().mapToInt(String::length).max().orElse(0)).as("longest line")
			.isLessThan(5_000);
	}

}
