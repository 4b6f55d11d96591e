package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.rq.job.Dependency;
import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.redis.DeletedJobs.Outcome;
import io.rq.test.RedisState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for deleted jobs that are kept, and the script that puts them back.
 */
class UndeleteTests extends AbstractStoreTests {

	private final DeletedJobs deleted = new DeletedJobs(new RedisScripts(this.redis.connectionFactory()), this.clock);

	private void put(String id, JobStatus status) {
		python(id, "status", status.value());
		switch (status) {
			case QUEUED -> push("default", id);
			case STARTED -> zadd("rq:wip:default", now() + 30, id + ":e1");
			case FINISHED, SCHEDULED, DEFERRED, FAILED, CANCELED ->
				zadd("rq:" + status.value() + ":default", now() + 60, id);
			case STOPPED -> zadd("rq:failed:default", now() + 60, id);
			default -> {
			}
		}
	}

	private Map<String, Object> places() {
		RedisState state = this.redis.state();
		Map<String, Object> places = new TreeMap<>();
		List.of("finished", "scheduled", "failed", "canceled")
			.forEach((registry) -> places.put(registry, state.zset("rq:" + registry + ":default")));
		places.put("queue", list("rq:queue:default"));
		return places;
	}

	@ParameterizedTest
	@EnumSource
	void jobIsBackWhereItWasWithAllThatIsItsOwn(JobStatus status) {
		put("a", status);
		this.template.opsForSet().add("rq:job:a:dependents", "child");
		this.template.opsForStream().add("rq:results:a", Map.of("type", "2"));
		this.template.opsForStream().add("rq:attempts:a", Map.of("type", "4"));
		this.template.expire("rq:job:a", Duration.ofHours(1));
		this.template.expire("rq:results:a", Duration.ofHours(2));
		Map<String, Object> places = places();
		Map<String, String> hash = new TreeMap<>(this.redis.state().hash("rq:job:a"));
		boolean keepable = switch (status) {
			case STARTED, DEFERRED, READY_TO_ENQUEUE -> false;
			default -> true;
		};
		assertThat(this.deleted.delete("a", false, LEASE, null)).isEqualTo(keepable ? Outcome.KEPT : Outcome.GONE);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:a", "rq:job:a:dependents", "rq:results:a",
				"rq:attempts:a", "rq:queue:default", "rq:" + status.value() + ":default");
		assertThat(this.jobs.find("a")).isEmpty();
		assertThat(this.deleted.queue("a")).isEqualTo(keepable ? "default" : null);
		this.redis.state()
			.keys()
			.keySet()
			.stream()
			.filter((key) -> key.startsWith("rq:deleted"))
			.forEach((key) -> assertThat(this.redis.state().ttl(key)).as(key).isBetween(0L, LEASE.toSeconds()));
		assertThat(this.deleted.restore("a")).isEqualTo(keepable);
		assertThat(this.deleted.restore("a")).isFalse();
		if (keepable) {
			Map<String, String> after = new TreeMap<>(this.redis.state().hash("rq:job:a"));
			if (status == JobStatus.QUEUED || status == JobStatus.RATE_LIMITED) {
				hash.put("status", "queued");
				hash.put("enqueued_at", after.get("enqueued_at"));
				places.put("queue", List.of("a"));
			}
			assertThat(after).isEqualTo(hash);
			assertThat(places()).isEqualTo(places);
			assertThat(this.redis.state().ttl("rq:job:a")).isBetween(3_500L, 3_600L);
			assertThat(this.redis.state().ttl("rq:results:a")).isBetween(7_100L, 7_200L);
			assertThat(this.redis.state().ttl("rq:attempts:a")).isEqualTo(-1);
			assertThat(this.redis.state().keys()).containsKey("rq:job:a:dependents");
		}
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:deleted"));
	}

	@Test
	void jobThatIsPutBackRunsAndThoseThatWaitForItGoOn() {
		enqueue(job("a"));
		enqueue(DependencyTests.after(job("child"), Dependency.on("a")));
		assertThat(this.deleted.delete("a", false, LEASE, null)).isEqualTo(Outcome.KEPT);
		assertThat(claim(1)).isEmpty();
		assertThat(this.deleted.restore("a")).isTrue();
		this.executions.finish(List.of(success(claim(1).get(0), 500)));
		assertThat(field("child", "status")).isEqualTo("queued");
	}

	@Test
	void idThatAWorkerHadTakenDoesNotStartARetryBeforeItsTime() {
		enqueue(job("a"));
		this.template.opsForList().rightPopAndLeftPush("rq:queue:default", "rq:taken:default:gone");
		assertThat(this.deleted.delete("a", false, LEASE, null)).isEqualTo(Outcome.KEPT);
		assertThat(this.deleted.restore("a")).isTrue();
		this.executions.retry(List.of(retry(claim(1).get(0), 600, false, null, null)));
		this.template.opsForList().rightPopAndLeftPush("rq:taken:default:gone", "rq:queue:default");
		assertThat(claim(1)).isEmpty();
		assertThat(field("a", "status")).isEqualTo("scheduled");
	}

	@Test
	void jobOfThatIdStaysAsItIs() {
		enqueue(given(job("a")));
		this.deleted.delete("a", false, LEASE, null);
		enqueue(given(job("a")));
		Map<String, String> hash = this.redis.state().hash("rq:job:a");
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.deleted.restore("a"))
			.withMessageContaining("There is a job of that id again");
		assertThat(this.redis.state().hash("rq:job:a")).isEqualTo(hash);
		assertThat(this.control.delete("a", false)).isTrue();
		assertThat(this.deleted.restore("a")).isTrue();
	}

	@Test
	void jobThatWouldHaveExpiredIsNotPutBack() {
		put("a", JobStatus.FAILED);
		zadd("rq:failed:default", now() + 60, "a");
		put("b", JobStatus.CANCELED);
		this.template.expire("rq:job:b", Duration.ofSeconds(60));
		this.deleted.delete("a", false, LEASE, null);
		this.deleted.delete("b", false, LEASE, null);
		hash("rq:deleted:a", "kept_score", String.valueOf(now() - 1));
		hash("rq:deleted:b", "kept_expiry", "1000");
		for (String id : List.of("a", "b")) {
			assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.deleted.restore(id))
				.withMessageContaining("expired by now");
			assertThat(this.jobs.exists(id)).isFalse();
		}
	}

	@Test
	void failedJobWithoutEndIsPutBack() {
		put("a", JobStatus.FAILED);
		zadd("rq:failed:default", -1, "a");
		this.deleted.delete("a", false, LEASE, null);
		assertThat(this.deleted.restore("a")).isTrue();
		assertThat(this.redis.state().zset("rq:failed:default")).containsEntry("a", -1.0);
	}

	@Test
	void nothingIsLeftWhenTheTimeIsOver() {
		enqueue(job("a"));
		this.deleted.delete("a", false, Duration.ofMillis(50), null);
		Awaitility.await().until(() -> this.deleted.queue("a") == null);
		assertThat(this.deleted.restore("a")).isFalse();
		assertThat(this.redis.state().keys().keySet()).noneMatch((key) -> key.startsWith("rq:deleted"));
	}

	@Test
	void withJobsThatWaitForItNoneIsKept() {
		enqueue(job("a"), job("b"));
		deferred("child", "a");
		assertThat(this.deleted.delete("a", true, LEASE, null)).isEqualTo(Outcome.GONE);
		assertThat(this.deleted.delete("b", true, LEASE, null)).isEqualTo(Outcome.KEPT);
		assertThat(this.deleted.delete("b", false, LEASE, null)).isEqualTo(Outcome.NONE);
	}

	@Test
	void slotAndGroupAreGivenBackAndTakenAgain() {
		enqueue(RateLimitTests.limited("api", 1, job("a")), RateLimitTests.limited("api", 1, job("b")));
		enqueue(GroupTests.in("group-1", job("member")));
		this.deleted.delete("a", false, LEASE, null);
		this.deleted.delete("member", false, LEASE, null);
		assertThat(field("b", "status")).isEqualTo("queued");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:group:group-1");
		assertThat(this.deleted.restore("a")).isTrue();
		assertThat(this.deleted.restore("member")).isTrue();
		assertThat(field("a", "status")).isEqualTo("rate_limited");
		assertThat(this.template.opsForSet().members("rq:group:group-1")).containsExactly("member");
		assertThat(list("rq:queue:default")).containsExactly("b", "member");
	}

	@Test
	void idThatMayBeLeftOnALongListDoesNotRunTwice() {
		push("default", IntStream.range(0, 12_000).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
		enqueue(given(job("a")));
		push("default", IntStream.range(0, 12_000).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
		assertThat(this.deleted.delete("a", false, LEASE, null)).isEqualTo(Outcome.KEPT);
		assertThat(this.deleted.restore("a")).isTrue();
		assertThat(runAll()).isEqualTo(1);
	}

	@Test
	void placeOfAnotherTypeChangesNothing() {
		put("a", JobStatus.FAILED);
		this.deleted.delete("a", false, LEASE, null);
		this.template.opsForValue().set("rq:failed:default", "text");
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.deleted.restore("a"));
		assertThat(this.deleted.queue("a")).isEqualTo("default");
		assertThat(this.jobs.exists("a")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "100, 0, true", "80, 100, true", "81, 100, false" })
	void memoryIsLeftToJobsThatAreToRun(String used, String most, boolean room) {
		Properties memory = new Properties();
		memory.setProperty("used_memory", used);
		memory.setProperty("maxmemory", most);
		assertThat(DeletedJobs.hasRoom(memory)).isEqualTo(room);
		Properties cluster = new Properties();
		cluster.setProperty("h:1.used_memory", "1");
		cluster.setProperty("h:1.maxmemory", "100");
		cluster.setProperty("h:2.used_memory", used);
		cluster.setProperty("h:2.maxmemory", most);
		assertThat(DeletedJobs.hasRoom(cluster)).isEqualTo(room);
	}

	@Test
	void obstacleIsToldByRedis() {
		assertThat(this.deleted.obstacle()).isNull();
	}

}
