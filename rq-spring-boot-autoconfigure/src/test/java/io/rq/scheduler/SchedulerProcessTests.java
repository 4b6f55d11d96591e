package io.rq.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.rq.test.OneRedis;
import io.rq.test.RedisTest;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for schedulers in two processes, of which one is halted or killed.
 */
@RedisTest
@Timeout(180)
@OneRedis("its processes know one server")
class SchedulerProcessTests {

	private static final Duration LEASE = Duration.ofSeconds(3);

	private static final Duration LONG = SchedulerFixture.LONG;

	private final TestRedis redis;

	private final SchedulerFixture fixture;

	private final List<String> ids = new ArrayList<>();

	SchedulerProcessTests(TestRedis redis) {
		this.redis = redis;
		this.fixture = new SchedulerFixture(redis.connectionFactory());
	}

	@Test
	void leaderHaltedPastItsLeaseMovesNothingTwiceWhenItGoesOn() {
		try (SchedulerProcess first = SchedulerProcess.start(this.redis, "mail", LEASE)) {
			await().atMost(LONG).until(() -> first.role().equals("leader"));
			try (SchedulerProcess second = SchedulerProcess.start(this.redis, "mail", LEASE)) {
				await().atMost(LONG).until(() -> second.role().equals("standby"));
				schedule(400);
				await().until(() -> this.fixture.queued("mail").size() > 50);
				first.signal("STOP");
				await().atMost(LONG).until(() -> second.role().equals("leader"));
				first.signal("CONT");
				await().atMost(LONG).until(() -> this.fixture.queued("mail").size() >= this.ids.size());
				await().atMost(LONG).until(() -> first.role().equals("standby"));
				assertMovedOnce();
				schedule(50);
				second.signal("KILL");
				await().atMost(LONG).until(() -> first.role().equals("leader"));
				await().atMost(LONG).until(() -> this.fixture.queued("mail").size() >= this.ids.size());
				assertMovedOnce();
			}
		}
	}

	private void schedule(int count) {
		this.ids.addAll(this.fixture.scheduleMany("mail", count, Duration.ofMillis(200), Duration.ofMillis(10)));
	}

	private void assertMovedOnce() {
		assertThat(this.fixture.queued("mail")).containsExactlyInAnyOrderElementsOf(this.ids);
	}

}
