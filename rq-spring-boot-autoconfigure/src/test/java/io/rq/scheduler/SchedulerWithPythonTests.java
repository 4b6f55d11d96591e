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

				redis = Redis.from_url(os.environ['REDIS_URL'])

				def hit(id):
				    redis.hincrby('hits', id, 1)

				def hold(id):
				    redis.rpush('held', id)
				    redis.blpop('release', 60)
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

		stopWhileJobsBecomeDue(worker);
		await().atMost(SchedulerFixture.LONG).until(() -> SchedulerFixture.leads(container, "mail"));
		PythonRq.Worker second = this.python.startWorker("--with-scheduler", "mail");
		scheduleAndAwaitHits();
		assertThat(this.fixture.lock("mail")).isEqualTo(container.state().name());
		assertThat(container.state().queues().get(0).passes().moved()).as("moved while Java leads").isPositive();

		stopWhileJobsBecomeDue(second);
		container.stop();
		this.python.startWorker("--with-scheduler", "mail");
		scheduleAndAwaitHits();
		assertThat(this.fixture.lock("mail")).matches(PYTHON);
	}

	/**
	 * A Python worker that is told to stop when it has just popped a job may forget it
	 * (weak point W3), so it has one in its hands that it knows of.
	 */
	private void stopWhileJobsBecomeDue(PythonRq.Worker worker) {
		this.fixture.schedule("mail", Duration.ZERO, "tasks.hold");
		assertThat(this.fixture.redis().opsForList().leftPop("held", SchedulerFixture.LONG)).isNotNull();
		schedule();
		worker.process().destroy();
		await().atMost(SchedulerFixture.LONG).until(() -> worker.output().contains("arm shut down requested"));
		this.fixture.redis().opsForList().rightPush("release", "");
		assertThat(worker.process().onExit()).succeedsWithin(SchedulerFixture.LONG);
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
