package io.rq.redis;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkerCommands}. What it shares with the wake-ups of schedulers is
 * tested in {@link SchedulerWakeUpsTests}.
 */
@Timeout(60)
class WorkerCommandsTests {

	private final TestRedis redis = TestRedis.start();

	private final WorkerCommands commands = new WorkerCommands(new RedisScripts(this.redis.connectionFactory()), "w1");

	private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

	private final WorkerCommands.Listener listener = new WorkerCommands.Listener() {

		@Override
		public void commanded(String message) {
			WorkerCommandsTests.this.heard.add(message);
		}

		@Override
		public void subscriptionLost() {
			WorkerCommandsTests.this.heard.add("lost");
		}

	};

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void messagesToTheWorkerAreHeardAndItsOwnSignsAreNot() throws InterruptedException {
		try (Subscription subscription = this.commands.subscribe(this.listener)) {
			this.commands.probe(subscription.probe());
			new StringRedisTemplate(this.redis.connectionFactory()).convertAndSend("rq:pubsub:w2", "other");
			new StringRedisTemplate(this.redis.connectionFactory()).convertAndSend("rq:pubsub:w1", "shutdown");
			assertThat(this.heard.poll(30, TimeUnit.SECONDS)).isEqualTo("shutdown");
		}
		assertThat(this.heard).isEmpty();
	}

	@Test
	void whereRedisForbidsTheChannelTheExceptionSaysWhatToGrant() {
		this.redis.setUser("default", "resetchannels");
		assertThatExceptionOfType(ChannelForbiddenException.class)
			.isThrownBy(() -> this.commands.subscribe(this.listener))
			.withMessageContaining("rq:pubsub:w1")
			.withMessageContaining("&rq:*");
		assertThatExceptionOfType(ChannelForbiddenException.class)
			.isThrownBy(() -> this.commands.probe("rq:worker-probe:1"));
	}

}
