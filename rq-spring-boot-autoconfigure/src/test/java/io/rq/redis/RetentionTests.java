package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.core.script.DefaultRedisScript;

import io.rq.queue.Registry;
import io.rq.redis.MaintenanceStore.Chore;
import io.rq.redis.Retention.Bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Retention} and {@code trim.lua}.
 */
class RetentionTests extends AbstractStoreTests {

	/** So many of each kind. */
	static Retention kept(long jobs) {
		Bounds bounds = new Bounds(jobs, null, 0);
		return new Retention(bounds, bounds, bounds);
	}

	static Retention aged(long seconds) {
		Bounds bounds = new Bounds(0, Duration.ofSeconds(seconds), 0);
		return new Retention(bounds, bounds, bounds);
	}

	private static Retention sized(long bytes) {
		Bounds bounds = new Bounds(0, null, bytes);
		return new Retention(bounds, bounds, bounds);
	}

	private void ended(Registry registry, String id, double score, String... fields) {
		python(id, "status", registry.value());
		hash("rq:job:" + id, fields);
		this.template.opsForStream().add("rq:results:" + id, Map.of("type", "1"));
		this.template.opsForStream().add("rq:attempts:" + id, Map.of("type", "4"));
		this.template.opsForSet().add("rq:job:" + id + ":dependents", "x");
		zadd("rq:" + registry.value() + ":default", score, id);
	}

	private Set<String> left(Registry registry) {
		return this.redis.state().zset("rq:" + registry.value() + ":default").keySet();
	}

	/** What the server says that keys take: versions differ by half. */
	private long bytes(String... keys) {
		String script = "return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)";
		return Stream.of(keys)
			.mapToLong((key) -> Objects
				.requireNonNull(this.template.execute(new DefaultRedisScript<>(script, Long.class), List.of(key))))
			.sum();
	}

	private Set<Chore> chores(Retention retention) {
		return this.maintenance.chores(List.of("other", "default"), -1, retention).getOrDefault("default", Set.of());
	}

	@ParameterizedTest
	@EnumSource(names = { "FINISHED", "FAILED", "CANCELED" })
	void beyondTheirNumberThoseGoThatWouldExpireFirst(Registry registry) {
		for (int i = 0; i < 350; i++) {
			ended(registry, "job-" + i, now() + 1000 + i);
		}
		assertThat(chores(kept(350))).doesNotContain(Chore.TRIM);
		assertThat(chores(kept(120))).contains(Chore.TRIM);
		assertThat(this.maintenance.trim("default", kept(120))).isEqualTo(Map.of(registry, 230L));
		assertThat(left(registry)).hasSize(120).contains("job-230", "job-349");
		assertThat(this.redis.state().keys().keySet()).filteredOn((key) -> key.contains("job-229"))
			.as("what is left of a job")
			.isEmpty();
		assertThat(this.redis.state().keys()).containsKeys("rq:job:job-230", "rq:results:job-230",
				"rq:attempts:job-230", "rq:job:job-230:dependents");
		assertThat(this.maintenance.trim("default", kept(120))).isEmpty();
	}

	@Test
	void oneThatHasBecomeSomethingElseOnlyLeavesTheRegistry() {
		ended(Registry.FAILED, "again", now() + 10, "status", "queued");
		ended(Registry.FAILED, "stopped", now() + 11, "status", "stopped");
		ended(Registry.FAILED, "last", now() + 12);
		this.maintenance.trim("default", kept(1));
		assertThat(left(Registry.FAILED)).containsExactly("last");
		assertThat(this.redis.state().keys()).containsKeys("rq:job:again", "rq:results:again")
			.doesNotContainKey("rq:job:stopped");
	}

	@Test
	void thoseThatAreKeptForEverGoLast() {
		ended(Registry.FAILED, "endless", -1);
		ended(Registry.FAILED, "new", now() + 100);
		ended(Registry.FINISHED, "endless-2", Double.POSITIVE_INFINITY);
		ended(Registry.FINISHED, "new-2", now() + 100);
		assertThat(this.maintenance.trim("default", kept(1)))
			.isEqualTo(Map.of(Registry.FINISHED, 1L, Registry.FAILED, 1L));
		assertThat(left(Registry.FAILED)).containsExactly("endless");
		assertThat(left(Registry.FINISHED)).containsExactly("endless-2");
	}

	@Test
	void noneIsKeptForLongerThanTheAge() {
		ended(Registry.FAILED, "endless", -1);
		ended(Registry.FAILED, "long", now() + 5000);
		ended(Registry.FAILED, "short", now() + 100);
		ended(Registry.FINISHED, "endless-2", Double.POSITIVE_INFINITY);
		assertThat(chores(aged(600))).contains(Chore.TRIM);
		assertThat(this.maintenance.trim("default", aged(600))).isEmpty();
		for (String id : List.of("endless", "long")) {
			assertThat(score("rq:failed:default", id)).isCloseTo(now() + 600, within(5.0));
			for (String key : List.of("rq:job:", "rq:results:", "rq:attempts:")) {
				assertThat(this.template.getExpire(key + id)).isBetween(590L, 600L);
			}
		}
		assertThat(score("rq:failed:default", "short")).isCloseTo(now() + 100, within(5.0));
		assertThat(this.template.getExpire("rq:job:short")).isEqualTo(-1);
		assertThat(this.template.getExpire("rq:job:endless-2")).isBetween(590L, 600L);
		assertThat(chores(aged(600))).doesNotContain(Chore.TRIM);
	}

	@Test
	void allBatchesAreGivenTheAge() {
		for (int i = 0; i < 250; i++) {
			zadd("rq:failed:default", -1, "job-" + i);
		}
		this.maintenance.trim("default", aged(600));
		assertThat(this.redis.state().zset("rq:failed:default").values()).hasSize(250)
			.allSatisfy((score) -> assertThat(score).isPositive());
	}

	@Test
	void beyondTheirSizeThoseGoThatWouldExpireFirst() {
		for (int i = 0; i < 300; i++) {
			ended(Registry.FAILED, "job-" + i, now() + 1000 + i, "exc_info", "x".repeat(10_000));
		}
		int kept = (int) (1_100_000 / bytes("rq:job:job-299", "rq:results:job-299", "rq:attempts:job-299"));
		assertThat(kept).isBetween(45, 120);
		assertThat(chores(sized(1_100_000))).contains(Chore.TRIM);
		assertThat(this.maintenance.trim("default", sized(1_100_000))).containsOnlyKeys(Registry.FAILED);
		assertThat(left(Registry.FAILED)).hasSizeBetween(kept - 3, kept + 3)
			.contains("job-299")
			.doesNotContain("job-0");
		assertThat(this.maintenance.trim("default", sized(100_000_000))).isEmpty();
	}

	/**
	 * One among a hundred that are looked at would make them look larger than the bound.
	 */
	@Test
	void fewLargeJobsAreNoReasonToDropOthers() {
		String script = """
				for i = 1, 10000 do
				  redis.call('HSET', 'rq:job:' .. i, 'status', 'failed', 'data', '[]',
				    'exc_info', string.rep('x', i % 1000 == 0 and 1000000 or 1000))
				  redis.call('ZADD', KEYS[1], 4000000000 + i, i)
				end
				""";
		this.template.execute(new DefaultRedisScript<>(script, Long.class), List.of("rq:failed:default"));
		for (int i = 0; i < 100; i++) {
			assertThat(this.maintenance.trim("default", sized(64_000_000))).isEmpty();
		}
		assertThat(this.maintenance.trim("default", sized(5_000_000))).containsOnlyKeys(Registry.FAILED);
	}

	@Test
	void whatHasNoBoundsIsLeftAlone() {
		for (int i = 0; i < 3; i++) {
			ended(Registry.FINISHED, "job-" + i, now() + 100);
			ended(Registry.FAILED, "failed-" + i, now() + 100);
		}
		Retention results = new Retention(new Bounds(1, null, 0), Bounds.NONE, Bounds.NONE);
		assertThat(this.maintenance.trim("default", results)).isEqualTo(Map.of(Registry.FINISHED, 2L));
		assertThat(left(Registry.FAILED)).hasSize(3);
		assertThat(chores(results)).doesNotContain(Chore.TRIM);
		assertThat(chores(Retention.NONE)).doesNotContain(Chore.TRIM);
	}

	@Test
	void boundsThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(-1, null, 0))
			.withMessageContaining("maxCount");
		assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, Duration.ZERO, 0))
			.withMessageContaining("maxAge");
		assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, null, -1)).withMessageContaining("maxSize");
	}

}
