package io.rq.redis.connection;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import io.rq.lifecycle.Listeners;
import io.rq.redis.KeyLayout;
import io.rq.redis.connection.OwnConnections.Use;
import io.rq.test.FaultProxy;
import io.rq.test.TestRedis;
import io.rq.test.TestSentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SentinelWatchTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis primary = TestRedis.start("--repl-diskless-sync-delay", "0");

	private final TestRedis replica = TestRedis.start("--replicaof", "127.0.0.1", String.valueOf(this.primary.port()));

	private final TestSentinel sentinel = TestSentinel.watch(this.primary);

	private final FaultProxy proxy = FaultProxy.to(this.sentinel);

	private final RedisClient client = RedisClient.create();

	private final AtomicInteger calls = new AtomicInteger();

	private final SentinelWatch watch = new SentinelWatch(this.client,
			RedisURI.Builder.sentinel("127.0.0.1", this.proxy.port(), TestSentinel.MASTER).build(),
			this.calls::incrementAndGet);

	@BeforeEach
	void listen() {
		this.client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		this.watch.start();
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().size() == 1);
	}

	@AfterEach
	void close() {
		this.watch.stop();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
		this.proxy.close();
		this.sentinel.close();
		this.replica.close();
		this.primary.close();
	}

	@Test
	void hearsOfANewPrimaryOnce() {
		this.sentinel.failover();
		this.sentinel.awaitFailover(this.primary);
		await().atMost(PATIENCE).until(() -> this.calls.get() > 0);
		this.proxy.cut();
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().size() == 0);
		await().atMost(PATIENCE).until(() -> this.sentinel.listeners().size() == 1);
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void asksWhatItMissedWhileTheSentinelWasAway() {
		this.proxy.accept(false);
		this.sentinel.failover();
		this.sentinel.awaitFailover(this.primary);
		assertThat(this.calls).hasValue(0);
		this.proxy.accept(true);
		await().atMost(PATIENCE).until(() -> this.calls.get() == 1);
	}

	@Test
	void connectionsHaveOneThatEndsWithThem() {
		LettuceConnectionFactory application = new LettuceConnectionFactory(
				new RedisSentinelConfiguration(TestSentinel.MASTER, Set.of("127.0.0.1:" + this.sentinel.port())));
		LettuceConnections connections = Objects.requireNonNull((LettuceConnections) LettuceConnections
			.like(application, KeyLayout.RQ::clusterKey, Use.APPLICATION, Listeners.none()));
		connections.start();
		assertThat(watches()).isEqualTo(2);
		connections.stop();
		assertThat(watches()).isEqualTo(1);
		connections.start();
		assertThat(watches()).isEqualTo(2);
		connections.destroy();
		assertThat(watches()).isEqualTo(1);
	}

	/** This test has one itself. */
	private static long watches() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("rq-sentinel-watch"))
			.count();
	}

	@Test
	void noticesThatItHearsNothingMore() {
		this.proxy.goDeaf();
		this.sentinel.failover();
		await().atMost(PATIENCE).until(() -> this.calls.get() == 1);
	}

}
