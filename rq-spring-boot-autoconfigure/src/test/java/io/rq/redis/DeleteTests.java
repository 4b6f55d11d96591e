package io.rq.redis;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.job.DuplicateJobException;
import io.rq.job.JobStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the delete script.
 */
class DeleteTests extends AbstractStoreTests {

	/** W18. */
	@ParameterizedTest
	@EnumSource
	void nothingIsLeftOfAJob(JobStatus status) {
		python("a", "status", status.value());
		switch (status) {
			case QUEUED -> push("default", "a");
			case STARTED -> {
				zadd("rq:wip:default", now() + 30, "a:e1");
				zadd("rq:executions:a", now() + 30, "e1");
				hash("rq:execution:a:e1", "id", "e1");
			}
			case FINISHED, SCHEDULED, DEFERRED, FAILED, CANCELED ->
				zadd("rq:" + status.value() + ":default", now() + 60, "a");
			case STOPPED -> zadd("rq:failed:default", now() + 60, "a");
			default -> {
			}
		}
		this.template.opsForSet().add("rq:job:a:dependents", "child");
		this.template.opsForSet().add("rq:job::a:dependencies", "parent");
		this.template.opsForStream().add("rq:results:a", Map.of("type", "2"));
		this.template.opsForStream().add("rq:attempts:a", Map.of("type", "4"));
		assertThat(this.control.delete("a", false)).isTrue();
		assertThat(this.redis.state().keys().keySet()).allMatch((key) -> key.startsWith("rq:enqueued:"));
		assertThat(this.control.delete("a", false)).isFalse();
	}

	/** W21: RQ raises, for an execution that is named and not there. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatABeatAfterTheEndHasLeftIsNoHindrance(boolean half) {
		enqueue(job("a"));
		zadd("rq:executions:a", now() + 60, "e1");
		if (half) {
			hash("rq:execution:a:e1", "last_heartbeat", "1795401949.235880");
		}
		assertThat(this.control.cancel("a", false)).isTrue();
		assertThat(this.control.delete("a", false)).isTrue();
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:a", "rq:executions:a", "rq:execution:a:e1");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void runThatIsUnderWayRecordsNothing(boolean shown) {
		Execution run = started("a");
		if (shown) {
			this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW)));
		}
		this.control.delete("a", false);
		assertThat(this.executions.beat("busy", List.of("default"), List.of(new ExecutionStore.Run(run, NOW))).lost())
			.containsExactly(run);
		enqueue(given(job("a")));
		claim(1);
		assertThat(this.executions.finish(List.of(success(run, 500)))).containsExactly(run);
		assertThat(field("a", "status")).isEqualTo("started");
	}

	@Test
	void otherRunsKeepTheirLeases() {
		Execution run = started("a");
		Execution other = started("a-");
		this.control.delete("a", false);
		assertThat(this.redis.state().zset("rq:wip:default")).containsOnlyKeys("a-:" + other.id());
		assertThat(this.executions.finish(List.of(success(run, 500), success(other, 500)))).containsExactly(run);
	}

	@Test
	void jobsThatWaitForItGoOnWaitingUnlessTheyAreToGo() {
		enqueue(job("a"), job("b"));
		deferred("of-a", "a");
		deferred("of-b", "b");
		this.control.delete("a", false);
		assertThat(field("of-a", "status")).isEqualTo("deferred");
		this.control.delete("b", true);
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:of-b", "rq:job:b",
				"rq:job::of-b:dependencies");
		assertThat(this.redis.state().zset("rq:deferred:default")).containsOnlyKeys("of-a");
	}

	@Test
	void thoseThatWaitForThemGoToo() {
		enqueue(job("a"));
		List<String> children = IntStream.range(0, 1200).mapToObj((i) -> "c" + i).toList();
		for (String child : children) {
			hash("rq:job:" + child, "status", "deferred", "origin", "default", "data", "x");
		}
		this.template.opsForSet().add("rq:job:a:dependents", children.toArray(String[]::new));
		deferred("grandchild", "c7");
		deferred("great-grandchild", "grandchild");
		deferred("shared", "c7");
		this.template.opsForSet().add("rq:job:c8:dependents", "shared");
		this.template.opsForSet().add("rq:job:shared:dependents", "a", "none");
		assertThat(this.control.delete("a", true)).isTrue();
		assertThat(this.redis.state().keys().keySet())
			.allMatch((key) -> key.startsWith("rq:enqueued:") || key.equals("rq:queues"));
	}

	@Test
	void idThatMayBeLeftOnALongListDoesNotRunTwiceWhenItIsUsedAgain() {
		push("default", IntStream.range(0, 12_000).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
		enqueue(given(job("a")));
		push("default", IntStream.range(0, 12_000).mapToObj((i) -> "filler-" + i).toArray(String[]::new));
		assertThat(this.control.delete("a", false)).isTrue();
		assertThat(this.jobs.find("a")).isEmpty();
		assertThat(this.jobs.exists("a")).isFalse();
		assertThat(this.redis.state().ttl("rq:job:a")).isGreaterThan(600_000);
		enqueue(unique(job("a")));
		assertThatExceptionOfType(DuplicateJobException.class).isThrownBy(() -> enqueue(unique(job("a"))));
		assertThat(runAll()).isEqualTo(1);
	}

	@Test
	void keyThatIsNoJobStaysAsItIs() {
		this.template.opsForValue().set("rq:job:a", "text");
		assertThat(this.control.delete("a", false)).isFalse();
		assertThat(this.template.opsForValue().get("rq:job:a")).isEqualTo("text");
	}

}
