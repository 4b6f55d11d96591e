package io.rq.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.job.InvalidJobException;
import io.rq.job.JobStatus;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a worker makes of jobs that other programs have written.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class ForeignJobTests {

	private final TestRedis redis = TestRedis.shared();

	private final StringRedisTemplate template = new StringRedisTemplate(this.redis.connectionFactory());

	private final WorkerBench bench = new WorkerBench(this.redis.connectionFactory());

	private final Set<Object> ran = ConcurrentHashMap.newKeySet();

	@AfterEach
	void close() {
		this.bench.close();
	}

	private void write(String id, Map<String, String> fields) {
		this.template.opsForHash()
			.putAll(key("rq:job:" + id), Map.of("status", "queued", "origin", "default", "timeout", "180", "data",
					"[\"note\", null, [\"" + id + "\"], {}]"));
		this.template.opsForHash().putAll(key("rq:job:" + id), fields);
		this.template.opsForList().rightPush(key("rq:queue:default"), id);
		// without it nobody looks for an id there in the tagged layout
		this.template.opsForSet().add("rq:queues", key("rq:queue:default"));
	}

	private void work() {
		this.bench.handle("note", (context, args) -> this.ran.add(args.get(0)));
		this.bench.worker();
	}

	private JobStatus status(String id) {
		return this.bench.jobs().find(id).orElseThrow().status();
	}

	@Test
	void durationsOfThreeHundredYearsHarmNeitherTheirJobNorItsNeighbours() {
		String endless = "9460800000";
		write("a", Map.of());
		write("b", Map.of("timeout", endless));
		write("c", Map.of("ttl", endless, "failure_ttl", endless));
		write("d", Map.of("result_ttl", "9223372036854775807"));
		write("e", Map.of());
		work();
		await().until(() -> this.ran.size() == 5);
		await().untilAsserted(() -> assertThat(this.redis.state().zset(key("rq:finished:default")))
			.containsOnlyKeys("a", "b", "c", "d", "e"));
		assertThat(status("b")).isEqualTo(JobStatus.FINISHED);
		assertThat(this.redis.state().ttl(key("rq:job:d"))).isGreaterThan(3_000_000_000L);
	}

	@Test
	void whatJobsAskForInVainIsToldWhenTheyRun(CapturedOutput output) {
		write("a", Map.of("description", "tasks.reported('a')", "success_callback_name", "tasks.report", "webhooks",
				"[{\"url\": \"http://localhost\"}]"));
		write("b", Map.of("description", "tasks.reported('b')", "success_callback_name", "tasks.report"));
		work();
		await().untilAsserted(() -> assertThat(this.ran).containsExactlyInAnyOrder("a", "b"));
		await().untilAsserted(() -> assertThat(output)
			.containsOnlyOnce("Jobs of 'note' ask for webhooks, but no webhooks are sent here")
			.containsOnlyOnce("Jobs of 'note' ask for the callbacks [tasks.report]"));
	}

	@Test
	void dataThatInflatesToFarMoreFailsAloneAndWithTheReason() throws IOException {
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
			for (int i = 0; i < 300; i++) {
				out.write(new byte[1 << 20]);
			}
		}
		write("a", Map.of());
		for (String id : List.of("b", "c", "d")) {
			write(id, Map.of());
			this.bench.redis((connection) -> connection.hashCommands()
				.hSet(key("rq:job:" + id).getBytes(StandardCharsets.UTF_8), "data".getBytes(StandardCharsets.UTF_8),
						bomb.toByteArray()));
		}
		write("e", Map.of());
		work();
		await().untilAsserted(
				() -> assertThat(this.redis.state().zset(key("rq:failed:default"))).containsOnlyKeys("b", "c", "d"));
		await().untilAsserted(() -> assertThat(this.ran).containsExactlyInAnyOrder("a", "e"));
		assertThat(this.bench.jobs().results("b").get(0).exception()).contains("rq.job.max-payload-size");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> this.bench.jobs().find("b"));
	}

}
