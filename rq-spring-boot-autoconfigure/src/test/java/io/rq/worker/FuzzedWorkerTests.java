package io.rq.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

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

	private static final int JOBS = 10_000;

	/** As many at a time as a connection should carry. */
	private static final int BATCH = 1_000;

	/** The registries of a queue beside that of what runs. */
	private static final List<String> REGISTRIES = List.of("finished", "failed", "canceled", "deferred", "scheduled");

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final byte[] JOB = bytes("rq:job:");

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

	/** One id of ten is damaged too. */
	private byte[] id(int number) {
		byte[] id = bytes("fuzzed-" + number);
		return (number % 10 == 0) ? this.fuzz.damaged(List.of(id)) : id;
	}

	private static byte[] job(byte[] id) {
		return ByteBuffer.allocate(JOB.length + id.length).put(JOB).put(id).array();
	}

	/** A job with another origin and its id have to be, for its run to be ended. */
	private static boolean isText(byte[] value) {
		return Arrays.equals(bytes(new String(value, StandardCharsets.UTF_8)), value);
	}

	private void feed(RedisConnection connection, List<Map<String, byte[]>> hashes, int number) {
		byte[] id = id(number);
		Map<byte[], byte[]> fields = new HashMap<>();
		this.fuzz.damagedHash(hashes)
			.forEach((name, value) -> fields.put(bytes(name),
					(name.equals("origin") && !(isText(id) && isText(value))) ? bytes("default") : value));
		connection.hashCommands().hMSet(job(id), fields);
		connection.listCommands().rPush(bytes("rq:queue:default"), id);
	}

	/** What is long over, as whoever writes to Redis may leave it. */
	private void litter(RedisConnection connection, int number) {
		List<byte[]> runs = List.of(bytes("fuzzed-" + number + ":0123456789abcdef0123456789abcdef"),
				bytes("nobody-" + number + ":0123"), bytes("nobody-" + number));
		double score = this.fuzz.any(List.of(0.0, 1.0, 1769860800.5));
		connection.zSetCommands().zAdd(bytes("rq:wip:default"), score, this.fuzz.damaged(runs));
		connection.zSetCommands()
			.zAdd(bytes("rq:" + this.fuzz.any(REGISTRIES) + ":default"), score, this.fuzz.damaged(runs));
	}

	private void command(List<String> commands) {
		this.bench.redis((connection) -> {
			for (int i = 0; i < JOBS; i++) {
				connection.publish(bytes("rq:pubsub:worker-1"), bytes(this.fuzz.damagedText(commands)));
			}
			return 0L;
		});
	}

	private void each(int count, BiConsumer<RedisConnection, Integer> what) {
		this.bench.redis((connection) -> {
			for (int i = 0; i < count; i += BATCH) {
				connection.openPipeline();
				IntStream.range(i, Math.min(count, i + BATCH)).forEach((number) -> what.accept(connection, number));
				connection.closePipeline();
			}
			return 0L;
		});
	}

	private long length(String list) {
		return this.bench.redis((connection) -> connection.listCommands().lLen(bytes(list)));
	}

	private long size(String zset) {
		return this.bench.redis((connection) -> connection.zSetCommands().zCard(bytes(zset)));
	}

	/** The jobs whose status says that they run. */
	private List<String> started() {
		return this.redis.state()
			.keys()
			.entrySet()
			.stream()
			.filter((key) -> key.getKey().startsWith("rq:job:") && key.getValue().value() instanceof Map<?, ?> hash
					&& "started".equals(hash.get("status")))
			.map((key) -> key.getKey() + "=" + key.getValue().value())
			.toList();
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
			return 0L;
		});
		List<Map<String, byte[]>> hashes = hashes();
		each(JOBS, (connection, number) -> feed(connection, hashes, number));
		each(JOBS / 20, this::litter);
		Map<String, String> before = this.redis.state().hash("rq:job:neighbour");
		WorkerContainer worker = this.bench.worker();
		List<String> commands = List.of("{\"command\": \"stop-job\", \"job_id\": \"nobody\"}",
				"{\"command\": \"stop-execution\", \"job_id\": \"nobody\", \"execution_id\": \"0123\"}");
		command(commands);
		await().atMost(PATIENCE).until(() -> length("rq:queue:default") == 0);
		String last = this.bench.jobs().enqueue("note").id();
		await().atMost(PATIENCE).until(() -> this.bench.jobs().find(last).orElseThrow().status() == JobStatus.FINISHED);
		await().atMost(PATIENCE).until(() -> size("rq:wip:default") == 0);
		assertThat(worker.isRunning()).isTrue();
		assertThat(runs.get()).as("runs").isBetween(JOBS / 50, 3 * JOBS);
		assertThat(size("rq:failed:default")).as("failed").isGreaterThan(JOBS / 50);
		assertThat(this.redis.state().hash("rq:job:neighbour")).isEqualTo(before);
		assertThat(this.redis.state().list("rq:queue:other")).containsExactly("neighbour");
		assertThat(started()).as("jobs that nobody goes on with").isEmpty();
		assertThat(this.redis.state().keys().keySet()).filteredOn((key) -> key.startsWith("rq:wip:")).isEmpty();
		assertThat(output.getOut().lines().mapToInt(String::length).max().orElse(0)).as("longest line")
			.isLessThan(5_000);
	}

}
