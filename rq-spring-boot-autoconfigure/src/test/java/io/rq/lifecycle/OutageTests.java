package io.rq.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.QueryTimeoutException;

import io.rq.log.SafeLog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Outage}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageTests {

	private static final SafeLog log = SafeLog.of(OutageTests.class);

	private final AtomicLong time = new AtomicLong();

	private final Outage outage = new Outage(this.time::get);

	private void tell(String message) {
		this.outage.tell(log, "loop", null, new IllegalStateException(message));
	}

	@Test
	void tellsTroublesOfOneClassApartByTheirMessages(CapturedOutput output) {
		tell("first");
		tell("second");
		tell("first");
		assertThat(output).containsOnlyOnce("IllegalStateException: first")
			.containsOnlyOnce("IllegalStateException: second");
	}

	@Test
	void tellsATroubleThatLastsOnceAMinute(CapturedOutput output) {
		for (int second = 0; second < 150; second += 10) {
			this.time.set(Duration.ofSeconds(second).toNanos());
			tell("lasting");
		}
		assertThat(output.getOut().split("IllegalStateException: lasting")).hasSize(1 + 3);
	}

	@Test
	void tellsATroubleOfEachQueueButOnlyOnceThatRedisIsAway(CapturedOutput output) {
		for (String queue : new String[] { "a", "b" }) {
			this.outage.tell(log, "queue " + queue, queue, new IllegalStateException("same"));
			this.outage.tell(log, "queue " + queue, queue, new DataAccessResourceFailureException("away"));
		}
		assertThat(output).contains("queue a failed", "queue b failed", "queue a cannot reach Redis")
			.doesNotContain("queue b cannot reach Redis");
	}

	@Test
	void saysWhetherRedisIsAwayOrRefuses(CapturedOutput output) {
		this.outage.tell(log, "gone", null,
				new DataAccessResourceFailureException("no", new IllegalStateException("Connection refused")));
		this.outage.tell(log, "mute", null, new QueryTimeoutException("Command timed out"));
		this.outage.tell(log, "wrong", null, new InvalidDataAccessApiUsageException("no",
				new IllegalStateException("WRONGTYPE Operation against a key holding the wrong kind of value")));
		this.outage.tell(log, "denied", null, new InvalidDataAccessApiUsageException("no",
				new IllegalStateException("NOPERM this user has no permissions")));
		assertThat(output).contains("gone cannot reach Redis", "mute got no answer from Redis",
				"wrong was refused by Redis", "denied was refused by Redis");
	}

}
