package io.rq.redis;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code ready.lua}: jobs that a process of RQ 3 had made ready to be enqueued
 * when it died, as protocol §10 says it leaves them.
 */
class ReadyTests extends AbstractStoreTests {

	private void left(String id, double age, String... fields) {
		python(id, "status", "ready_to_enqueue", "enqueued_at", "");
		for (int i = 0; i < fields.length; i += 2) {
			hash("rq:job:" + id, fields[i], fields[i + 1]);
		}
		zadd("rq:ready:default", Math.floor(now() - age), id);
	}

	@Test
	void jobsGoToTheirQueueInTheOrderInWhichTheyBecameReady() {
		left("second", 20);
		left("first", 30);
		left("front", 15, "enqueue_at_front", "1");
		Map<String, String> before = this.redis.state().hash("rq:job:first");
		assertThat(this.maintenance.enqueueReady("default")).isEqualTo(3);
		assertThat(list("rq:queue:default")).containsExactly("front", "first", "second");
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:job:first", "rq:job:second", "rq:job:front",
				"rq:queue:default", "rq:queues");
		before.put("status", "queued");
		before.put("enqueued_at", STAMP);
		assertThat(this.redis.state().hash("rq:job:first")).isEqualTo(before);
		assertThat(claim(5)).extracting(Execution::jobId).containsExactly("front", "first", "second");
	}

	@Test
	void whatHasJustBecomeReadyIsLeftToRq() {
		left("a", 5);
		Map<String, String> before = this.redis.state().hash("rq:job:a");
		assertThat(this.maintenance.enqueueReady("default")).isZero();
		assertThat(this.redis.state().hash("rq:job:a")).isEqualTo(before);
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:job:a", "rq:ready:default");
	}

	@Test
	void whatIsNoLongerReadyLeavesTheRegistryOnly() {
		left("a", 20, "status", "queued");
		zadd("rq:ready:default", 5, "gone");
		Map<String, String> before = this.redis.state().hash("rq:job:a");
		assertThat(this.maintenance.enqueueReady("default")).isZero();
		assertThat(this.redis.state().keys()).containsOnlyKeys("rq:job:a");
		assertThat(this.redis.state().hash("rq:job:a")).isEqualTo(before);
	}

	@Test
	void jobWithARateLimitGoesThroughIt() {
		zadd("rq:rl:api:allowed", 5, "other");
		left("a", 20, "rate_limit_key", "api", "rate_limit_concurrency", "1");
		assertThat(this.maintenance.enqueueReady("default")).isEqualTo(1);
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:ready:default", "rq:queue:default");
		assertThat(this.redis.state().zset("rq:rl:api:rate_limited")).containsOnlyKeys("a");
	}

	@Test
	void jobStaysWhereItsQueueTakesNone() {
		left("a", 20);
		this.template.opsForValue().set("rq:queue:default", "of another type");
		assertThat(this.maintenance.enqueueReady("default")).isZero();
		assertThat(field("a", "status")).isEqualTo("ready_to_enqueue");
		assertThat(this.redis.state().zset("rq:ready:default")).containsOnlyKeys("a");
	}

	@Test
	void jobsThatAKeyDoesNotTakeKeepNoOthersFromGoing() {
		List<String> barred = IntStream.range(0, 510).mapToObj((i) -> "barred-" + i).toList();
		barred.forEach((id) -> left(id, 30, "rate_limit_key", "api", "rate_limit_concurrency", "1"));
		left("free", 20);
		this.template.opsForValue().set("rq:rl:api", "of another type");
		assertThat(this.maintenance.enqueueReady("default")).isEqualTo(1);
		assertThat(list("rq:queue:default")).containsExactly("free");
		assertThat(this.redis.state().zset("rq:ready:default")).containsOnlyKeys(barred);
		assertThat(this.redis.state().zset("rq:ready:default").values())
			.allSatisfy((score) -> assertThat(score).isGreaterThan(now() - 25));
		left("barred-0", 30);
		List<?> reply = new RedisScripts(this.redis.connectionFactory()).run(Script.READY,
				ScriptArguments.keys("rq:ready:default").add("default").add(10).add(500).add(STAMP));
		assertThat(Replies.list(reply, 2).stream().map(Replies::text)).containsExactly("rq:rl:api");
	}

	@Test
	void registryOfAnotherTypeIsReported() {
		this.template.opsForValue().set("rq:ready:default", "of another type");
		assertThatExceptionOfType(ScriptRefusedException.class)
			.isThrownBy(() -> this.maintenance.enqueueReady("default"));
	}

	@Test
	void veryManyGoInParts() {
		List<String> ids = IntStream.range(0, 1200).mapToObj((i) -> "j" + i).toList();
		ids.forEach((id) -> left(id, 20));
		assertThat(this.maintenance.enqueueReady("default")).isEqualTo(1200);
		assertThat(list("rq:queue:default").stream().collect(Collectors.toSet()))
			.containsExactlyInAnyOrderElementsOf(ids);
	}

}
