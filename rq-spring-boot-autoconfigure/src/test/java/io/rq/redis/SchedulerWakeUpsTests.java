package io.rq.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.ReturnType;

import io.rq.lifecycle.Listeners;
import io.rq.redis.connection.OwnConnections;
import io.rq.test.FaultProxy;
import io.rq.test.RedisClients;
import io.rq.test.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SchedulerWakeUps}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SchedulerWakeUpsTests {

	private final TestRedis redis = TestRedis.start();

	private final SchedulerWakeUps wakeUps = new SchedulerWakeUps(new RedisScripts(this.redis.connectionFactory()));

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void tellsWhichQueueAWakeUpIsFor() throws InterruptedException {
		BlockingQueue<String> heard = new LinkedBlockingQueue<>();
		try (Subscription subscription = this.wakeUps.subscribe(heard::add)) {
			assertThat(subscription).isNotNull();
			publish(KeyLayout.RQ.wake(), "mail");
			assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("mail");
		}
	}

	@Test
	void tellsWhenItHearsNothingMoreThoughItIsConnected() {
		try (FaultProxy proxy = FaultProxy.to(this.redis)) {
			RedisConnectionFactory application = proxy.connect(Duration.ofSeconds(1));
			RedisConnectionFactory own = Objects.requireNonNull(OwnConnections.like(application,
					OwnConnections.Use.engine(Duration.ofSeconds(1)), Listeners.none()));
			try (Subscription subscription = new SchedulerWakeUps(new RedisScripts(own)).subscribe((queue) -> {
			})) {
				assertThat(subscription.isDeaf(Duration.ZERO)).isFalse();
				publish(subscription.probe(), "");
				await().atMost(Duration.ofSeconds(10)).until(() -> !subscription.isDeaf(Duration.ZERO));
				proxy.goDeaf();
				publish(subscription.probe(), "");
				await().atMost(Duration.ofSeconds(20)).until(() -> subscription.isDeaf(Duration.ofSeconds(2)));
			}
			RedisClients.close(own);
			RedisClients.close(application);
		}
	}

	@Test
	void goesOnWhenItsThreadIsInterruptedAndWhenWhoHearsThrows() throws InterruptedException {
		BlockingQueue<String> heard = new LinkedBlockingQueue<>();
		try (Subscription subscription = this.wakeUps.subscribe((queue) -> {
			heard.add(queue);
			Thread.currentThread().interrupt();
			throw new StackOverflowError(queue);
		})) {
			assertThat(subscription).isNotNull();
			for (String queue : List.of("a", "b", "c")) {
				readers().forEach(Thread::interrupt);
				// an interrupt may cost the connection, and what comes before there is
				// another one
				await().atMost(Duration.ofSeconds(30)).until(() -> {
					publish(KeyLayout.RQ.wake(), queue);
					return queue.equals(heard.poll(1, TimeUnit.SECONDS));
				});
			}
		}
		assertThat(listeners()).isZero();
		for (int i = 0; i < 20; i++) {
			assertThat(clients()).isPositive();
		}
	}

	@Test
	void listensNoMoreWhenRedisConfirmsItTooLate() {
		try (FaultProxy proxy = FaultProxy.to(this.redis)) {
			RedisConnectionFactory slow = proxy.connect(Duration.ofSeconds(30));
			proxy.hold((request) -> request.contains("SUBSCRIBE"));
			assertThatThrownBy(() -> new SchedulerWakeUps(new RedisScripts(slow)).subscribe((queue) -> {
			})).isInstanceOf(QueryTimeoutException.class);
			proxy.release();
			await().until(() -> listeners() == 0 && readers().isEmpty());
			RedisClients.close(slow);
		}
	}

	@Test
	void leavesNoConnectionBehindAndLogsNothingItselfWhereRedisForbidsTheChannels(CapturedOutput output) {
		this.redis.setUser("default", "resetchannels");
		fails();
		int clients = clients();
		for (int i = 0; i < 20; i++) {
			fails();
		}
		// Redis may hear of a closed connection after its client has gone on
		await().untilAsserted(() -> assertThat(clients()).isLessThanOrEqualTo(clients));
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void leavesConnectionsThatOthersUseInOrder() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		ExecutorService others = Executors.newFixedThreadPool(3);
		try {
			List<Future<?>> users = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				users.add(others.submit(() -> {
					while (!over.get()) {
						assertThat(clients()).isPositive();
					}
				}));
			}
			for (int i = 0; i < 500; i++) {
				this.wakeUps.subscribe((queue) -> {
				}).close();
			}
			over.set(true);
			for (Future<?> user : users) {
				user.get();
			}
		}
		finally {
			over.set(true);
			others.shutdown();
		}
	}

	private void fails() {
		assertThatThrownBy(() -> this.wakeUps.subscribe((queue) -> {
		})).hasStackTraceContaining("NOPERM");
	}

	private int clients() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			Properties info = connection.serverCommands().info("clients");
			return Integer.parseInt(info.getProperty("connected_clients"));
		}
	}

	private static List<Thread> readers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("rq-subscription-scheduler"))
			.toList();
	}

	private long listeners() {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			return Objects.requireNonNull(connection.scriptingCommands()
				.<Long>eval(AbstractStoreTests.bytes("return redis.call('PUBSUB', 'NUMSUB', KEYS[1])[2]"),
						ReturnType.INTEGER, 1, AbstractStoreTests.bytes(KeyLayout.RQ.wake())));
		}
	}

	private void publish(String channel, String message) {
		try (RedisConnection connection = this.redis.connectionFactory().getConnection()) {
			connection.publish(AbstractStoreTests.bytes(channel), AbstractStoreTests.bytes(message));
		}
	}

}
