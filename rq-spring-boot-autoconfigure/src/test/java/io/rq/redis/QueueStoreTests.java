package io.rq.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.rq.queue.ExecutionId;
import io.rq.queue.QueueSnapshot;
import io.rq.queue.Registry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code census.lua} and {@link QueueStore}.
 */
class QueueStoreTests extends AbstractStoreTests {

	/** W7. */
	@Test
	void everythingIsCountedAndNothingChanged() {
		push("default", "a", "b");
		python("a");
		hash("rq:job:a", "enqueued_at", Timestamps.text(Timestamps.ofSeconds(now() - 30)));
		zadd("rq:wip:default", 5, "c:1");
		zadd("rq:scheduled:default", now() - 20, "d");
		zadd("rq:scheduled:default", now() + 20, "e");
		zadd("rq:deferred:default", 1, "f");
		zadd("rq:finished:default", 1, "g");
		zadd("rq:finished:default", 1, "h");
		zadd("rq:finished:default", 1, "i");
		zadd("rq:failed:default", 1, "j");
		zadd("rq:canceled:default", 1, "k");
		zadd("rq:ready:default", 1, "l");
		this.template.opsForValue().set("rq:scheduler-lock:default", "one");
		zadd("rq:scheduled:high", now() + 20, "e");
		String before = state();
		List<QueueSnapshot> snapshots = this.queues.census(List.of("default", "high", "none"));
		assertThat(state()).isEqualTo(before);
		QueueSnapshot snapshot = snapshots.get(0);
		assertThat(snapshot.name()).isEqualTo("default");
		assertThat(snapshot.sizes()).isEqualTo(sizes(2, 1, 2, 1, 3, 1, 1, 1));
		assertThat(snapshot.oldestAge()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(40));
		assertThat(snapshot.scheduler()).isEqualTo("one");
		assertThat(snapshot.overdue()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(30));
		assertThat(snapshots.get(1).overdue()).isZero();
		assertThat(snapshots.get(1).nextDue()).isNotNull();
		assertThat(snapshots.get(2))
			.isEqualTo(new QueueSnapshot("none", sizes(0, 0, 0, 0, 0, 0, 0, 0), null, null, null, Duration.ZERO, null));
	}

	@Test
	void firstJobThatCannotBeReadHasNoAge() {
		push("none", "gone");
		push("string", "string");
		push("poison", "poison");
		this.template.opsForValue().set("rq:job:string", "no hash");
		hash("rq:job:poison", "enqueued_at", "yesterday");
		assertThat(this.queues.census(List.of("none", "string", "poison"))).extracting(QueueSnapshot::oldestAge)
			.containsOnlyNulls();
		assertThat(this.queues.census(List.of())).isEmpty();
	}

	/** W7. */
	@ParameterizedTest
	@ValueSource(strings = { "queue", "scheduler-lock", "wip", "scheduled", "deferred", "finished", "failed",
			"canceled", "ready" })
	void keyOfAnotherTypeCountsAsEmptyAndHidesNoOtherQueue(String kind) {
		if (kind.equals("scheduler-lock")) {
			this.template.opsForList().rightPush("rq:scheduler-lock:odd", "x");
		}
		else {
			this.template.opsForValue().set("rq:" + kind + ":odd", "x");
		}
		push("mail", "a");
		String before = state();
		List<QueueSnapshot> snapshots = this.queues.census(List.of("odd", "mail"));
		assertThat(state()).isEqualTo(before);
		assertThat(snapshots.get(0))
			.isEqualTo(new QueueSnapshot("odd", sizes(0, 0, 0, 0, 0, 0, 0, 0), null, null, null, Duration.ZERO, null));
		assertThat(snapshots.get(1).size(Registry.QUEUED)).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Infinity", "-Infinity" })
	void jobThatIsDueAtNoTimeHidesNoOtherQueue(String due) {
		zadd("rq:scheduled:odd", Double.parseDouble(due), "x");
		push("mail", "a");
		List<QueueSnapshot> snapshots = this.queues.census(List.of("odd", "mail"));
		assertThat(snapshots.get(0).size(Registry.SCHEDULED)).isOne();
		assertThat(snapshots.get(0).nextDue()).isNull();
		assertThat(snapshots.get(0).overdue()).isZero();
		assertThat(snapshots.get(1).size(Registry.QUEUED)).isOne();
	}

	@Test
	void namesAreThoseOfAllQueuesThatEverHadAJob() {
		enqueue(job("a"), on("mail", job("b")), in(on("later", job("c")), 60));
		claim(1);
		assertThat(this.queues.names()).containsExactly("default", "later", "mail");
	}

	@Test
	void idsArePagedInTheOrderOfTheRegistry() {
		push("default", "a", "b", "c", "d");
		zadd("rq:wip:default", 20, "e:1");
		zadd("rq:wip:default", 10, "f:2");
		zadd("rq:wip:default", 30, "g");
		zadd("rq:scheduled:default", 1, "s");
		zadd("rq:deferred:default", 1, "t");
		zadd("rq:finished:default", 1, "u");
		zadd("rq:failed:default", 1, "v");
		zadd("rq:canceled:default", 1, "w");
		assertThat(this.queues.ids("default", Registry.QUEUED, 1, 2)).containsExactly("b", "c");
		assertThat(this.queues.ids("default", Registry.QUEUED, 3, 100)).containsExactly("d");
		assertThat(this.queues.ids("default", Registry.QUEUED, 4, 100)).isEmpty();
		assertThat(this.queues.ids("default", Registry.QUEUED, 0, 0)).isEmpty();
		assertThat(this.queues.ids("default", Registry.STARTED, 0, 2)).containsExactly("f", "e");
		assertThat(this.queues.ids("default", Registry.STARTED, 2, 2)).containsExactly("g");
		assertThat(this.queues.ids("default", Registry.SCHEDULED, 0, 9)).containsExactly("s");
		assertThat(this.queues.ids("default", Registry.DEFERRED, 0, 9)).containsExactly("t");
		assertThat(this.queues.ids("default", Registry.FINISHED, 0, 9)).containsExactly("u");
		assertThat(this.queues.ids("default", Registry.FAILED, 0, 9)).containsExactly("v");
		assertThat(this.queues.ids("default", Registry.CANCELED, 0, 9)).containsExactly("w");
		assertThat(this.queues.ids("none", Registry.CANCELED, 0, 9)).isEmpty();
	}

	@Test
	void runsArePagedInTheOrderOfTheirLeases() {
		zadd("rq:wip:default", 20, "e:1");
		zadd("rq:wip:default", 10, "f:2");
		zadd("rq:wip:default", 30, "g");
		assertThat(this.queues.executionIds("default", 0, 2)).containsExactly(new ExecutionId("f", "2"),
				new ExecutionId("e", "1"));
		assertThat(this.queues.executionIds("default", 2, 2)).containsExactly(new ExecutionId("g", null));
		assertThat(this.queues.executionIds("none", 0, 9)).isEmpty();
	}

	private static Map<Registry, Long> sizes(long queued, long started, long scheduled, long deferred, long finished,
			long failed, long canceled, long ready) {
		return Map.of(Registry.QUEUED, queued, Registry.STARTED, started, Registry.SCHEDULED, scheduled,
				Registry.DEFERRED, deferred, Registry.FINISHED, finished, Registry.FAILED, failed, Registry.CANCELED,
				canceled, Registry.READY, ready);
	}

}
