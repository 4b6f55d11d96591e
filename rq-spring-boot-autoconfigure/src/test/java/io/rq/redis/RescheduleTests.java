package io.rq.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.rq.job.IllegalJobStateException;
import io.rq.job.JobStatus;
import io.rq.queue.Registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the reschedule script.
 */
class RescheduleTests extends AbstractStoreTests {

	private static final Instant LATER = Instant.parse("2099-01-31T12:00:00.250Z");

	private final JobChanges changes = this.jobs.changes();

	@Test
	void onlyTheDueTimeChanges() {
		enqueue(in(job("a"), 60));
		enqueue(in(job("b"), 120));
		Map<String, String> before = this.redis.state().hash("rq:job:a");
		assertThat(this.changes.reschedule("a", LATER)).isTrue();
		assertThat(score("rq:scheduled:default", "a")).isEqualTo(LATER.toEpochMilli() / 1000.0);
		assertThat(this.redis.state().hash("rq:job:a")).isEqualTo(before);
		assertThat(this.redis.state().ttl("rq:job:a")).isEqualTo(-1);
		assertThat(this.jobs.time("default", Registry.SCHEDULED, "a")).contains(LATER);
	}

	/** W37. */
	@Test
	void itIsNotGoneBeforeItIsDue() {
		enqueue(in(job("a", PLAIN.withTtl(Duration.ofMinutes(5))), 60));
		this.changes.reschedule("a", Instant.ofEpochSecond((long) now() + 3600));
		assertThat(this.redis.state().ttl("rq:job:a")).isBetween(3880L, 3910L);
		this.changes.reschedule("a", Instant.EPOCH);
		assertThat(this.redis.state().ttl("rq:job:a")).isBetween(290L, 300L);
	}

	@Test
	void schedulersAreWokenIfItIsTheNextOne() throws Exception {
		enqueue(in(job("a"), 600));
		enqueue(in(job("b"), 900));
		BlockingQueue<String> woken = new LinkedBlockingQueue<>();
		try (Subscription subscription = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()))
			.subscribe(woken::add)) {
			assertThat(subscription).isNotNull();
			this.changes.reschedule("b", LATER);
			this.changes.reschedule("b", Instant.ofEpochSecond((long) now() + 60));
			this.template.convertAndSend("rq:scheduler-wake", "end");
			assertThat(woken.poll(10, TimeUnit.SECONDS)).isEqualTo("default");
			assertThat(woken.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "SCHEDULED")
	void anyOtherJobIsLeftAlone(JobStatus status) {
		python("a", "status", status.value());
		String before = state();
		assertThatExceptionOfType(IllegalJobStateException.class).isThrownBy(() -> this.changes.reschedule("a", LATER))
			.withMessageContainingAll("'a'", "not rescheduled", "'" + status.value() + "'. ");
		assertThat(state()).isEqualTo(before);
		assertThat(this.changes.reschedule("none", LATER)).isFalse();
	}

	@Test
	void timeThatNobodyCouldReadIsRefused() {
		enqueue(in(job("a"), 60));
		String before = state();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.changes.reschedule("a", Instant.parse("+10000-01-01T00:00:00Z")))
			.withMessageContaining("9999");
		assertThat(state()).isEqualTo(before);
	}

	@Test
	void keyOfAnotherTypeIsNamedAndNothingIsChanged() {
		python("a", "status", "scheduled");
		this.template.opsForValue().set("rq:scheduled:default", "text");
		String before = state();
		assertThatExceptionOfType(ScriptRefusedException.class).isThrownBy(() -> this.changes.reschedule("a", LATER));
		assertThat(state()).isEqualTo(before);
	}

}
