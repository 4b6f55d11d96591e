package io.rq.scheduler;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import io.rq.test.OneRedis;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SchedulerContainer} when Redis goes away.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
@OneRedis("stops a server of its own")
class SchedulerOutageTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration LONG = SchedulerFixture.LONG;

	private final TestRedis redis = TestRedis.start("--appendonly", "yes", "--appendfsync", "always");

	private RedisConnectionFactory connections = connections(Duration.ofMillis(500));

	private SchedulerFixture fixture = new SchedulerFixture(this.connections);

	@AfterEach
	void close() {
		this.fixture.close();
		RedisClients.close(this.connections);
		this.redis.close();
	}

	@Test
	void resumesByItselfWithWakeUpsAndLogsTheOutageOnce(CapturedOutput output) {
		SchedulerContainer container = this.fixture.container(LONG, SECOND, "mail");
		container.start();
		await().until(() -> leads(container) && this.redis.subscribers(SchedulerFixture.WAKE) == 1);
		String first = this.fixture.schedule("mail", Duration.ofSeconds(2));
		this.redis.stop();
		await().atMost(LONG).until(() -> container.state().lastFailure() != null && !leads(container));
		await().pollDelay(SECOND).until(() -> container.isRunning());
		this.redis.restart();
		await().atMost(LONG).ignoreExceptions().until(() -> this.fixture.queued("mail").contains(first));
		await().atMost(LONG).until(() -> container.state().lastFailure() == null);
		assertThat(output).containsPattern("rq-scheduler (cannot reach|got no answer from) Redis");
		// told when the round has ended that moved the job
		await().atMost(LONG).untilAsserted(() -> assertThat(output).containsOnlyOnce("rq-scheduler works again"));
		await().atMost(LONG).until(() -> this.redis.subscribers(SchedulerFixture.WAKE) == 1);
		String second = this.fixture.schedule("mail", Duration.ofMillis(100));
		await().until(() -> this.fixture.queued("mail").contains(second));
	}

	@Test
	void startsWithoutRedisAndLeadsWhenItIsThere() {
		this.redis.stop();
		SchedulerContainer container = this.fixture.container(LONG, SECOND, "mail");
		container.start();
		await().atMost(LONG).until(() -> container.state().lastFailure() != null);
		assertThat(container.isRunning()).isTrue();
		this.redis.restart();
		await().atMost(LONG)
			.ignoreExceptions()
			.until(() -> leads(container) && this.redis.subscribers(SchedulerFixture.WAKE) == 1);
		await().atMost(LONG).until(() -> container.state().lastFailure() == null);
	}

	@Test
	void lockThatRedisForgotIsTakenAgain() {
		SchedulerContainer container = this.fixture.container(Duration.ofMillis(100), LONG, "mail");
		container.start();
		await().until(() -> leads(container));
		this.redis.flush();
		await().until(() -> container.state().name().equals(this.fixture.lock("mail")));
		String id = this.fixture.schedule("mail", Duration.ofMillis(1));
		await().until(() -> this.fixture.queued("mail").contains(id));
	}

	@Test
	void stopIsBoundedWhileRedisDoesNotAnswer() {
		RedisClients.close(this.connections);
		// with Lettuce a stop does not wait for the command, with Jedis it has to
		this.connections = connections(RedisClients.name().equals("jedis") ? SECOND.multipliedBy(2) : LONG);
		this.fixture = new SchedulerFixture(this.connections);
		SchedulerContainer container = this.fixture.container(Duration.ofMillis(10), SECOND.multipliedBy(3), "mail");
		container.start();
		await().until(() -> leads(container) && this.redis.subscribers(SchedulerFixture.WAKE) == 1);
		this.redis.pause();
		long start = System.nanoTime();
		container.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		assertThat(container.isRunning()).isFalse();
		this.redis.resume();
		container.start();
		await().atMost(LONG).until(() -> leads(container));
	}

	private static boolean leads(SchedulerContainer container) {
		return SchedulerFixture.leads(container, "mail");
	}

	private RedisConnectionFactory connections(Duration timeout) {
		return RedisClients.connect(this.redis.host(), this.redis.port(), timeout);
	}

}
