package io.rq.template;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.job.IllegalJobStateException;
import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.job.JobStatus;
import io.rq.job.Partitions;
import io.rq.queue.QueuePosition;
import io.rq.queue.Registry;
import io.rq.redis.QueueControl;
import io.rq.redis.QueueStore;
import io.rq.redis.RedisScripts;
import io.rq.redis.WorkerStore;
import io.rq.test.TestRedis;
import io.rq.test.TestStores;

import static io.rq.test.TestStores.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link QueueTemplate}, and for what {@link JobTemplate} does with jobs on
 * demand.
 */
class QueueTemplateTests extends AbstractControlTests {

	private final QueueTemplate queues;

	QueueTemplateTests(TestRedis redis) {
		super(redis);
		RedisScripts scripts = TestStores.scripts(redis.connectionFactory());
		Clock clock = Clock.systemUTC();
		this.queues = new QueueTemplate(new QueueStore(scripts), TestStores.jobs(scripts, clock),
				new WorkerStore(scripts, clock), new QueueControl(scripts, clock), Duration.ofHours(1),
				new Partitions(Map.of("divided", 3)));
	}

	@Test
	void allPartitionsOfADividedQueueAreMeant() {
		List<String> ids = Stream.of("divided", "divided.0", "divided.2")
			.flatMap((queue) -> this.jobs
				.enqueueAll(IntStream.range(0, 3).mapToObj((i) -> JobRequest.of("f").queue(queue)).toList())
				.stream())
			.map(Job::id)
			.toList();
		assertThat(this.queues.count("divided")).isEqualTo(this.queues.count("divided", Registry.QUEUED)).isEqualTo(9);
		assertThat(this.queues.count("divided.2")).isEqualTo(3);
		assertThat(this.queues.ids("divided", Registry.QUEUED, 0, 100)).isEqualTo(ids);
		assertThat(this.queues.ids("divided", Registry.QUEUED, 2, 5)).isEqualTo(ids.subList(2, 7));
		assertThat(this.queues.jobs("divided", Registry.QUEUED, 8, 5)).extracting(Job::id).containsExactly(ids.get(8));
		assertThat(this.queues.position("divided", ids.get(4))).map(QueuePosition::before).contains(1L);
		this.queues.pause("divided", "holiday");
		assertThat(this.queues.isPaused("divided")).isTrue();
		assertThat(this.queues.pauses()).containsOnlyKeys("divided", "divided.0", "divided.1", "divided.2");
		this.queues.unpause("divided.1");
		assertThat(this.queues.isPaused("divided")).isFalse();
		assertThat(this.queues.unpause("divided")).isTrue();
		assertThat(this.queues.unpause("divided")).isFalse();
		assertThat(this.queues.remove("divided", ids.get(8))).isTrue();
		assertThat(this.queues.remove("divided", ids.get(8))).isFalse();
		assertThat(this.queues.empty("divided")).isEqualTo(8);
		assertThat(this.queues.delete("divided")).isTrue();
		assertThat(this.queues.names()).isEmpty();
	}

	@Test
	void queuesAreCountedAndReadInPages() {
		this.jobs.enqueueAll(IntStream.range(0, 25).mapToObj((i) -> JobRequest.of("f").id("j" + i)).toList());
		this.jobs.enqueue(JobRequest.of("f").id("later").in(Duration.ofMinutes(1)));
		this.jobs.enqueue(JobRequest.of("f").queue("other"));
		this.template.delete(key("rq:job:j11"));
		assertThat(this.queues.names()).containsExactly("default", "other");
		assertThat(this.queues.count("default")).isEqualTo(25);
		assertThat(this.queues.count("default", Registry.SCHEDULED)).isEqualTo(1);
		assertThat(this.queues.ids("default", Registry.QUEUED, 10, 3)).containsExactly("j10", "j11", "j12");
		assertThat(this.queues.jobs("default", Registry.QUEUED, 10, 3)).extracting(Job::id)
			.containsExactly("j10", "j12");
		assertThat(this.queues.jobs("default", Registry.SCHEDULED, 0, 1000)).extracting(Job::status)
			.containsExactly(JobStatus.SCHEDULED);
		assertThat(this.queues.jobs("default", Registry.QUEUED, 25, 10)).isEmpty();
		assertThat(this.queues.position("default", "j12")).contains(new QueuePosition(12, true));
	}

	@Test
	void jobsAreChangedOnDemand() {
		Job a = this.jobs.enqueue("f");
		Job b = this.jobs.enqueue("f");
		assertThat(this.jobs.cancel(a.id())).isTrue();
		assertThat(this.jobs.find(a.id()).orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
		assertThat(this.jobs.requeue(a.id(), true)).isTrue();
		assertThat(this.queues.ids("default", Registry.QUEUED, 0, 10)).containsExactly(a.id(), b.id());
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.jobs.requeue(a.id()));
		assertThat(this.queues.remove("default", a.id())).isTrue();
		assertThat(this.jobs.requeueAll(List.of(a.id(), b.id()))).isEqualTo(1);
		assertThat(this.jobs.requeueAll("default")).isZero();
		assertThat(this.jobs.delete(a.id())).isTrue();
		assertThat(this.jobs.exists(a.id())).isFalse();
		assertThat(this.jobs.findAll(List.of(a.id(), "not:valid", b.id()))).extracting(Job::id).containsExactly(b.id());
		assertThat(this.jobs.executions(b.id())).isEmpty();
		assertThat(this.queues.empty("default")).isEqualTo(1);
		assertThat(this.queues.compact("default")).isZero();
		assertThat(this.queues.delete("default")).isTrue();
		assertThat(this.queues.names()).isEmpty();
	}

	@Test
	void scheduledJobsRunNowOrAtAnotherTime() {
		Job a = this.jobs.enqueueIn(Duration.ofMinutes(1), "f");
		Job b = this.jobs.enqueueIn(Duration.ofMinutes(1), "f");
		Instant time = Instant.parse("2099-01-31T12:00:00Z");
		assertThat(this.jobs.reschedule(b.id(), time)).isTrue();
		assertThat(this.jobs.scheduledTime(b.id())).contains(time);
		assertThat(this.jobs.runNow(a.id())).isTrue();
		assertThat(this.jobs.runNow(b.id(), true)).isTrue();
		assertThat(this.queues.ids("default", Registry.QUEUED, 0, 10)).containsExactly(b.id(), a.id());
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.jobs.runNow(a.id()))
			.withMessageContaining("waits on its queue already");
	}

	@Test
	void jobsAreMoved() {
		Job job = this.jobs.enqueue("f");
		assertThat(this.jobs.move(job.id(), "other")).isTrue();
		assertThat(this.jobs.find(job.id()).orElseThrow().queue()).isEqualTo("other");
		assertThat(this.queues.ids("other", Registry.QUEUED, 0, 10)).containsExactly(job.id());
		assertThat(this.jobs.move("a:b", "other")).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.move(job.id(), "a,b"));
	}

	@Test
	void idsThatNoJobCanHaveAreUnknown() {
		assertThat(this.jobs.cancel("a:b")).isFalse();
		assertThat(this.jobs.requeue("a:b")).isFalse();
		assertThat(this.jobs.delete("a:b")).isFalse();
		assertThat(this.jobs.runNow("a:b")).isFalse();
		assertThat(this.jobs.reschedule("a:b", Instant.EPOCH)).isFalse();
		assertThat(this.jobs.exists("a:b")).isFalse();
		assertThat(this.jobs.executions("a:b")).isEmpty();
		assertThat(this.queues.position("default", "a:b")).isEmpty();
		assertThat(this.queues.remove("default", "a:b")).isFalse();
	}

	@Test
	void workersAreSuspendedForAWhileOrUntilTheyAreResumed() {
		this.queues.suspend();
		assertThat(this.queues.isSuspended()).isTrue();
		this.queues.suspend(Duration.ofMinutes(1));
		assertThat(this.template.getExpire("rq:suspended")).isBetween(50L, 60L);
		assertThat(this.queues.resume()).isTrue();
		assertThat(this.queues.isSuspended()).isFalse();
		for (Duration none : List.of(Duration.ZERO, Duration.ofMillis(1500), Duration.ofSeconds(-1),
				Duration.ofDays(36_526))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.queues.suspend(none))
				.withMessageContaining("'duration'");
		}
	}

	@Test
	void queueIsPausedUntilItIsUnpaused() {
		this.queues.pause("default", "the disk is full");
		assertThat(this.queues.isPaused("default")).isTrue();
		assertThat(this.queues.isPaused("other")).isFalse();
		assertThat(this.queues.pauses()).hasEntrySatisfying("default", (pause) -> {
			assertThat(pause.since()).isBetween(Instant.now().minusSeconds(10), Instant.now());
			assertThat(pause.reason()).isEqualTo("the disk is full");
		});
		assertThat(this.queues.unpause("default")).isTrue();
		assertThat(this.queues.unpause("default")).isFalse();
		assertThat(this.queues.isPaused("default")).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> this.queues.pause("default", "x".repeat(501)))
			.withMessageContaining("'reason'");
	}

	static Stream<Runnable> malformed() {
		QueueTemplate queues = new QueueTemplateTests(TestRedis.shared()).queues;
		return Stream.of(() -> queues.count("a,b"), () -> queues.count("a,b", Registry.FAILED),
				() -> queues.ids("a,b", Registry.FAILED, 0, 1), () -> queues.jobs("a,b", Registry.FAILED, 0, 1),
				() -> queues.position("a,b", "x"), () -> queues.remove("a,b", "x"), () -> queues.empty("a,b"),
				() -> queues.delete("a,b"), () -> queues.pause("a,b", ""), () -> queues.unpause("a,b"),
				() -> queues.isPaused("a,b"), () -> queues.compact("a,b"),
				() -> queues.ids("default", Registry.FAILED, -1, 1), () -> queues.ids("default", Registry.FAILED, 0, 0),
				() -> queues.ids("default", Registry.FAILED, 0, 1001));
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void malformedNamesAndPagesAreRefused(Runnable call) {
		assertThatIllegalArgumentException().isThrownBy(call::run);
	}

}
