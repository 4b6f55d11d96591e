package io.rq.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.rq.test.PythonRq;
import io.rq.test.RedisTest;
import io.rq.test.RequiresPythonRq;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SchedulerContainer} beside the scheduler of Python RQ. Python workers
 * count how often each job runs, which is how often it was moved.
 */
@RedisTest
@RequiresPythonRq
@Timeout(120)
class SchedulerWithPythonTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration STEP = Duration.ofMillis(120);

	/** What RQ has in the lock: a process id, since 2.10 a name. */
	private static final String PYTHON = "\\d{1,7}|[0-9a-f]{32}";

	private final SchedulerFixture fixture;

	private final PythonRq python;

	private final List<String> ids = new ArrayList<>();

	SchedulerWithPythonTests(TestRedis redis) {
		this.fixture = new SchedulerFixture(redis.connectionFactory());
		this.python = new PythonRq(redis).module("tasks", """
				import os
				from redis import Redis

				def hit(id):
				    Redis.from_url(os.environ['REDIS_URL']).hincrby('hits', id, 1)
				""");
	}

	@AfterEach
	void close() {
		this.fixture.close();
		this.python.close();
	}

	@Test
	void everyJobIsMovedOnceWhoeverLeads() {
		PythonRq.Worker worker = this.python.startWorker("--with-scheduler", "mail");
		await().atMost(SchedulerFixture.LONG).until(() -> this.fixture.lock("mail") != null);
		String python = this.fixture.lock("mail");
		SchedulerContainer container = this.fixture.container(Duration.ofMillis(50), SECOND, "mail");
		container.start();
		scheduleAndAwaitHits();
		assertThat(container.state().queues().get(0).passes().moved()).as("moved while Python leads").isZero();
		assertThat(this.fixture.lock("mail")).isEqualTo(python).matches(PYTHON);

		schedule();
		worker.stop();
		await().atMost(SchedulerFixture.LONG).until(() -> SchedulerFixture.leads(container, "mail"));
		PythonRq.Worker second = this.python.startWorker("--with-scheduler", "mail");
		scheduleAndAwaitHits();
		assertThat(this.fixture.lock("mail")).isEqualTo(container.state().name());
		assertThat(container.state().queues().get(0).passes().moved()).as("moved while Java leads").isPositive();

		schedule();
		second.stop();
		container.stop();
		this.python.startWorker("--with-scheduler", "mail");
		scheduleAndAwaitHits();
		assertThat(this.fixture.lock("mail")).matches(PYTHON);
	}

	private void schedule() {
		this.ids.addAll(this.fixture.scheduleMany("mail", 15, STEP, STEP));
	}

	private void scheduleAndAwaitHits() {
		schedule();
		await().atMost(SchedulerFixture.LONG)
			.untilAsserted(() -> assertThat(this.fixture.redis().opsForHash().size("hits")).isEqualTo(this.ids.size()));
		assertThat(this.fixture.redis().opsForHash().entries("hits")).containsOnlyKeys(this.ids.toArray())
			.allSatisfy((id, hits) -> assertThat(hits).isEqualTo("1"));
	}

}
